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


# Each model has a fingerprint of its own: a changed answer leaves the guard as it is, a changed rule the topics.
_SHARED = (
    "nlu/**/*.yml", "nlu/components/softmax.py", "nlu/components/vectors.py", "encoder/*.py", "encoder/graph.onnx",
    "env/rasa.lock",
)  # fmt: skip
_TOPICS = (*_SHARED, "nlu/**/*.py", "stories/**/*.yml", "domain/**/*.yml", "config.yml")
# the danger model sees texts through these; its copy of the rules' words stands in its file
_DANGER = (
    *_SHARED, "training/danger.py", "core/danger_features.py", "core/danger_model.py", "core/wording.py",
    "tests/safety/guard_danger.csv", "tests/safety/guard_lookalikes.csv",
)  # fmt: skip


def _learned() -> Path:
    return settings().data_dir / overlay.FOLDER


def fingerprint(learned: Path | None = None, patterns: tuple[str, ...] = _TOPICS) -> str:
    """Twelve hex digits that change whenever a file changes that the model (Rasa's, if not said) is made of.

    `learned` is the folder of learnt sentences that count as data, too; by default there is none.
    """
    total = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern)}):
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
    return MODELS / f"danger-{fingerprint(patterns=_DANGER)}.npz"


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
    }


def _keep_newest(pattern: str) -> None:
    for old in sorted(MODELS.glob(pattern), key=lambda p: p.stat().st_mtime, reverse=True)[KEPT:]:
        old.unlink()


def _start(*arguments: str) -> subprocess.Popen[bytes]:
    command = [str(RASA_PYTHON), "-m", *arguments]
    # the command is ours alone, nothing of it comes from outside
    return subprocess.Popen(command, cwd=ROOT, env=rasa_environment(), stdin=subprocess.DEVNULL)  # noqa: S603


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
    """Train Rasa's model and the guard's, both at once, each if its data changed (or `force`).

    Progress goes to standard error.

    Args:
        force: Train although nothing changed.
        learned: Folder of learnt sentences in place of those learnt up to now, to try them.

    Returns:
        The path of Rasa's model; the guard's is `danger_path()`.

    Raises:
        ModelError: A training failed; its output says why.
    """
    path, danger = model_path(learned), danger_path()
    todo = [made for made in (path, danger) if force or not made.exists()]
    if not todo:
        return path
    if not RASA_PYTHON.exists():
        raise ModelError("Rasa's environment is missing. Run: make setup")
    MODELS.mkdir(exist_ok=True)
    started = time.monotonic()
    print("Training (one to two minutes on a small machine) ...", flush=True)
    part = MODELS / f"part-{os.getpid()}-{path.name}"
    taught = map(str, sorted((learned or _learned()).glob("*.yml")))
    running: dict[Path, subprocess.Popen[bytes]] = {}
    with _sentences() as sentences:
        try:
            if danger in todo:
                running[danger] = _start("training.danger", "--out", str(danger))
            if path in todo:
                running[path] = _start(
                    "nlu.launcher", "train", "--config", "config.yml", "--domain", "domain",
                    "--data", sentences, *taught, "stories", "--out", str(MODELS),
                    "--fixed-model-name", part.name.removesuffix(".tar.gz"), "--force",
                )  # fmt: skip
            codes = {made: process.wait() for made, process in running.items()}
        finally:
            for process in running.values():
                if process.poll() is None:
                    process.terminate()
                    process.wait()
    if part.exists():
        part.replace(path)
    for made, code in codes.items():
        if code != 0 or not made.exists():
            raise ModelError(f"Training {made.name} failed (exit code {code}); the lines above say why.")
    _keep_newest("danger-*.npz")
    _keep_newest("desmi-*.tar.gz")
    names = " and ".join(made.name for made in todo)
    print(f"Trained {names} in {time.monotonic() - started:.0f} s", flush=True)
    return path
