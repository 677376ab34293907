"""The parser in C gives what the one in Python gives."""

import pytest
import yaml

from core import plain_yaml
from core.settings import ROOT


def test_our_files_are_read_alike() -> None:
    paths = sorted((ROOT / "content").rglob("*.yml"))
    assert len(paths) > 10
    for path in paths:
        text = path.read_text("utf-8")
        assert plain_yaml.load(text) == yaml.safe_load(text), path.name


@pytest.mark.parametrize("text", ["a: [", "a: \ud800", "a: \0", "!!python/object:os.system {}"])
def test_what_is_no_yaml_is_an_error_of_yaml(text: str) -> None:
    with pytest.raises(yaml.YAMLError):
        plain_yaml.load(text)
