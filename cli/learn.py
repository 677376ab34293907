"""The commands `desmi learn ...`: what the console's learning screen does, for operators without it."""

import asyncio

import click

from cli import learning
from core.settings import settings


@click.group()
def learn() -> None:
    """Teach the model what staff corrected."""


@learn.command("try")
@click.option("--candidate", type=int, help="Number of a candidate that the console began.")
def try_(candidate: int | None) -> None:
    """Train a candidate with what waits in the queue, and measure it beside the model in use."""

    async def run() -> str:
        number = candidate or await learning.begin(settings(), "terminal")
        comparison = await learning.try_candidate(settings(), number)
        return f"{learning.show(comparison)}\nTake it over: desmi learn accept {number}"

    click.echo(asyncio.run(run()))


@learn.command()
@click.argument("number", type=int)
def accept(number: int) -> None:
    """Take candidate NUMBER over; a running Desmi serves its model within seconds."""
    click.echo(asyncio.run(learning.accept(settings(), number)))


@learn.command()
@click.argument("number", type=int)
def back(number: int) -> None:
    """Go back to the accepted candidate NUMBER; 0 is the model of the shipped sentences."""
    click.echo(asyncio.run(learning.go_back(settings(), number)))
