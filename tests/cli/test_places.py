"""`desmi place` and `desmi nearest`: exact keys, any input."""

from collections.abc import Callable
from typing import Any

import pytest

from core.atlas import Atlas
from core.settings import Settings
from tests.cli.conftest import Desmi

PLACE_KEYS = ["code", "name", "level", "district", "regency", "province", "lat", "lon"]
LINES = "rumah saya di kenanga sindang indramayu dekat pasar\nlotim\nsukorejo\nxqzt\n"


@pytest.fixture
def quick(new_desmi: Callable[..., Desmi], atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> Desmi:
    """A copy that has read its places already."""

    async def read(settings: Settings) -> Atlas:
        return atlas

    monkeypatch.setattr("cli.places.read_atlas", read)
    return new_desmi()


@pytest.fixture
def kenanga(quick: Desmi) -> Any:
    return quick.json("nearest", "--place", "kenanga sindang indramayu")


def test_place_keys_and_states(desmi: Desmi) -> None:
    entries = desmi.lines("place", given=LINES)
    assert [list(entry) for entry in entries] == [["text", "status", "candidates"]] * 4
    assert [entry["status"] for entry in entries] == ["found", "found", "ask", "none"]
    assert [entry["text"] for entry in entries] == LINES.splitlines()
    for entry in entries:
        assert all(list(candidate) == PLACE_KEYS for candidate in entry["candidates"])
    assert entries[0]["candidates"][0]["code"] == "32.12.16.2004"
    assert len(entries[2]["candidates"]) > 1
    assert entries[3]["candidates"] == []


HOSTILE = (
    b"\n", b"   \n", b"\xff\xfe\x80\n", b"ken\x00anga\n", b"a" * 10_000 + b"\n", b"sukorejo " * 1_200 + b"\n",
    "kenanga\u2028sindang\x0bindramayu\x85x\n".encode(), b"/help/abuse{\"a\": 1}\n", "🏠🏠🏠\n".encode(), b"\r\n", b"'; DROP TABLE areas; --\n",
)  # fmt: skip


def test_a_line_in_gives_a_line_out(quick: Desmi) -> None:
    entries = quick.lines("place", given=b"".join(HOSTILE))
    assert len(entries) == len(HOSTILE)
    assert entries[0] == {"text": "", "status": "none", "candidates": []}
    assert "\u2028" in entries[6]["text"]
    assert "\r" not in entries[9]["text"]
    assert quick.lines("place", given=b"") == []
    assert len(quick.lines("place", given=b"tanpa akhir baris")) == 1


def test_place_for_people(quick: Desmi) -> None:
    result = quick("place", given=LINES)
    assert result.stdout.splitlines()[0] == "found: Kenanga (village, 32.12.16.2004)"


def test_nearest_to_a_place(kenanga: Any) -> None:
    assert list(kenanga) == ["centres", "offices"]
    assert len(kenanga["centres"]) == 3
    keys = ["area_code", "village", "district", "regency", "distance_km", "lat", "lon"]
    assert all(list(centre) == keys for centre in kenanga["centres"])
    assert kenanga["centres"][0]["distance_km"] < 30
    assert [centre["distance_km"] for centre in kenanga["centres"]] == sorted(
        c["distance_km"] for c in kenanga["centres"]
    )
    assert kenanga["offices"] == []


def test_nearest_to_a_point_agrees_with_the_place(quick: Desmi, kenanga: Any) -> None:
    near = quick.json("nearest", "--lat", "-6.35507", "--lon", "108.31049")
    assert near == kenanga


def test_far_from_all_centres_come_offices(quick: Desmi) -> None:
    near = quick.json("nearest", "--lat", "1.48", "--lon", "124.85")
    assert near["centres"][0]["distance_km"] > 30
    assert all(list(office) == ["kind", "name", "regency"] for office in near["offices"])
    assert near["offices"]


def test_a_regency_alone_is_not_measured_from(quick: Desmi) -> None:
    result = quick("nearest", "--json", "--place", "lombok timur")
    assert result.exit_code == 0
    assert '"centres": []' in result.stdout
    assert "district or village" in result.stderr


@pytest.mark.parametrize(
    ("text", "said"), [("xqzt", "No place found"), ("sukorejo", "Several places fit"), ("", "No place")]
)
def test_no_exact_place_says_why(quick: Desmi, text: str, said: str) -> None:
    result = quick("nearest", "--json", "--place", text)
    assert result.exit_code == 0
    assert result.stdout == '{"centres": [], "offices": []}\n'
    assert said in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        (), ("--lat", "1"), ("--lon", "1"), ("--place", "x", "--lat", "1", "--lon", "1"), ("--place", "x", "--lat", "1"),
        ("--lat", "91", "--lon", "0"), ("--lat", "0", "--lon", "181"), ("--lat", "nan", "--lon", "0"),
        ("--lat", "0", "--lon", "inf"), ("--lat", "x", "--lon", "0"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_explained(fresh: Desmi, args: tuple[str, ...]) -> None:
    result = fresh("nearest", "--json", *args)
    assert result.exit_code == 2
    assert "Error" in result.stderr


def test_a_place_of_bytes_that_are_no_text(quick: Desmi) -> None:
    assert quick("nearest", "--json", "--place", "kenanga \udcff").exit_code == 0


def test_nearest_for_people(desmi: Desmi) -> None:
    result = desmi("nearest", "--place", "kenanga sindang indramayu")
    assert " km  " in result.stdout
