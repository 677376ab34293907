"""The environment without TensorFlow: it trains and serves (tests beside this one); a TensorFlow part is refused."""

import subprocess
from pathlib import Path

import pytest

from cli.model import RASA_PYTHON, rasa_environment
from core.settings import ROOT

pytestmark = pytest.mark.rasa


def rasa(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(RASA_PYTHON), "-m", "nlu.launcher", *arguments],
        cwd=cwd,
        env={
            **rasa_environment(),
            "DESMI_ACTIONS_URL": "http://127.0.0.1:9/webhook",
            "DESMI_TRACKER_URL": "sqlite://",
            "DESMI_STORAGE_KEY": "x",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_tensorflow_component_is_refused_with_a_clear_message(tmp_path: Path) -> None:
    (tmp_path / "config.yml").write_text(
        "recipe: default.v1\nlanguage: id\nassistant_id: t\npipeline:\n- name: WhitespaceTokenizer\n"
        "- name: CountVectorsFeaturizer\n- name: DIETClassifier\n  epochs: 1\npolicies:\n- name: RulePolicy\n"
    )
    (tmp_path / "domain.yml").write_text(
        'version: "3.1"\nintents: [a, b]\nresponses:\n  utter_a: [{text: a}]\n  utter_b: [{text: b}]\n'
    )
    (tmp_path / "nlu.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: a\n  examples: |\n    - satu\n    - siji\n'
        "- intent: b\n  examples: |\n    - dua\n    - loro\n"
    )
    (tmp_path / "rules.yml").write_text(
        'version: "3.1"\nrules:\n- rule: a\n  steps:\n  - intent: a\n  - action: utter_a\n'
    )
    done = rasa(
        "train", "--config", str(tmp_path / "config.yml"), "--domain", str(tmp_path / "domain.yml"),
        "--data", str(tmp_path / "nlu.yml"), str(tmp_path / "rules.yml"), "--out", str(tmp_path / "models"),
    )  # fmt: skip
    assert done.returncode != 0
    assert "needs TensorFlow, which this environment leaves out" in done.stdout + done.stderr


def test_the_dialogue_stories_hold(tmp_path: Path) -> None:
    from cli.model import train

    done = rasa(
        "test", "core", "--stories", "tests/conversations/test_answers.yml", "--model", str(train()),
        "--out", str(tmp_path), "--fail-on-prediction-errors", "--no-plot",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
