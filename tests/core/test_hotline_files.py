"""A hotline is put back into its file in the file's own form, and nothing else moves."""

import subprocess
from dataclasses import replace
from pathlib import Path

from core.hotline_files import changed, diff
from core.hotlines import HOTLINES, hotlines, parse_hotlines
from core.replies import Source

TEXT = HOTLINES.read_text("utf-8")
LINES = {line.id: line for line in hotlines()}
NEW = replace(
    LINES["kbri_seoul"],
    id="kbri_baru",
    name='KBRI "Baru": # satu',
    numbers=("+82 1", "02 \\ 3"),
    languages=("id",),
    source=Source("Judul: x", "P", "https://www.example.org/a?b=c#d", "2026"),
)


def test_every_line_is_written_as_it_stands() -> None:
    assert changed(TEXT, LINES) == TEXT
    assert diff({}) == diff(LINES) == ""


def test_the_diff_applies_and_gives_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "content" / "hotlines.yml"
    path.parent.mkdir()
    path.write_bytes(HOTLINES.read_bytes())
    last = next(reversed(LINES))
    patch = diff(
        {
            "kp2mi": replace(LINES["kp2mi"], seen="2026-11"),
            "kbri_baru": replace(NEW, numbers=("+82 123",)),
            last: None,
        },
        path,
    )
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=patch, text=True, check=True)
    after = parse_hotlines(path.read_text("utf-8"), "x")
    assert after.get("kp2mi").seen == "2026-11"
    assert [line.id for line in after.for_country("KR")][:2] == ["kbri_seoul", "kr_1577"]
    assert after.get("kbri_baru").name == NEW.name
    assert last not in after
    assert len(after) == len(LINES)


def test_a_line_of_a_country_without_lines_stands_last() -> None:
    text = changed(TEXT, {"kbri_baru": replace(NEW, country="IS")})
    assert text.startswith(TEXT)
    assert text.count("\n- id: ") == TEXT.count("\n- id: ") + 1
