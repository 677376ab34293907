"""Trains the guard's danger model: `python -m training.danger --out models/danger-<fingerprint>.npz`.

Runs in Rasa's environment, which has SciPy; what it writes is read with numpy alone by `core.danger_model`. The
sentences are those of `nlu/*.yml` and, so that a reported miss or false alarm is learnt, `tests/safety`; never those of
`tests/heldout`. Every topic is a class, so that "no danger" is what all others have in common only in the sum: with the
other topics told apart, look-alikes cost a third fewer false alarms (docs/decisions/0006-guard-before-everything.md).
"""

import argparse
import csv
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from core.danger_features import WIDTH, terms, weigh
from core.danger_model import VERSION, Evidence
from core.guard import RULES, Guard
from encoder.sides import Sides
from encoder.text import clean
from encoder.whitening import Whitening
from nlu.components.softmax import SoftmaxRegression
from nlu.components.vectors import STORE, shared_vectors
from training.sentences import sentences

ROOT = Path(__file__).resolve().parent.parent
SCALE, WHITENING = 4.0, 0.4
NEIGHBOURS, NEIGHBOURS_WHITENING = 3, 0.6
EVIDENCE = Evidence(likelihood=1.23, nearness=15.87, rule=2.79, doubt=-3.36, bias=0.17)
EVIDENCE_ALONE = Evidence(likelihood=1.04, nearness=0.0, rule=2.52, doubt=-3.38, bias=0.14)
"""Fitted by `training.danger_validation` on cross-validated sentences: docs/decisions/0006-guard-before-everything.md. The bias without
the encoder is .54 above the fitted one: by words alone alarms are less sure, and a miss costs as much.
"""
C = 10.0
BALANCE = 0.5
MAX_ITER = 40


def read_sentences() -> list[tuple[str, str]]:
    """(sentence, topic) of `nlu/*.yml` and `tests/safety`."""
    return [(text, topic) for topic, text in sentences(ROOT / "nlu")] + read_safety()


def read_safety() -> list[tuple[str, str]]:
    """(sentence, topic) of the rules' own sentences; look-alikes have the topic `lookalike`."""
    found = []
    for name in ("guard_danger.csv", "guard_lookalikes.csv"):
        rows = csv.DictReader((ROOT / "tests" / "safety" / name).read_text("utf-8").splitlines())
        found += [(row["text"], row.get("topic") or "lookalike") for row in rows]
    return found


def theme(topic: str) -> str:
    """The coarse class that a topic belongs to: emergencies and their neighbours stand alone, the rest by theme.

    Enough for the weights that go by words alone, which only stand in.
    """
    return topic if topic.startswith(("help/", "bot/")) else topic.split("/")[0]


def numbers(topics: Sequence[str], first: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """All classes, those of `first` before the others, and each sentence's class number (n,)."""
    labels = [*first, *sorted(set(topics) - set(first))]
    number = {label: i for i, label in enumerate(labels)}
    return labels, np.array([number[topic] for topic in topics])


def fit(dense: np.ndarray, sparse: csr_matrix, targets: np.ndarray) -> SoftmaxRegression:
    """One set of weights; every class up to the highest number must occur."""
    return SoftmaxRegression.fit(dense, sparse, targets, int(targets.max()) + 1, C, BALANCE, MAX_ITER)


def encode(texts: Sequence[str]) -> np.ndarray:
    """Sentence vectors (n, 384); shares the store with Rasa's training, so that each is made once."""
    shared = shared_vectors()
    if shared is None:
        raise SystemExit("The danger model cannot be trained without the sentence encoder. Run: make setup")
    return shared.embed_with_store(list(texts), ROOT / STORE)


def sides(vectors: np.ndarray, emergency: np.ndarray) -> tuple[Whitening, Sides]:
    """How vectors (n, 384) are turned before they are compared, and the two kinds; `emergency` is bool (n,)."""
    whitening = Whitening.fit(vectors, NEIGHBOURS_WHITENING)
    turned = whitening(vectors)
    return whitening, Sides(turned[emergency], turned[~emergency], NEIGHBOURS)


def inverse_frequencies(counts: Sequence[tuple["Counter[int]", ...]]) -> np.ndarray:
    """Smoothed idf of each bucket."""
    seen = np.zeros(WIDTH)
    for blocks in counts:
        for block in blocks:
            seen[list(block)] += 1
    return (np.log((1 + len(counts)) / (1 + seen)) + 1).astype(np.float16).astype(np.float32)


def matrix(counts: Sequence[tuple["Counter[int]", ...]], idf: np.ndarray) -> csr_matrix:
    """The sparse features (n, WIDTH)."""
    blocks = [weigh(one, idf) for one in counts]
    starts = np.cumsum([0] + [len(columns) for columns, _ in blocks])
    return csr_matrix(
        (np.concatenate([v for _, v in blocks]), np.concatenate([c for c, _ in blocks]), starts),
        shape=(len(blocks), WIDTH),
    )


def train(sentences: Sequence[tuple[str, str]], out: Path) -> None:
    """Trains both sets of weights and writes the file."""
    guard = Guard.from_file(RULES)
    reader, meanings = guard.reader, guard.meanings()
    texts = [clean(text) for text, _ in sentences]
    vectors = encode([text.lower() for text in texts])
    counts = [terms(text, reader, meanings) for text in texts]
    idf, whitening = inverse_frequencies(counts), Whitening.fit(vectors, WHITENING)
    sparse, dense = matrix(counts, idf), whitening(vectors) * np.float32(SCALE)
    topics = list(guard.topics)
    labels, targets = numbers([topic for _, topic in sentences], topics)
    print(
        f"Training the danger model: {len(texts)} sentences, {len(labels)} classes",
        file=sys.stderr,
        flush=True,
    )
    full = fit(dense, sparse, targets)
    turning, kinds = sides(vectors, targets < len(topics))
    emergencies, others = kinds.packed()
    lexical = fit(
        np.zeros((len(texts), 0), np.float32),
        sparse,
        numbers([theme(topic) for _, topic in sentences], topics)[1],
    )
    # the whitening goes into the weights, so that the guard need not know of it
    width = vectors.shape[1]
    folded = whitening.matrix @ full.weights[:width] * np.float32(SCALE)
    facts = {
        "version": VERSION,
        "topics": topics,
        "reader": reader.memory(),
        "meanings": meanings,
        "neighbours": NEIGHBOURS,
        "evidence": asdict(EVIDENCE),
        "evidence_alone": asdict(EVIDENCE_ALONE),
    }
    part = out.with_name(f".{out.stem}.{os.getpid()}.npz")
    np.savez_compressed(
        part,
        facts=np.array(json.dumps(facts)),
        idf=idf.astype(np.float16),
        weights=np.vstack([folded, full.weights[width:]]).astype(np.float16),
        bias=full.bias - whitening.mean @ folded,
        lexical_weights=lexical.weights.astype(np.float16),
        lexical_bias=lexical.bias,
        mean=turning.mean,
        whitening=turning.matrix.astype(np.float16),
        emergencies=emergencies,
        others=others,
    )
    part.replace(out)


def main() -> None:
    """Trains from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.parent.mkdir(exist_ok=True)
    train(read_sentences(), args.out)


if __name__ == "__main__":
    main()
