"""The commands `desmi staff inbox|reply|close`: help people who asked for a person, without the console."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import click
from sqlalchemy.ext.asyncio import AsyncSession

from cli.staff import on_database
from console import audit
from core import handover
from core.languages import translator
from core.storage import Database
from core.storage.handovers import Handover
from core.storage.types import now

T = TypeVar("T")

_TERMINAL = "command line"
"""Stands in the audit log for whoever may use the command line of this machine."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
by_whom = click.option("--by", required=True, help="Your name as a staff member.")


def _done(work: Callable[[Database], Awaitable[T]]) -> T:
    """Run `work` on the database; what cannot be done is said in English, as all of the command line."""
    try:
        return on_database(work)
    except handover.HandoverError as error:
        raise click.ClickException(translator("en").gettext(str(error))) from error


async def _entry(session: AsyncSession, row: Handover) -> dict[str, Any]:
    said = await handover.said(session, row.chat)
    return {
        "id": row.id,
        "chat": row.chat,
        "state": row.state,
        "urgent": row.urgent,
        "topic": row.topic,
        "about": row.about,
        "language": row.language,
        "asked_at": row.asked_at.isoformat(timespec="seconds"),
        "staff": row.staff_name,
        "outcome": row.outcome,
        "messages": [
            {"at": m.at.isoformat(timespec="seconds"), "from": _speaker(m.direction, m.kind), "text": m.text}
            for m in said
        ],
    }


def _speaker(direction: str, kind: str) -> str:
    if direction == "in":
        return "person"
    return "staff" if kind == "staff" else "desmi"


async def _inbox(database: Database) -> list[dict[str, Any]]:
    async with database.begin() as session:
        rows = await handover.queue(session)
        for row in rows:
            audit.record(session, _TERMINAL, "view", "chat", row.chat)
        return [await _entry(session, row) for row in rows]


async def _reply(database: Database, number: int, text: str, by: str) -> dict[str, Any]:
    async with database.begin() as session:
        officer = await handover.officer(session, by)
        row = await handover.reply(session, number, officer, text, now())
        audit.record(session, by, "reply", "chat", row.chat)
        return await _entry(session, row)


async def _close(database: Database, number: int, outcome: str, by: str) -> dict[str, Any]:
    async with database.begin() as session:
        await handover.officer(session, by)
        row = await handover.close(session, number, outcome, now())
        audit.record(session, by, "close", "chat", row.chat, outcome=outcome)
        return await _entry(session, row)


def _show(entry: dict[str, Any]) -> None:
    click.echo(f"{entry['id']}  {'URGENT ' if entry['urgent'] else ''}{entry['state']}  since {entry['asked_at']}"
               f"  {entry['topic'] or '-'}  {entry['language']}  {entry['staff'] or ''}".rstrip())  # fmt: skip
    if entry["about"]:
        click.echo(f"    about: {entry['about']}")
    for message in entry["messages"]:
        click.echo(f"    {message['from']:7} {message['text'].splitlines()[0]}")


@click.command()
@json_option
def inbox(as_json: bool) -> None:
    """Who waits for a person or is in hand, danger first, with the last messages."""
    entries = on_database(_inbox)
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        _show(entry)
    if not entries:
        click.echo("Nobody waits.")


@click.command()
@click.argument("number", type=int)
@click.argument("text")
@by_whom
@json_option
def reply(number: int, text: str, by: str, as_json: bool) -> None:
    """Write TEXT to the chat NUMBER of the inbox, which takes it in hand."""
    entry = _done(lambda database: _reply(database, number, text, by))
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else f"Queued for chat {number}.")


@click.command()
@click.argument("number", type=int)
@click.option(
    "--outcome",
    type=click.Choice([*handover.OUTCOMES, "to_desmi"]),
    default="solved",
    show_default=True,
    help="How it ended.",
)
@by_whom
@json_option
def close(number: int, outcome: str, by: str, as_json: bool) -> None:
    """Give the chat NUMBER back to Desmi."""
    entry = _done(lambda database: _close(database, number, outcome, by))
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else f"Chat {number} is with Desmi again.")


COMMANDS = (inbox, reply, close)
"""What `desmi staff` has beside the accounts."""
