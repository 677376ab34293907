"""What is running, what is wrong, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import httpx
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from cli.model import RASA_PYTHON, model_path
from cli.servers import console_program, running_url
from core.answers import AnswerError, read_answers
from core.engine_client import EngineClient
from core.keys import KeyMismatchError, load_keys
from core.settings import Settings
from core.storage import models, open_database
from core.storage.migrate import is_current


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `todo` says what to do when it is not in order."""

    name: str
    ok: bool
    message: str
    todo: str = ""


async def examine(settings: Settings) -> Sequence[Finding]:
    """Look at everything, worst first within the order in which things depend on each other."""
    return [
        _environment(),
        _model(),
        *await _database(settings),
        await _rasa(settings),
        await _actions(settings),
        await _console(settings),
        _telegram(settings),
        _content(),
    ]


def _environment() -> Finding:
    ok = RASA_PYTHON.exists()
    return Finding("rasa environment", ok, "present" if ok else "missing", "" if ok else "make setup")


def _model() -> Finding:
    path = model_path()
    if path.exists():
        return Finding("model", True, path.name)
    return Finding("model", False, "not trained for the present data", "desmi train")


async def _database(settings: Settings) -> list[Finding]:
    url = settings.database()
    name = f"database ({url.get_backend_name()})"
    database = open_database(url, load_keys(settings))
    try:
        if not await is_current(database.engine):
            return [Finding(name, False, "schema missing or old", "desmi db upgrade")]
        async with database.begin() as session:
            waiting = await session.scalar(
                select(func.count()).select_from(models.Update).where(models.Update.done_at.is_(None))
            )
            unsent = await session.scalar(
                select(func.count()).select_from(models.Outgoing).where(models.Outgoing.state == "queued")
            )
            await session.scalar(select(models.Chat).limit(1))
        return [
            Finding(name, True, "schema is the newest"),
            Finding("queues", True, f"{waiting or 0} messages waiting, {unsent or 0} replies unsent"),
        ]
    except KeyMismatchError as error:
        return [Finding(name, False, str(error), "put the old secret.key or DESMI_SECRET_KEY back")]
    except (SQLAlchemyError, OSError) as error:
        return [
            Finding(name, False, f"does not answer ({error.__class__.__name__})", "check DESMI_DATABASE_URL")
        ]
    finally:
        await database.close()


async def _rasa(settings: Settings) -> Finding:
    url = await running_url(settings)
    if url is None:
        return Finding("rasa", False, "not running", "desmi run")
    async with EngineClient(url) as engine:
        problems = await engine.health()
    return Finding(
        "rasa", not problems, "; ".join(problems) or "well", "see log/rasa.log; restart" if problems else ""
    )


async def _actions(settings: Settings) -> Finding:
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=2.0) as client:
            response = await client.get(f"http://127.0.0.1:{settings.actions_port}/health")
            ok = response.status_code == httpx.codes.OK
    except httpx.HTTPError:
        ok = False
    return Finding("actions", ok, "well" if ok else "not running", "" if ok else "desmi run")


async def _console(settings: Settings) -> Finding:
    program = console_program(settings)
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=2.0) as client:
            ok = (await client.get(program.health)).status_code == httpx.codes.OK
    except httpx.HTTPError:
        ok = False
    if not ok:
        return Finding("console", False, "not running", "desmi run, or desmi console; see log/console.log")
    return Finding("console", True, f"well at {settings.console_address}")


def _telegram(settings: Settings) -> Finding:
    if settings.telegram_token is None:
        return Finding(
            "telegram", False, "no token", "write DESMI_TELEGRAM_TOKEN=... into .env (from @BotFather)"
        )
    return Finding("telegram", True, f"token set, {settings.telegram_mode} from {settings.telegram_api_url}")


def _content() -> Finding:
    try:
        answers = read_answers()
    except AnswerError as error:
        return Finding("answers", False, str(error), "mend the file under domain/answers/")
    stale = sorted(a.topic for a in answers.values() if a.is_stale(date.today()))
    if stale:
        return Finding("answers", False, f"{len(stale)} past their review date: {', '.join(stale[:5])} ...",
                       "check the sources again and set checked and review_by")  # fmt: skip
    return Finding("answers", True, f"{len(answers)}, all within their review date")
