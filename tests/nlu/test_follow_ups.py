"""Which short messages are clear only with what came before."""

import pytest

from nlu.components.follow_ups import FollowUps

FOLLOW_UPS = FollowUps.read()


@pytest.mark.parametrize(
    "text",
    [
        "biayanya berapa",
        "itu boleh tidak",
        "berapa lama",
        "kalau hongkong",
        "how much does it cost",
        "regane piro",
    ],
)
def test_what_points_back_or_says_one_thing_is_a_follow_up(text: str) -> None:
    look = FOLLOW_UPS.look(text, ["hongkong"] if "hongkong" in text else [])
    assert look.is_bare
    assert not look.may_stand_alone


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("gaji belum dibayar", []),
        ("kerja di korea bagaimana", ["korea"]),
        ("biaya ke taiwan berapa", ["taiwan"]),
    ],
)
def test_what_says_two_things_may_stand_alone(text: str, countries: list[str]) -> None:
    assert FOLLOW_UPS.look(text, countries).may_stand_alone


def test_a_subject_of_its_own_is_no_bare_follow_up() -> None:
    assert not FOLLOW_UPS.look("paspor hilang").is_bare


@pytest.mark.parametrize(
    "text", ["tiketnya juga", "terus lemburnya dihitung tidak", "itu materinya apa saja"]
)
def test_what_begins_with_its_thing_points_back(text: str) -> None:
    assert FOLLOW_UPS.look(text).of_it


@pytest.mark.parametrize("text", ["katanya gratis", "mau bertanya", "gaji suaminya berapa", "hanya itu"])
def test_what_names_its_owner_or_none_does_not(text: str) -> None:
    assert not FOLLOW_UPS.look(text).of_it
