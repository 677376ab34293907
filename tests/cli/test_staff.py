"""`desmi staff`, and the console as a process of its own."""

import asyncio
import contextlib
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from cli import servers
from cli.supervisor import Supervisor
from core.keys import load_keys
from core.reports import Answers, FileReport
from core.settings import ROOT
from core.storage import models, open_database
from core.storage.types import now
from tests.cli.conftest import Desmi
from tests.servers import isolated_settings

REPORT_KEYS = ["number", "status", "kind", "country", "anonymous", "created_at", "changed_at", "answers"]


def test_staff_can_be_added_and_sign_in(new_desmi: Callable[..., Desmi]) -> None:
    desmi = new_desmi()
    added = desmi("staff", "add", "ani", "--role", "admin", given="\n")
    assert added.exit_code == 0, added.output
    found = re.search(r"^First password: ((?:[a-z2-9]{4}-){3}[a-z2-9]{4})$", added.stdout, re.MULTILINE)
    assert found is not None
    given = desmi("staff", "add", "budi", "--role", "reviewer", given="panjang sekali\n")
    assert "panjang" not in given.output
    assert desmi("staff", "list").stdout.splitlines() == [f"{'ani':20} admin", f"{'budi':20} reviewer"]

    process = desmi.process("console", console_port=desmi.env["console_port"])
    address = f"http://127.0.0.1:{desmi.env['console_port']}"
    try:
        with httpx.Client(base_url=address, trust_env=False) as client:
            _await(client)
            token = re.search(r'name="csrf" value="(\w+)"', client.get("/login").text)
            assert token is not None
            response = client.post("/login", data={"csrf": token[1], "name": "ani", "password": found[1]})
            assert response.headers["location"] == "/"
            assert client.get("/").headers["location"] == "/account/password"
            finding = next(f for f in desmi_findings(desmi) if f["name"] == "console")
            assert finding["ok"]
    finally:
        process.send_signal(signal.SIGTERM)
        code, out, err = desmi.finish(process)
    assert address in out
    assert "Traceback" not in err
    assert code in (0, -signal.SIGTERM)


def desmi_findings(desmi: Desmi) -> list[dict[str, object]]:
    """What the doctor says."""
    import json

    found: list[dict[str, object]] = json.loads(desmi("doctor", "--json").stdout)
    return found


def _await(client: httpx.Client) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if client.get("/health").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the console does not answer")


def test_faults_are_said_in_one_line(new_desmi: Callable[..., Desmi]) -> None:
    desmi = new_desmi()
    desmi("staff", "add", "ani", "--role", "admin", given="\n")
    for arguments, given, words in (
        (("add", "ani", "--role", "editor"), "\n", "there already"),
        (("add", "Ani Besar", "--role", "editor"), "\n", "cannot be a name"),
        (("add", "cici", "--role", "editor"), "pendek\n", "10"),
        (("reset", "dodi"), "\n", "Nobody"),
        (("remove", "dodi"), "", "Nobody"),
    ):
        result = desmi("staff", *arguments, given=given)
        assert result.exit_code == 1
        assert words in result.stderr
        assert "Traceback" not in result.output
    assert desmi("staff", "add", "cici", "--role", "raja").exit_code == 2


def test_an_account_is_ended_and_opened_again(new_desmi: Callable[..., Desmi]) -> None:
    desmi = new_desmi()
    desmi("staff", "add", "ani", "--role", "admin", given="\n")
    assert desmi("staff", "remove", "ani").exit_code == 0
    assert desmi("staff", "list").stdout.split() == ["ani", "admin", "ended"]
    assert "First password" in desmi("staff", "reset", "ani", given="\n").stdout
    assert desmi("staff", "list").stdout.split() == ["ani", "admin"]


async def test_the_supervisor_keeps_the_console(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = isolated_settings(tmp_path)
    monkeypatch.setenv("DESMI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DESMI_CONSOLE_PORT", str(settings.console_port))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    program = servers.console_program(settings)
    running = asyncio.create_task(Supervisor(settings).run([program]))
    async with httpx.AsyncClient(trust_env=False) as client:
        async with asyncio.timeout(60):
            while not running.done():
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(program.health)).status_code == 200:
                        break
                await asyncio.sleep(0.05)
        os.kill(os.getpid(), signal.SIGTERM)
        assert await asyncio.wait_for(running, 30) == 0
        with pytest.raises(httpx.TransportError):
            await client.get(program.health)


def test_reports_are_listed_taken_and_closed(new_desmi: Callable[..., Desmi]) -> None:
    desmi = new_desmi()
    assert desmi.lines("staff", "reports", given="") == []
    settings = isolated_settings(Path(desmi.env["data_dir"]))

    async def file() -> None:
        database = open_database(settings.database(), load_keys(settings))
        async with database.begin() as session:
            session.add(models.Chat(id="siti", address="1"))
            await session.flush()
            answers = Answers(who="self", kind="wage", story="rekaan").to_dict()
            await FileReport("D-BCDF-GHJK", "wage", "HK", True, answers).apply(session, "siti", now())
        await database.close()

    asyncio.run(file())
    [entry] = desmi.lines("staff", "reports", given="")
    assert list(entry) == REPORT_KEYS
    assert entry["answers"]["story"] == "rekaan"
    assert desmi("staff", "report", "d-bcdf-ghjk", "--status", "taken").stdout == "D-BCDF-GHJK: taken\n"
    assert desmi.lines("staff", "reports", "--status", "new", given="") == []
    assert "story: rekaan" in desmi("staff", "reports").stdout
    refused = desmi("staff", "report", "D-ZZZZ-ZZZZ", "--status", "closed")
    assert refused.exit_code == 1
    assert "There is no report D-ZZZZ-ZZZZ" in refused.output
