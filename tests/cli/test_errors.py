"""What goes wrong is said in one message with what to do, and without secrets."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli import model
from cli.evaluate.scores import calibration, calibration_error, macro_f1, score
from core.settings import Settings
from tests.cli.conftest import Desmi, strict

SECRET = "sebuah kunci yang tidak boleh tampak"
FAKE_TOKEN = "12345:tidak-boleh-tampak"


@pytest.fixture
def no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.model.MODELS", tmp_path / "models")


@pytest.fixture
def any_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files in place of the trained models: enough for what never reads them."""
    monkeypatch.setattr(model, "MODELS", tmp_path / "models")
    path = model.model_path()
    path.parent.mkdir()
    for made in (path, model.danger_path()):
        made.touch()
    return path


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


# the model


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize(
    "command", [("ask", "halo"), ("ask", "--json", "halo"), ("parse",), ("parse", "--json")]
)
def test_without_a_model_one_is_told_to_train(desmi: Desmi, command: tuple[str, ...]) -> None:
    result = desmi(*command, given="halo\n")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "Error: The model is not trained for the present data. Run: desmi train\n"


@pytest.mark.usefixtures("no_model")
def test_without_its_environment_one_is_told_to_set_it_up(
    fresh: Desmi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("cli.model.RASA_PYTHON", tmp_path / "python")
    result = fresh("train")
    assert result.exit_code == 1
    assert "Run: make setup" in result.stderr


@pytest.mark.usefixtures("no_model")
def test_a_training_that_fails_leaves_no_model(
    fresh: Desmi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\nexit 3\n")
    python.chmod(0o700)
    monkeypatch.setattr("cli.model.RASA_PYTHON", python)
    result = fresh("train")
    assert result.exit_code == 1
    assert "failed (exit code 3)" in result.stderr
    assert list((tmp_path / "models").iterdir()) == []


def test_nothing_is_trained_when_nothing_changed(
    fresh: Desmi, any_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.model.RASA_PYTHON", Path("no-python"))
    result = fresh("train")
    assert result.exit_code == 0
    assert result.stdout == f"{any_model.name}\n"


def _files(patterns: tuple[str, ...]) -> set[str]:
    return {str(path.relative_to(model.ROOT)) for pattern in patterns for path in model.ROOT.glob(pattern)}


def test_each_model_belongs_to_its_data() -> None:
    both = {"env/rasa.lock", "nlu/documents.yml", "nlu/components/softmax.py"}
    topics = {"config.yml", "domain/domain.yml", "stories/answers.yml", "nlu/components/spelling.py"}
    danger = {"core/wording.py", "training/danger.py", "tests/safety/guard_lookalikes.csv"}
    assert _files(model._TOPICS) >= both | topics
    assert _files(model._DANGER) >= both | danger
    assert not _files(model._TOPICS) & danger, "a changed rule leaves the topics as they are"
    assert not _files(model._DANGER) & topics, "a changed answer leaves the guard as it is"


def test_a_changed_file_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(model, "ROOT", tmp_path)
    for name in ("nlu/a.yml", "domain/answers/a.yml", "stories/a.yml", "config.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    made = model.fingerprint()
    assert model.fingerprint() == made
    (tmp_path / "nlu" / "a.yml").write_text("y")
    assert model.fingerprint() != made
    (tmp_path / "nlu" / "a.yml").write_text("x")
    assert model.fingerprint() == made
    (tmp_path / "nlu" / "a.yml").rename(tmp_path / "nlu" / "b.yml")
    assert model.fingerprint() != made


# ports


@pytest.mark.usefixtures("any_model")
@pytest.mark.parametrize("name", ["rasa", "actions"])
def test_a_taken_port_is_explained(desmi: Desmi, taken: int, name: str) -> None:
    changes = {"telegram_token": FAKE_TOKEN, f"{name}_port": str(taken)}
    result = desmi("run", **changes)
    assert result.exit_code == 1
    assert f"Port {taken} for {name} is taken" in result.stderr
    assert f"DESMI_{name.upper()}_PORT" in result.stderr
    assert FAKE_TOKEN not in result.output


@pytest.mark.usefixtures("no_model")
def test_another_program_on_the_port_is_not_taken_for_rasa(desmi: Desmi, taken: int) -> None:
    result = desmi("doctor", "--json", rasa_port=str(taken))
    findings = {finding["name"]: finding for finding in strict(result.stdout)}
    assert findings["rasa"]["message"] == "not running"


# settings and databases


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"rasa_port": "abc"}, "rasa_port"),
        ({"rasa_port": "99999"}, "rasa_port"),
        ({"log_level": "LOUD"}, "log_level"),
        ({"secret_key": "pendek"}, "16 characters or more"),
        ({"database_url": "mysql://u:sandi-rahasia@h/d"}, "mysql is not supported"),
        ({"database_url": "bukan alamat sandi-rahasia"}, "DESMI_DATABASE_URL"),
        ({"database_url": "postgresql://u:sandi-rahasia@127.0.0.1:9/d"}, "DESMI_DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_explained(fresh: Desmi, changes: dict[str, str], said: str) -> None:
    result = fresh("db", "upgrade", **{"secret_key": SECRET, **changes})
    assert result.exit_code == 1
    assert said in result.stderr
    for secret in (SECRET, "pendek", "sandi-rahasia"):
        assert secret not in result.output


def test_an_empty_setting_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_TOKEN", "SECRET_KEY", "RASA_PORT", "WEBHOOK_URL", "LOG_LEVEL"):
        monkeypatch.setenv(f"DESMI_{name}", "")
    empty = Settings(_env_file=None)
    assert (empty.telegram_token, empty.secret_key, empty.rasa_port) == (None, None, 5005)


def test_a_data_folder_that_cannot_be_made_is_explained(fresh: Desmi, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = fresh("db", "upgrade", data_dir=str(tmp_path / "file" / "var"))
    assert result.exit_code == 1
    assert "DESMI_DATA_DIR" in result.stderr


def test_a_lost_key_is_explained_not_overwritten(new_desmi: Callable[..., Desmi], filled: Path) -> None:
    copy = new_desmi("lost", filled)
    (Path(copy.env["data_dir"]) / "secret.key").write_text("")
    result = copy("db", "upgrade")
    assert result.exit_code == 1
    assert "too short" in result.stderr


@pytest.mark.parametrize(
    "args", [(), ("--help",), ("doctor",), ("doctor", "--json"), ("db", "upgrade"), ("redact",)]
)
@pytest.mark.usefixtures("no_model")
def test_secrets_are_never_printed(desmi: Desmi, args: tuple[str, ...]) -> None:
    result = desmi(*args, secret_key=SECRET, telegram_token=FAKE_TOKEN, webhook_secret=SECRET)
    assert SECRET not in result.output
    assert FAKE_TOKEN not in result.output
    own_key = (Path(desmi.env["data_dir"]) / "secret.key").read_text().strip()
    assert own_key not in desmi(*args).output


# doctor


@pytest.mark.usefixtures("no_model")
def test_doctor_says_what_to_do(fresh: Desmi) -> None:
    result = fresh("doctor", "--json")
    assert result.exit_code == 1
    findings = strict(result.stdout)
    assert all(list(finding) == ["name", "ok", "message", "todo"] for finding in findings)
    wrong = {finding["name"]: finding["todo"] for finding in findings if not finding["ok"]}
    assert wrong["model"] == "desmi train"
    assert wrong["database (sqlite)"] == "desmi db upgrade"
    assert wrong["rasa"] == "desmi run"
    assert all(wrong.values())
    assert all(not finding["todo"] for finding in findings if finding["ok"])
    shown = fresh("doctor").stdout
    assert "BAD model: not trained for the present data\n    -> desmi train\n" in shown


def test_doctor_sees_a_filled_database(desmi: Desmi) -> None:
    findings = {finding["name"]: finding for finding in strict(desmi("doctor", "--json").stdout)}
    assert findings["database (sqlite)"]["ok"]
    assert findings["queues"]["message"] == "0 messages waiting, 0 replies unsent"


def test_doctor_bears_a_database_that_is_away(fresh: Desmi) -> None:
    result = fresh("doctor", "--json", database_url="postgresql://u:sandi-rahasia@127.0.0.1:9/d")
    findings = {finding["name"]: finding for finding in strict(result.stdout)}
    assert findings["database (postgresql)"]["todo"] == "check DESMI_DATABASE_URL"
    assert "sandi-rahasia" not in result.output


# measures


def test_scores() -> None:
    pairs = [("a", "a"), ("a", "b"), ("b", "b"), ("c", "a")]
    assert score(pairs).accuracy == 0.5
    # F1: a 2*1/(2+2), b 2*1/(1+2), c 0
    assert macro_f1(pairs) == pytest.approx((0.5 + 2 / 3 + 0) / 3)
    assert score([]).accuracy == 0
    assert calibration_error(calibration([(1.0, True), (0.0, False)])) == 0
    assert calibration_error(calibration([(0.9, False), (0.9, True)])) == pytest.approx(0.4)
    assert calibration_error(calibration([])) == 0
