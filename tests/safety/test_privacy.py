"""After a conversation full of what identifies a person, none of it lies in any file of Desmi."""

from pathlib import Path

import httpx
import pytest

from cli import servers
from core.engine_client import EngineClient
from core.redaction import redact
from tests.cli.conftest import Desmi, served
from tests.servers import Running, isolated_settings

__all__ = ["served"]
pytestmark = pytest.mark.rasa

PERSONAL = (
    "3212161507900003", "32.12.16.150790.0003", "0812-3456-7890", "+6281234567890", "A1234567", "siti.aminah@example.com",
    "1234567890123", "4111 1111 1111 1111", "09.254.294.3-407.000", "482913",
)  # fmt: skip
SENTENCES = (
    "nik saya {} tolong dicek datanya", "NIK {} punya suami", "hubungi saya di {} ya kak", "wa {}",
    "paspor saya nomor {} ditahan majikan", "email saya {}", "rekening bca saya {} mau terima kiriman",
    "kartu kredit {} dipakai calo", "npwp {}", "kode otp saya {} dari bank",
)  # fmt: skip
SCRIPT = tuple(sentence.format(secret) for sentence, secret in zip(SENTENCES, PERSONAL, strict=True))
POSITION = ("-6.354321", "108.312345")
WORDS = ("dipakai calo", "terima kiriman", "tolong dicek", "ditahan majikan", "saya dipukul majikan")


def everything(folder: Path) -> bytes:
    """The bytes of all files below a folder; the secret key is a secret of its own."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert {path.suffix for path in files} >= {".db", ".log"}
    return b"\n".join(path.read_bytes() for path in files)


def found(raw: bytes, needles: tuple[str, ...]) -> list[str]:
    forms = {form for needle in needles for form in (needle, "".join(c for c in needle if c.isalnum()))}
    return [form for form in sorted(forms) if form.encode() in raw]


def test_nothing_personal_is_left_in_any_file(served: Desmi) -> None:
    lines = [*SCRIPT, f"lokasi {POSITION[0]} {POSITION[1]}", f"/kantor {PERSONAL[0]}", "saya dipukul majikan"]
    code, shown, errors = served.finish(served.process("chat"), "\n".join(lines).encode())
    assert code == 0, errors
    assert "📍" in shown
    served.json("ask", *lines)
    assert len(served.lines("parse", given="\n".join(lines))) == len(lines)
    assert served("redact", given="\n".join(lines)).exit_code == 0
    raw = everything(Path(served.env["data_dir"]))
    assert b"terminal-chat" in raw, "the conversation is in these files"
    assert found(raw, PERSONAL + POSITION) == []
    assert found(raw, WORDS) == [], "what was asked is nobody's business either"
    assert found(errors.encode(), PERSONAL + POSITION) == []


async def test_what_is_masked_still_finds_its_answer(engine: EngineClient) -> None:
    text = redact("paspor saya nomor A1234567 ditahan majikan, harus bagaimana")
    assert "A1234567" not in text
    answer = await engine.send("privacy-test", text, topic=None, metadata={"language": "id"})
    understood = answer.understood
    assert understood.sure


async def test_the_chattiest_log_of_the_action_server_tells_nothing(running: Running, tmp_path: Path) -> None:
    settings = isolated_settings(
        tmp_path, log_level="DEBUG", database_url=running.settings.database().render_as_string()
    )
    settings = settings.model_copy(update={"secret_key": None})
    (tmp_path / "secret.key").write_bytes((running.settings.data_dir / "secret.key").read_bytes())
    actions = servers.programs(settings, running.keys)[0]
    process = await servers.spawn(actions)
    message = {
        "text": SCRIPT[0],
        "intent": {"name": "task"},
        "metadata": {"lat": -6.354321, "lon": 108.312345},
    }
    body = {
        "next_action": "action_show_centres",
        "sender_id": "somebody",
        "domain": {},
        "tracker": {
            "sender_id": "somebody",
            "slots": {"place": ",".join(POSITION)},
            "latest_message": message,
            "events": [{"event": "user", "text": SCRIPT[0]}],
        },
    }
    try:
        await servers.wait_ready(actions, process)
        async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
            answer = await client.post(settings.actions_url, json=body)
            broken = await client.post(
                settings.actions_url,
                json={**body, "tracker": {**body["tracker"], "slots": {"place": SCRIPT[0]}}},
            )
            unknown = await client.post(settings.actions_url, json={**body, "next_action": "action_nothing"})
    finally:
        await servers.stop(process)
    assert answer.status_code == 200
    assert len(answer.json()["responses"]) == 4
    assert broken.status_code == 200
    assert unknown.status_code == 404
    raw = actions.log.read_bytes()
    assert raw, "something was logged"
    assert found(raw, PERSONAL + POSITION + WORDS) == []
