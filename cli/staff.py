"""The commands `desmi staff ...`: the people who use the console."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from cli.prepare import prepare_database
from console import accounts
from core.keys import load_keys
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
