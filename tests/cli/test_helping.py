"""`desmi staff inbox|reply|close`, and `desmi poster`."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from core import handover
from core.keys import load_keys
from core.settings import Settings
from core.storage import models, open_database
from core.storage.staff import Audit
from core.storage.types import now
from tests.cli.conftest import Desmi


async def _asked(data_dir: str) -> None:
    settings = Settings(_env_file=None, data_dir=Path(data_dir))
    database = open_database(settings.database(), load_keys(settings))
    async with database.begin() as session:
        session.add(models.Chat(id="chat-1", address="1"))
        await session.flush()
        session.add(
            models.Message(chat="chat-1", direction="in", kind="text", text="gaji saya\nbelum dibayar")
        )
        await handover.ask(session, "chat-1", now(), "gaji", "money/unpaid")
    await database.close()


async def _audit(data_dir: str) -> list[tuple[str, str]]:
    settings = Settings(_env_file=None, data_dir=Path(data_dir))
    database = open_database(settings.database(), load_keys(settings))
    async with database.read() as session:
        rows = [
            (row.staff, row.action)
            for row in await session.scalars(select(Audit).where(Audit.kind == "chat").order_by(Audit.id))
        ]
    await database.close()
    return rows


def test_helping_without_the_console(new_desmi: Callable[..., Desmi]) -> None:
    desmi = new_desmi()
    assert "Nobody waits" in desmi("staff", "inbox").stdout
    desmi("staff", "add", "ani", "--role", "reviewer", given="\n")
    asyncio.run(_asked(desmi.env["data_dir"]))
    (entry,) = json.loads(desmi("staff", "inbox", "--json").stdout)
    assert (entry["state"], entry["about"], entry["urgent"]) == ("waiting", "gaji", False)
    assert [(m["from"], m["text"]) for m in entry["messages"]] == [("person", "gaji saya\nbelum dibayar")]
    number = str(entry["id"])
    assert "gaji saya" in desmi("staff", "inbox").stdout
    wrong = desmi("staff", "reply", number, "halo", "--by", "budi")
    assert wrong.exit_code == 1
    assert "no active staff member" in wrong.output
    answered = json.loads(desmi("staff", "reply", number, "halo", "--by", "ani", "--json").stdout)
    assert (answered["state"], answered["staff"]) == ("open", "ani")
    assert answered["messages"][-1]["from"] == "staff"
    closed = desmi("staff", "close", number, "--by", "ani", "--outcome", "referred")
    assert "with Desmi again" in closed.stdout
    assert "closed already" in desmi("staff", "close", number, "--by", "ani").output
    assert asyncio.run(_audit(desmi.env["data_dir"])) == [
        ("command line", "view"), ("command line", "view"), ("ani", "reply"), ("ani", "close")
    ]  # fmt: skip


def test_posters(new_desmi: Callable[..., Desmi], tmp_path: Path) -> None:
    desmi = new_desmi()
    made = desmi("poster", "--centre", "18.02.04.2015", "--out", str(tmp_path / "p"), "--bot", "@desmi_bot")
    assert made.exit_code == 0, made.output
    (path,) = (tmp_path / "p").iterdir()
    assert path.read_bytes().startswith(b"%PDF-")
    assert path.name == "desmi-18.02.04.2015-buyut-utara.pdf"
    assert (
        "area code" in desmi("poster", "--centre", "1", "--out", str(tmp_path), "--bot", "desmi_bot").output
    )
    assert "no bot's name" in desmi("poster", "--centre", "all", "--out", str(tmp_path), "--bot", "x").output
