"""Text as the components count its words."""

import re

_WORD = re.compile(r"\w+")


def words(text: str) -> str:
    """The text's words in lower case, one space between, punctuation gone."""
    return " ".join(_WORD.findall(text.lower()))
