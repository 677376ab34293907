"""The trained model: which one belongs to the present data, and how to make it."""

import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.keys import load_keys
from core.learning import overlay
from core.settings import ROOT, settings

MODELS = ROOT / "models"
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
KEPT = 5
"""Models kept: the one in use, three to go back to, and one that is being tried."""


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


def _learned() -> Path:
    return settings().data_dir / overlay.FOLDER


def fingerprint(learned: Path | None = None) -> str:
    """Twelve hex digits that change whenever data, config or components change.

    `learned` is the folder of learnt sentences that count as data, too; by default there is none.
    """
    total = hashlib.sha256()
    for path in _inputs():
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(path.read_bytes())
    for path in sorted(learned.glob("*.yml")) if learned else ():
        total.update(path.name.encode())
        total.update(path.read_bytes())
    for mark in sorted(overlay.withdrawn(settings().data_dir)):
        total.update(mark)
    return total.hexdigest()[:12]


def model_path(learned: Path | None = None) -> Path:
    """Where the model of the present data is, or will be; `learned` stands in place of what was learnt up to now."""
    return MODELS / f"desmi-{fingerprint(learned or _learned())}.tar.gz"


def danger_path() -> Path:
    """Where the guard's danger model of the present data is, or will be; it learns from files alone."""
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


@contextmanager
def _sentences() -> Iterator[str]:
    """The folder with the training sentences: `nlu`, or a copy without those that were taken back."""
    left_out = overlay.withdrawn(settings().data_dir)
    if not left_out:
        yield "nlu"
        return
    with tempfile.TemporaryDirectory(prefix="desmi-nlu-") as folder:
        overlay.stage(ROOT / "nlu", Path(folder), load_keys(settings()), left_out)
        yield folder


def train(force: bool = False, learned: Path | None = None) -> Path:
    """Train Rasa's model and the guard's if the data changed (or `force`); shows progress on standard error.

    Args:
        force: Train although nothing changed.
        learned: Folder of learnt sentences in place of those learnt up to now, to try them.

    Returns:
        The path of Rasa's model; the guard's is `danger_path()`.

    Raises:
        ModelError: Rasa could not train; its output says why.
    """
    path, danger = model_path(learned), danger_path()
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
    taught = map(str, sorted((learned or _learned()).glob("*.yml")))
    with _sentences() as sentences:
        command = [
            str(RASA_PYTHON), "-m", "nlu.launcher", "train", "--config", "config.yml", "--domain", "domain",
            "--data", sentences, *taught, "stories", "--out", str(MODELS), "--fixed-model-name", part, "--force",
        ]  # fmt: skip
        # the command is ours alone, nothing of it comes from outside
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env=rasa_environment(), stdin=subprocess.DEVNULL, check=False
        )
    made = MODELS / f"{part}.tar.gz"
    if done.returncode != 0 or not made.exists():
        raise ModelError(f"Training failed (exit code {done.returncode}); the lines above say why.")
    made.replace(path)
    _keep_newest("desmi-*.tar.gz")
    print(f"Trained {path.name} in {time.monotonic() - started:.0f} s", flush=True)
    return path
