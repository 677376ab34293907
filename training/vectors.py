"""Makes the vectors that come with the training sentences: `make vectors`, in Rasa's environment.

Both trainings would encode the same sentences for minutes on every new machine. The file holds the sentence as the guard
reads it and as the classifier does; a sentence that is not in it is encoded when it is needed.
"""

import os

import numpy as np
import yaml

from encoder.text import clean
from nlu import without_tensorflow
from nlu.components.lexicon import Lexicon
from nlu.components.spelling import Speller, Vocabulary
from nlu.components.vectors import SHIPPED, ship
from training.danger import ROOT, encode, read_safety, read_sentences


def texts() -> list[str]:
    """All texts that the two trainings encode, each once."""
    without_tensorflow.install()
    from nlu.components.normaliser import Normaliser, names_of_places

    sentences = [text for text, _ in read_sentences()]
    trained = sentences[: len(sentences) - len(read_safety())]
    answers = [
        variant["text"]
        for path in sorted((ROOT / "domain").rglob("*.yml"))
        for variants in (yaml.safe_load(path.read_text("utf-8")).get("responses") or {}).values()
        for variant in variants
        if variant.get("text")
    ]
    names = names_of_places(Normaliser.get_default_config()["places"])
    speller = Speller(Lexicon.read(), Vocabulary.learn(map(clean, trained), answers), names)
    found = [clean(text).lower() for text in sentences]
    found += [clean(speller.normalise(clean(text))) for text in trained]
    return list(dict.fromkeys(found))


def main() -> None:
    """Encode what is new and write the file."""
    os.chdir(ROOT)
    wanted = texts()
    ship(wanted, np.asarray(encode(wanted)))
    print(f"{SHIPPED.name}: {len(wanted)} texts, {SHIPPED.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
