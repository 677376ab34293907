"""A terminal chat with servers behind it."""

import click

from bot.assembly import build_conversation
from bot.rasa import RasaEngine
from cli.console import TerminalChat
from cli.servers import engine_url
from cli.texts import known_numbers
from core.guard import default_guard
from core.settings import Settings


async def chat_session(settings: Settings) -> None:
    """Start what is missing, then talk until the end of input."""
    click.echo("Starting ...", err=True)
    async with engine_url(settings) as url, RasaEngine(url) as engine:
        await engine.reset("terminal-chat")
        await TerminalChat(build_conversation(engine), default_guard(), known_numbers(), click.echo).run()
