"""The lexicon: what its files must not hold."""

from pathlib import Path

import pytest

from nlu.components.lexicon import Lexicon
from tests.nlu.corpus import ROOT


def test_lexicon_refuses_a_spelling_twice(tmp_path: Path) -> None:
    for path in (ROOT / "nlu/lexicon").glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    slang = tmp_path / "slang.yml"
    slang.write_text(slang.read_text("utf-8") + "  lain: [sy]\n", "utf-8")
    with pytest.raises(ValueError, match="sy"):
        Lexicon.read(tmp_path)


def test_lexicon_refuses_what_yaml_does_not_read_as_text(tmp_path: Path) -> None:
    for path in (ROOT / "nlu/lexicon").glob("*.yml"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    slang = tmp_path / "slang.yml"
    slang.write_text(slang.read_text("utf-8") + "  lain: [no]\n", "utf-8")
    with pytest.raises(ValueError, match="Quote"):
        Lexicon.read(tmp_path)
