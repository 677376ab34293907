"""The timing of reading a message: what is asked and what the page says, without starting anything."""

from benchmarks import parse_time
from benchmarks.parse_time import System


def timed(name: str, ms: float) -> System:
    system = System(name, parse_time.RASA, parse_time.WORK)
    system.start_s = {"import_s": 2.0, "load_s": 1.0}
    system.times = [{"ms": ms + i, "cpu_ms": ms, "memory_mb": 500.0} for i in range(5)]
    return system


def test_messages_are_different_and_repeat() -> None:
    texts = parse_time.messages(50, seed=1)
    assert len(set(texts)) == 50
    assert texts == parse_time.messages(50, seed=1)
    assert texts != parse_time.messages(50, seed=2)


def test_the_page_compares_medians_with_the_goal() -> None:
    systems = [timed("Default", 20.0), timed("quick", 22.0), timed("slow", 40.0)]
    page = parse_time.page(systems, ["satu dua", "tiga"], epochs=1, seed=1)
    assert "| median, ms | 22.0 | 24.0 (1.09) | 42.0 (1.91) |" in page
    assert "quick: 1.09 times, under 1.5; slow: 1.91 times, **not under** 1.5" in page
