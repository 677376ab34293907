"""YAML as plain values, read by the parser in C: every start reads fifteen files, and this takes a tenth of the time."""

from typing import Any

import yaml


def load(text: str) -> Any:
    """The values of a YAML text; raises `yaml.YAMLError` where it is none."""
    # as bytes: the parser in C has another error for letters that cannot be written
    return yaml.load(text.encode("utf-8", "surrogatepass"), Loader=yaml.CSafeLoader)
