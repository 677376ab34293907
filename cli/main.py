"""The command `desmi`."""

import asyncio
import json
import logging
import math
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from cli import helping
from cli.evaluate.command import evaluate
from cli.learn import learn
from cli.poster import poster
from cli.review import review
from cli.staff import staff
from core.settings import settings

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)


def _explained(command: Callable[P, T]) -> Callable[P, T]:
    """Show known errors as one message that says what to do, not as a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        from cli.errors import explain, known_errors

        try:
            return command(*args, **kwargs)
        except known_errors() as error:
            raise click.ClickException(explain(error)) from error

    return run


def _lines() -> list[str]:
    """Lines of standard input; bytes that are no text become replacement characters.

    Only a line feed ends a line: other separators of Unicode belong to what somebody wrote.
    """
    lines = sys.stdin.buffer.read().decode("utf-8", "replace").split("\n")
    return [line.removesuffix("\r") for line in (lines if lines[-1] else lines[:-1])]


def _text(argument: str) -> str:
    """An argument as text: bytes that are no UTF-8 come from the system as lone surrogates."""
    return argument.encode("utf-8", "replace").decode("utf-8")


class _Degrees(click.FloatRange):
    """A number of degrees; unlike its parent it takes no "nan"."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value} is no number of degrees.", param, ctx)
        return number


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


@click.group()
def main() -> None:
    """Desmi: answers for people about to work abroad, and their families."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


def _explained_alone(command: click.Command) -> click.Command:
    """A command of another module with errors explained as those here."""
    if command.callback is not None:
        command.callback = _explained(command.callback)
    return command


def _explain_all(group: click.Group) -> click.Group:
    """A group of another module, its commands with errors explained as those here."""
    for command in group.commands.values():
        _explained_alone(command)
    return group


for command in helping.COMMANDS:
    staff.add_command(command)
main.add_command(_explain_all(staff))
main.add_command(_explained_alone(poster))
main.add_command(_explain_all(review))
main.add_command(_explained_alone(evaluate))
main.add_command(_explain_all(learn))


@main.command()
@_explained
def run() -> None:
    """Run everything: the console, and the bot with a Telegram token, otherwise the terminal chat."""
    from cli.chat import chat_beside_console
    from cli.prepare import prepare
    from cli.supervisor import supervise

    prepare(settings())
    if settings().telegram_token is None:
        asyncio.run(chat_beside_console(settings()))
        return
    sys.exit(asyncio.run(supervise(settings())))


@main.command()
@_explained
def console() -> None:
    """Run the staff console alone."""
    from cli.prepare import prepare_database
    from cli.servers import require_free
    from console.server import run as serve

    asyncio.run(prepare_database(settings()))
    require_free(settings().console_port, "console")
    click.echo(f"The console: {settings().console_address}  (Ctrl-C ends it)")
    sys.exit(asyncio.run(serve(settings())))


@main.command()
@_explained
def chat() -> None:
    """Talk to Desmi in the terminal."""
    from cli.chat import chat_session
    from cli.prepare import prepare

    prepare(settings())
    asyncio.run(chat_session(settings()))


@main.command()
@click.option("--force", is_flag=True, help="Train although nothing changed.")
@_explained
def train(force: bool) -> None:
    """Train the model if data or config changed."""
    from cli.model import train as train_model

    click.echo(train_model(force).name)


@main.group()
def db() -> None:
    """The database."""


@db.command()
@_explained
def upgrade() -> None:
    """Create the database or bring it to the newest schema, and fill the shipped tables."""
    from cli.prepare import prepare_database

    click.echo(asyncio.run(prepare_database(settings())))


@db.command()
@_explained
def purge() -> None:
    """Delete what is older than DESMI_RETENTION_DAYS; the console does it each night."""
    from cli.staff import on_database
    from core import retention

    report = on_database(lambda database: retention.purge(database, settings()))
    if report is None:
        click.echo("Nothing is deleted: DESMI_RETENTION_DAYS is 0.")
    else:
        click.echo(
            f"Deleted what was said before {report.before:%Y-%m-%d %H:%M} UTC: {report.messages} messages, "
            f"{report.chats} whole conversations, {report.events} events of the dialogue engine."
        )


@main.command("import")
@click.argument("table", type=click.Choice(["centres", "offices", "hotlines", "agencies"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_explained
def import_file(table: str, file: Path) -> None:
    """Replace a table by FILE, all or nothing; errors come with line numbers."""
    from cli.imports import import_into

    click.echo(import_into(settings(), table, file))


@main.command()
@click.option(
    "--chats", type=click.IntRange(1, 100_000), default=400, show_default=True, help="How many chats."
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same seed gives the same conversations."
)
@click.option("--remove", is_flag=True, help="Delete the invented conversations instead.")
@_explained
def demo(chats: int, seed: int, remove: bool) -> None:
    """Fill an empty database with invented conversations, to look at the console."""
    from cli.demo import fill_demo, remove_demo

    click.echo(remove_demo() if remove else fill_demo(settings(), chats, seed))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@_explained
def doctor(as_json: bool) -> None:
    """Say what is running, what is wrong, and what to do."""
    from cli.doctor import examine

    findings = asyncio.run(examine(settings()))
    if as_json:
        _print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{'ok ' if finding.ok else 'BAD'} {finding.name}: {finding.message}")
            if finding.todo:
                click.echo(f"    -> {finding.todo}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@main.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value: a list, an entry a turn.")
@_explained
def ask(text: tuple[str, ...], as_json: bool) -> None:
    """Hold a fresh conversation, each TEXT a turn."""
    from cli.ask import ask_turns, show_turn

    turns = asyncio.run(ask_turns(settings(), [_text(words) for words in text]))
    if as_json:
        _print_json(turns)
    else:
        for turn in turns:
            click.echo(show_turn(turn))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a line each.")
@_explained
def parse(as_json: bool) -> None:
    """Understand the lines of standard input."""
    from cli.ask import parse_lines

    for entry in asyncio.run(parse_lines(settings(), _lines())):
        _print_json(entry) if as_json else click.echo(
            f"{entry['topic']} {entry['confidence']:.2f} {entry['text']}"
        )


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a line each.")
@_explained
def place(as_json: bool) -> None:
    """Find the place in each line of standard input."""
    from cli.places import find_places

    for entry in asyncio.run(find_places(settings(), _lines())):
        if as_json:
            _print_json(entry)
        else:
            names = "; ".join(f"{c['name']} ({c['level']}, {c['code']})" for c in entry["candidates"])
            click.echo(f"{entry['status']}: {names}")


@main.command()
@click.option("--place", "place_text", help="A place as people write it.")
@click.option("--lat", type=_Degrees(-90, 90), help="Latitude in degrees.")
@click.option("--lon", type=_Degrees(-180, 180), help="Longitude in degrees.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
@_explained
def nearest(place_text: str | None, lat: float | None, lon: float | None, as_json: bool) -> None:
    """The nearest Desmigratif centres."""
    from cli.places import nearest_to_place, nearest_to_point

    if place_text is not None and lat is None and lon is None:
        near = asyncio.run(nearest_to_place(settings(), _text(place_text)))
    elif lat is not None and lon is not None and place_text is None:
        near = asyncio.run(nearest_to_point(settings(), lat, lon))
    else:
        raise click.UsageError("Give either --place TEXT, or both --lat X and --lon Y.")
    if as_json:
        _print_json(near)
        return
    for centre in near["centres"]:
        click.echo(
            f"{centre['distance_km']:7.1f} km  {centre['village']}, {centre['district']}, {centre['regency']}"
        )
    for office in near["offices"]:
        click.echo(f"{office['kind']}: {office['name']}, {office['regency']}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a line each.")
@_explained
def offer(as_json: bool) -> None:
    """Search the offer in each line of standard input for warning signs."""
    from cli.texts import check_offers, show_offer

    for entry in check_offers(_lines()):
        _print_json(entry) if as_json else click.echo(show_offer(entry))


@main.command()
@_explained
def redact() -> None:
    """Mask what identifies a person, from standard input to standard output."""
    from cli.texts import redact_stream

    redact_stream(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
