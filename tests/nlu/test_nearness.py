"""How near words are: errors between two of them, and their consonants."""

from nlu.components.nearness import NearWords, distance, skeleton


def test_distance_counts_swapped_neighbours_once() -> None:
    assert distance("pengdauan", "pengaduan", 2) == 1
    assert distance("abc", "abcd", 2) == 1
    assert distance("abc", "axc", 2) == 1
    assert distance("abcdef", "uvwxyz", 2) == 3
    assert distance("", "abc", 2) == 3


def test_skeleton() -> None:
    assert skeleton("paspor") == "pspr"
    assert skeleton("ijazah") == "ijzh"
    assert NearWords({"berangkat": 5}).by_consonants("brgkt", 6) == "berangkat"
