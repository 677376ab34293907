"""The trained model: which one belongs to the present data, and how to make it."""

import hashlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from core.settings import ROOT

MODELS = ROOT / "models"
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
KEPT = 3
"""Models kept for a roll-back."""


class ModelError(RuntimeError):
    """There is no usable model; the message says what to do."""


def _inputs() -> Iterator[Path]:
    """Every file that the model is made of, in a fixed order."""
    for pattern in ("nlu/**/*.yml", "nlu/**/*.py", "training/*.py", "stories/**/*.yml", "domain/**/*.yml"):
        yield from sorted(ROOT.glob(pattern))
    # the guard's danger model sees texts through these; its copy of the rules' words stands in its file
    for name in ("danger_features", "danger_model", "wording"):
        yield ROOT / "core" / f"{name}.py"
    for name in ("danger", "lookalikes"):
        yield ROOT / "tests" / "safety" / f"guard_{name}.csv"
    yield ROOT / "config.yml"
    yield ROOT / "env" / "rasa.lock"


def fingerprint() -> str:
    """Twelve hex digits that change whenever data, config or components change."""
    total = hashlib.sha256()
    for path in _inputs():
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()[:12]


def model_path() -> Path:
    """Where the model of the present data is, or will be."""
    return MODELS / f"desmi-{fingerprint()}.tar.gz"


def danger_path() -> Path:
    """Where the guard's danger model of the present data is, or will be."""
    return MODELS / f"danger-{fingerprint()}.npz"


def require_model() -> Path:
    """The model of the present data; raises `ModelError` when it is not trained."""
    path = model_path()
    if not path.exists():
        raise ModelError("The model is not trained for the present data. Run: desmi train")
    return path


def rasa_environment() -> dict[str, str]:
    """Environment of every Rasa process: our components importable, no telemetry, one worker."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "SANIC_WORKERS": "1",
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
    }


def _keep_newest(pattern: str) -> None:
    for old in sorted(MODELS.glob(pattern), key=lambda p: p.stat().st_mtime, reverse=True)[KEPT:]:
        old.unlink()


def _train_danger(path: Path) -> None:
    print("Training the guard's danger model ...", flush=True)
    command = [str(RASA_PYTHON), "-m", "training.danger", "--out", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=rasa_environment(), stdin=subprocess.DEVNULL, check=False)  # noqa: S603
    if done.returncode != 0 or not path.exists():
        raise ModelError(
            f"Training the danger model failed (exit code {done.returncode}); the lines above say why."
        )


def train(force: bool = False) -> Path:
    """Train Rasa's model and the guard's if the data changed (or `force`); shows progress on standard error.

    Returns:
        The path of Rasa's model; the guard's is `danger_path()`.

    Raises:
        ModelError: Rasa could not train; its output says why.
    """
    path, danger = model_path(), danger_path()
    if path.exists() and danger.exists() and not force:
        return path
    if not RASA_PYTHON.exists():
        raise ModelError("Rasa's environment is missing. Run: make setup")
    MODELS.mkdir(exist_ok=True)
    started = time.monotonic()
    if force or not danger.exists():
        _train_danger(danger)
        _keep_newest("danger-*.npz")
    if path.exists() and not force:
        return path
    print("Training the model (one to two minutes on a small machine) ...", flush=True)
    name = path.name.removesuffix(".tar.gz")
    part = f"part-{os.getpid()}-{name}"
    command = [
        str(RASA_PYTHON), "-m", "nlu.launcher", "train", "--config", "config.yml", "--domain", "domain",
        "--data", "nlu", "stories", "--out", str(MODELS), "--fixed-model-name", part, "--force",
    ]  # fmt: skip
    # the command is ours alone, nothing of it comes from outside
    done = subprocess.run(command, cwd=ROOT, env=rasa_environment(), stdin=subprocess.DEVNULL, check=False)  # noqa: S603
    made = MODELS / f"{part}.tar.gz"
    if done.returncode != 0 or not made.exists():
        raise ModelError(f"Training failed (exit code {done.returncode}); the lines above say why.")
    made.replace(path)
    _keep_newest("desmi-*.tar.gz")
    print(f"Trained {path.name} in {time.monotonic() - started:.0f} s", flush=True)
    return path
