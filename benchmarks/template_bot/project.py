"""Make the template bot: `rasa init` with Rasa's own files in a work folder, trained once."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from core.settings import ROOT

PYTHON = ROOT / ".venv-template" / "bin" / "python"
LAUNCHER = ROOT / "benchmarks" / "template_bot" / "launcher.py"
FOLDER = ROOT / "var" / "benchmark" / "template"
USERNAME = "template_uji_bot"
TOKEN = "200000:benchmark"

CREDENTIALS = """\
telegram:
  access_token: "{token}"
  verify: "{username}"
  webhook_url: "http://127.0.0.1:{port}/webhooks/telegram/webhook"
"""


def environment(api_url: str = "http://127.0.0.1:9") -> Mapping[str, str]:
    """What the template bot's processes get: no telemetry, the given Bot API server."""
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "BENCHMARK_API_URL": api_url,
        "PYTHONWARNINGS": "ignore",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


def make_project() -> Path:
    """The folder of the trained template bot; made and trained (one to three minutes) when it is not there."""
    if not any((FOLDER / "models").glob("*.tar.gz")):
        if not PYTHON.exists():
            raise SystemExit("The template bot's environment is missing; `make benchmark` builds it.")
        print("Making and training the template bot (rasa init), once ...", flush=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [str(PYTHON), str(LAUNCHER), "init", "--no-prompt", "--init-dir", str(FOLDER)]
        subprocess.run(command, env=dict(environment()), check=True, cwd=FOLDER.parent)
    return FOLDER


def command(port: int) -> list[str]:
    """How to run the template bot on loopback; writes its credentials."""
    credentials = FOLDER / "telegram.yml"
    credentials.write_text(CREDENTIALS.format(token=TOKEN, username=USERNAME, port=port), "utf-8")
    where = ["--interface", "127.0.0.1", "--port", str(port)]
    return [str(PYTHON), str(LAUNCHER), "run", *where, "--credentials", credentials.name]


if __name__ == "__main__":
    make_project()
