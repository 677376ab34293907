"""Ratings: what a tap on "helpful" or "not helpful" says of which answer."""

_MAX_ID = 2**63 - 1  # what the message log's ids fit in; a forged button may hold any number


def read_rating(value: str) -> tuple[int, int] | None:
    """The answer's id and 1 or -1 from a button's value (see `core.codes.Kind.HELPFUL`); None for a forged one."""
    sign, _separator, number = value.partition(":")
    if sign not in ("+", "-") or not number.isascii() or not number.isdigit():
        return None
    return (int(number), 1 if sign == "+" else -1) if int(number) <= _MAX_ID else None
