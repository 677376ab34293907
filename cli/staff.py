"""The commands `desmi staff ...`: the people who use the console."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import click

from cli.prepare import prepare_database
from console import accounts
from core.keys import load_keys
from core.reports import STATUSES, Filed, all_reports, set_status
from core.settings import settings
from core.storage import Database, open_database

T = TypeVar("T")


@click.group()
def staff() -> None:
    """The people who use the staff console."""


def on_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Run `work` on the database of the settings, brought to the newest schema first."""

    async def run() -> T:
        await prepare_database(settings())
        database = open_database(settings().database(), load_keys(settings()))
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


def _first_password() -> tuple[str, bool]:
    """A first password, and whether it was made here."""
    given = click.prompt(
        "First password (empty: one is made)", default="", hide_input=True, show_default=False, err=True
    )
    return (given, False) if given else (accounts.new_password(), True)


def _tell(name: str, password: str, made: bool) -> None:
    click.echo(f"{name} can sign in at {settings().console_address}")
    if made:
        click.echo(f"First password: {password}")
    click.echo("It must be changed at the first sign-in.")


@staff.command()
@click.argument("name")
@click.option("--role", type=click.Choice(accounts.ROLES), required=True, help="What they may do.")
def add(name: str, role: str) -> None:
    """Let NAME sign in to the console."""
    password, made = _first_password()
    on_database(lambda database: accounts.add(database, name, role, password))
    _tell(name, password, made)


@staff.command()
@click.argument("name")
def reset(name: str) -> None:
    """Give NAME a new first password and end their sessions."""
    password, made = _first_password()
    on_database(lambda database: accounts.reset(database, name, password))
    _tell(name, password, made)


@staff.command()
@click.argument("name")
def remove(name: str) -> None:
    """End the account of NAME; what they did stays on record."""
    on_database(lambda database: accounts.close(database, name))
    click.echo(f"{name} can no longer sign in.")


@staff.command("list")
def everybody() -> None:
    """Who may sign in."""
    for row in on_database(accounts.everybody):
        click.echo(f"{row.name:20} {row.role:10} {'' if row.active else 'ended'}".rstrip())


@staff.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a line each.")
@click.option("--status", type=click.Choice(STATUSES), help="Only reports of this status.")
def reports(as_json: bool, status: str | None) -> None:
    """What people reported, the oldest first."""
    for filed in on_database(lambda database: all_reports(database, (status,) if status else STATUSES)):
        if as_json:
            click.echo(json.dumps(report_entry(filed), ensure_ascii=False))
            continue
        click.echo(
            f"{filed.number}  {filed.created_at:%Y-%m-%d %H:%M}  {filed.status:7} {filed.kind} {filed.country or ''}"
        )
        for name, text in filed.answers.to_dict().items():
            if text:
                click.echo(f"    {name}: {text}")


@staff.command()
@click.argument("number")
@click.option("--status", type=click.Choice(STATUSES[1:]), required=True, help="What became of it.")
def report(number: str, status: str) -> None:
    """Take the report NUMBER, or close it; from then on it outlives its chat."""
    on_database(lambda database: set_status(database, number.strip().upper(), status))
    click.echo(f"{number.strip().upper()}: {status}")


def report_entry(filed: Filed) -> dict[str, Any]:
    """A report as JSON; times in UTC, ISO 8601."""
    return {
        "number": filed.number,
        "status": filed.status,
        "kind": filed.kind,
        "country": filed.country,
        "anonymous": filed.anonymous,
        "created_at": filed.created_at.isoformat(),
        "changed_at": filed.changed_at.isoformat(),
        "answers": filed.answers.to_dict(),
    }
