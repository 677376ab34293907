"""The commands `desmi review ...`: questions that a person should look at."""

import json
from dataclasses import asdict

import click

from cli.staff import on_database
from core.review import LISTED, waiting


@click.group()
def review() -> None:
    """Questions that were not understood, or whose answer did not help."""


@review.command("list")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=LISTED, show_default=True, help="Most of them."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON value.")
def list_questions(limit: int, as_json: bool) -> None:
    """The newest questions on the review list."""
    found = on_database(lambda database: waiting(database, limit))
    if as_json:
        click.echo(json.dumps([asdict(question) for question in found], ensure_ascii=False))
        return
    for question in found:
        click.echo(f"{question.at} {question.reason:<9} {question.language} {question.text}")
        nearest = ", ".join(f"{a['topic']} {a['confidence']:.2f}" for a in question.alternatives[:3])
        click.echo(f"    {question.topic or '-'}; nearest: {nearest or '-'}")
