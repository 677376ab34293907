"""Rows of an operator's CSV file: read all or nothing, every fault with its line and what to do."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_DATE = re.compile(r"(?:\d{4}(?:-\d\d(?:-\d\d)?)?)?")


class ImportErrors(ValueError):
    """A file that was not taken over; nothing of it was.

    Attributes:
        errors: One message a fault, each with the line and what to do.
    """

    def __init__(self, errors: Sequence[str]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(self.errors))


def read_rows(path: Path, columns: Sequence[str], parse: Callable[[Mapping[str, str], int], T]) -> list[T]:
    """Read a CSV file.

    Args:
        path: UTF-8 without byte order mark, with a header line.
        columns: The header.
        parse: Makes a value of a row and its line's number; raises `ValueError`.

    Raises:
        ImportErrors: With every fault found, if there is any, or no row.
    """
    text = _decode(path)
    errors: list[str] = []
    parsed: list[T] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = next(reader, [])
        if header != list(columns):
            raise ImportErrors([f"{path.name}, line 1: the columns must be {','.join(columns)}"])
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) != len(columns):
                errors.append(
                    f"{path.name}, line {line}: {len(cells)} cells instead of {len(columns)};"
                    " put a cell that holds a comma in double quotes"
                )
            else:
                try:
                    row = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
                    parsed.append(parse(row, line))
                except ValueError as error:
                    errors.append(f"{path.name}, line {line}: {error}")
            line = reader.line_num + 1
    except csv.Error as error:
        errors.append(f"{path.name}, line {line}: not a CSV row ({error}); look for a stray double quote")
    if errors:
        raise ImportErrors(errors)
    if not parsed:
        raise ImportErrors([f"{path.name}: no rows below the header; the old list was kept"])
    return parsed


def _decode(path: Path) -> str:
    raw = path.read_bytes()
    if raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ImportErrors(
            [f"{path.name}, line 1: begins with a byte order mark; save it as UTF-8 without BOM"]
        )
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ImportErrors([f"{path.name}, line {line}: not UTF-8; save the file as UTF-8"]) from error


def required(row: Mapping[str, str], column: str) -> None:
    """Refuse an empty cell; raises `ValueError`."""
    if not row[column]:
        raise ValueError(f"{column} is empty; no row without it")


def source_date(text: str) -> str:
    """A date as YYYY, YYYY-MM, YYYY-MM-DD or empty; raises `ValueError` for anything else."""
    if not _DATE.fullmatch(text):
        raise ValueError(f"source_date '{text}' must be YYYY, YYYY-MM, YYYY-MM-DD or empty")
    return text
