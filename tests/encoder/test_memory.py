"""Vectors that are remembered."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from encoder.memory import Memory
from encoder.model import DIM
from encoder.weights import Floats


class Counting:
    """An encoder that notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def vector(self, text: str) -> Floats:
        self.asked.append(text)
        return np.full(DIM, len(text), np.float32)


def test_a_text_is_encoded_once_and_the_oldest_forgotten() -> None:
    encoder = Counting()
    memory = Memory(encoder, 2)
    for text in ("satu", "dua", "satu", "tiga", "dua", "satu"):
        assert memory.vector(text)[0] == len(text)
    assert encoder.asked == ["satu", "dua", "tiga", "satu"]


def test_nothing_that_was_written_stays() -> None:
    memory = Memory(Counting(), 10)
    memory.vector("majikan saya jahat")
    assert "majikan" not in repr(vars(memory))


def test_odd_text_and_many_threads_do_no_harm() -> None:
    memory = Memory(Counting(), 5)
    texts = ["\ud800", "", *"abcdefgh"] * 50
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(memory.vector, texts))
    assert [vector[0] for vector in found] == [len(text) for text in texts]
