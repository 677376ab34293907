"""`desmi import` and `desmi db upgrade`: all or nothing, and what to do when it was nothing."""

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.hotlines import HOTLINES, hotlines
from core.settings import ROOT
from tests.cli.conftest import Desmi

CENTRES = (ROOT / "content" / "centres.csv").read_text("utf-8").splitlines(keepends=True)
OFFICES = (ROOT / "content" / "offices.csv").read_text("utf-8").splitlines(keepends=True)


@pytest.fixture
def list_of_hotlines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for the shipped list, which no test may touch."""
    path = tmp_path / "content" / "hotlines.yml"
    path.parent.mkdir()
    path.write_text("alt")
    monkeypatch.setattr("core.lists.HOTLINES", path)
    return path


def villages(desmi: Desmi) -> set[str]:
    with closing(sqlite3.connect(Path(desmi.env["data_dir"]) / "desmi.db")) as database:
        return {str(row[0]) for row in database.execute("select area_code from centres")}


def test_upgrade_makes_everything_and_then_nothing(fresh: Desmi) -> None:
    first = fresh("db", "upgrade")
    assert first.exit_code == 0
    assert "schema upgraded, areas filled, centres filled, offices filled" in first.stdout
    assert fresh("db", "upgrade").stdout == "Database: up to date\n"
    assert (Path(fresh.env["data_dir"]) / "secret.key").stat().st_mode & 0o777 == 0o600


def test_two_first_runs_at_once(fresh: Desmi) -> None:
    both = [fresh.process("db", "upgrade") for _ in range(2)]
    done = [fresh.finish(process) for process in both]
    assert [code for code, _out, _err in done] == [0, 0], done
    assert len(villages(fresh)) == len(CENTRES) - 1


def test_an_imported_list_of_centres_is_used(desmi: Desmi, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("".join(CENTRES[:4]), "utf-8")
    result = desmi("import", "centres", str(own))
    assert result.exit_code == 0, result.output
    assert "centres: 3 rows taken over" in result.stdout
    rows = csv.DictReader(CENTRES[:4])
    assert villages(desmi) == {row["area_code"] for row in rows}
    assert desmi("db", "upgrade").stdout == "Database: up to date\n", "the shipped list does not come back"


def test_offices_are_imported(desmi: Desmi, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text("".join(OFFICES[:3]), "utf-8")
    assert "offices: 2 rows taken over" in desmi("import", "offices", str(own)).stdout


@pytest.mark.parametrize("table", ["centres", "offices"])
@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"a,b\n1,2\n", b"\x00", b'"'])
def test_a_faulty_file_is_named_by_line(desmi: Desmi, tmp_path: Path, table: str, raw: bytes) -> None:
    own = tmp_path / "own.csv"
    own.write_bytes(raw)
    before = villages(desmi)
    result = desmi("import", table, str(own))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: own.csv, line 1: ")
    assert villages(desmi) == before


def test_faults_come_with_all_their_lines(desmi: Desmi, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(CENTRES[0] + "x\n" + CENTRES[1] + CENTRES[1], "utf-8")
    result = desmi("import", "centres", str(own))
    assert "own.csv, line 2: 1 cells instead of 13" in result.stderr
    assert "own.csv, line 4: area_code" in result.stderr


def test_a_missing_file_or_table_is_explained(fresh: Desmi, tmp_path: Path) -> None:
    missing = fresh("import", "centres", str(tmp_path / "nothing.csv"))
    assert missing.exit_code == 2
    assert "does not exist" in missing.stderr
    assert fresh("import", "centres", str(tmp_path)).exit_code == 2
    assert fresh("import", "chats", str(tmp_path / "nothing.csv")).exit_code == 2
    assert not Path(fresh.env["data_dir"]).exists()


def test_a_good_list_of_hotlines_replaces_the_old(
    fresh: Desmi, tmp_path: Path, list_of_hotlines: Path
) -> None:
    own = tmp_path / "own.yml"
    own.write_bytes(HOTLINES.read_bytes())
    result = fresh("import", "hotlines", str(own))
    assert result.exit_code == 0, result.output
    assert f"hotlines: {len(hotlines())} taken over" in result.stdout
    assert list_of_hotlines.read_bytes() == own.read_bytes()
    assert [path.name for path in list_of_hotlines.parent.iterdir()] == ["hotlines.yml"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "no hotlines"),
        (b"hotlines: []", "no hotlines"),
        (b"hotlines:\n- id: a\n", "entry 1 (a): fields must be"),
        (b"hotlines: [", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"- a\n- b\n", "no hotlines"),
    ],
)
def test_a_faulty_list_of_hotlines_changes_nothing(
    fresh: Desmi, tmp_path: Path, list_of_hotlines: Path, raw: bytes, said: str
) -> None:
    own = tmp_path / "own.yml"
    own.write_bytes(raw)
    result = fresh("import", "hotlines", str(own))
    assert result.exit_code == 1
    assert said in result.stderr
    assert list_of_hotlines.read_text() == "alt"


@pytest.mark.parametrize("dropped", ["kp2mi", "kp2mi_abroad", "polri110", "sapa129"])
def test_a_list_without_a_line_that_a_text_names_is_refused(
    fresh: Desmi, tmp_path: Path, list_of_hotlines: Path, dropped: str
) -> None:
    own = tmp_path / "own.yml"
    text = HOTLINES.read_text("utf-8")
    start = text.index(f"id: {dropped}\n")
    entry = text.rindex("\n- ", 0, start) if "\n- " in text[:start] else text.rindex("\n  - ", 0, start)
    end = text.find(text[entry : text.index("id:", entry)] + "id:", start)
    own.write_text(text[:entry] + (text[end:] if end > 0 else "\n"), "utf-8")
    result = fresh("import", "hotlines", str(own))
    assert result.exit_code == 1
    assert dropped in result.stderr
    assert list_of_hotlines.read_text() == "alt"


AGENCIES = (ROOT / "tests" / "core" / "data" / "fictional_agencies.csv").read_text("utf-8")


def test_placement_companies_ship_empty_and_are_imported(desmi: Desmi, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(AGENCIES, "utf-8")
    with closing(sqlite3.connect(Path(desmi.env["data_dir"]) / "desmi.db")) as database:
        assert database.execute("select count(*) from agencies").fetchone() == (0,)
        result = desmi("import", "agencies", str(own))
        assert result.exit_code == 0, result.output
        assert database.execute("select count(*) from agencies").fetchone() == (6,)
        own.write_text(AGENCIES.replace("suspended", "dibekukan"), "utf-8")
        refused = desmi("import", "agencies", str(own))
        assert refused.exit_code == 1
        assert (
            "line 4: status 'dibekukan' is unknown; use one of active, suspended, revoked" in refused.output
        )
        assert database.execute("select count(*) from agencies").fetchone() == (6,)
