"""A terminal chat with servers behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import click

from cli import servers
from cli.console import CHAT, HOW_TO_RUN_THE_BOT, TerminalChat
from cli.servers import ServerError, engine_url
from cli.texts import known_numbers
from cli.visitor import visiting
from core.assembly import build_conversation
from core.engine_client import EngineClient
from core.guard import default_guard
from core.settings import Settings


async def chat_session(settings: Settings) -> None:
    """Start what is missing, then talk until the end of input."""
    click.echo("Starting ...", err=True)
    async with (
        visiting(settings, CHAT) as visitor,
        engine_url(settings) as url,
        EngineClient(url) as engine,
    ):
        await engine.reset(CHAT)
        conversation = build_conversation(engine, visitor.database)
        await TerminalChat(conversation, default_guard(), known_numbers(), click.echo, visitor.record).run()


async def chat_beside_console(settings: Settings) -> None:
    """What `desmi run` does without a token: the staff console, and the terminal chat until the end of input."""
    async with _console(settings):
        click.echo(HOW_TO_RUN_THE_BOT)
        await chat_session(settings)


@asynccontextmanager
async def _console(settings: Settings) -> AsyncIterator[None]:
    """The console beside the chat; the chat goes on without it where it cannot start."""
    try:
        servers.require_free(settings.console_port, "console")
    except ServerError as error:
        click.echo(f"The staff console does not start. {error}")
        yield
        return
    program = servers.console_program(settings)
    process = await servers.spawn(program)
    try:
        await servers.wait_ready(program, process)
        click.echo(f"Staff console: {settings.console_address}  (alone: desmi console)")
        yield
    finally:
        await servers.stop(process)
