"""The command `desmi poster`: printable posters with a code that opens a village's centre."""

import re
import sys
from datetime import date
from pathlib import Path

import click

from cli.staff import on_database
from core.catalogue import load_centres
from core.languages import translator
from core.poster import PosterError, bot_name, make_poster


@click.command()
@click.option("--centre", required=True, help="Area code of the village, such as 32.12.16.2004, or `all`.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the files."
)
@click.option("--bot", required=True, help="The bot's user name, such as desmi_bot.")
def poster(centre: str, out: Path, bot: str) -> None:
    """Write an A4 poster (PDF) for a Desmigratif centre, or for all of them."""
    name = bot_name(bot)
    centres = on_database(load_centres)
    wanted = [c for c in centres if centre in ("all", c.area_code)]
    if not wanted:
        raise PosterError(
            f"No Desmigratif centre has the area code {centre}; content/centres.csv lists them."
        )
    out.mkdir(parents=True, exist_ok=True)
    for number, found in enumerate(wanted, 1):
        village = re.sub(r"[^a-z0-9]+", "-", found.village.lower()).strip("-")
        path = out / f"desmi-{found.area_code}-{village}.pdf"
        path.write_bytes(make_poster(found, name, translator("id"), date.today()))
        if len(wanted) > 1 and (number % 50 == 0 or number == len(wanted)):
            print(f"{number} of {len(wanted)}", file=sys.stderr, flush=True)
    click.echo(f"{len(wanted)} posters in {out}" if len(wanted) > 1 else str(path))
