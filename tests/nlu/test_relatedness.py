"""Whether a short message goes on with the topic before it: its signs, and what they add up to."""

from dataclasses import asdict, replace
from math import log

import pytest

from nlu.components.follow_ups import FollowUps
from nlu.components.relatedness import Signs, related, signs

FOLLOW_UPS = FollowUps.read()
LAST = "documents/passport"
UNSURE = {"health/checkup": 0.3, "bot/out_of_scope": 0.5, LAST: 0.2}
WEIGHTS = {**dict.fromkeys(asdict(Signs(*[0.0] * 9)), 0.0), "bias": 0.0}


def of(text: str, alone: dict[str, float], joined: dict[str, float]) -> Signs:
    return signs(alone, joined, LAST, FOLLOW_UPS.look(text), FOLLOW_UPS)


def test_signs_of_a_message_that_is_clear_only_with_the_topic() -> None:
    found = of("fotonya harus pakai jilbab", UNSURE, {LAST: 0.9, "health/checkup": 0.1})
    assert found.out == pytest.approx(0)
    assert found.best == pytest.approx(log(3 / 7))
    assert found.last == pytest.approx(log(1 / 4))
    assert (found.stays, found.joins, found.of_it, found.is_case, found.words) == (0, 1, 1, 0, 4)


def test_a_ranking_that_lacks_all_of_it_has_signs_too() -> None:
    found = of("halo", {}, {})
    assert found.out < -9
    assert (found.stays, found.joins) == (0, 0)


def test_signs_add_up_to_a_probability() -> None:
    found = of("fotonya harus pakai jilbab", UNSURE, {LAST: 0.9})
    assert related(found, WEIGHTS) == pytest.approx(0.5)
    assert related(found, {**WEIGHTS, "joins": 2.0}) > 0.8
    assert related(replace(found, joins=0.0), {**WEIGHTS, "joins": 2.0}) == pytest.approx(0.5)
    assert related(found, {**WEIGHTS, "bias": -3.0}) < 0.1
