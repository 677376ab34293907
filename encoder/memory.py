"""A memory of vectors: a sentence that comes again is not encoded again."""

import hashlib
import threading
from collections import OrderedDict
from typing import Protocol

from encoder.weights import Floats


class TextEncoder(Protocol):
    """What others need of an encoder."""

    def vector(self, text: str) -> Floats:
        """The text's vector, 384 numbers, length 1."""


class Memory:
    """An encoder that remembers; by a hash of the text, so that nothing that a person wrote stays here.

    Safe to use from several threads; two may encode the same text at once.
    """

    def __init__(self, encoder: TextEncoder, most: int) -> None:
        """Remembers the last `most` vectors, 1.5 kB each."""
        self._encoder = encoder
        self._most = most
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, Floats] = OrderedDict()

    def vector(self, text: str) -> Floats:
        """The text's vector."""
        key = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = self._encoder.vector(text)
            with self._lock:
                self._known[key] = known
                if len(self._known) > self._most:
                    self._known.popitem(last=False)
        return known
