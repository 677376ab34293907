"""The out-of-scope signal, in Rasa's environment: nearness to what is declined counts, and its absence does no harm."""

import json
import subprocess

import pytest

from cli.model import RASA_PYTHON, rasa_environment
from core.settings import ROOT

pytestmark = pytest.mark.rasa

SCRIPT = """
import json, pathlib, tempfile
import numpy as np
from nlu import without_tensorflow
without_tensorflow.install()
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from nlu.components.topics import OUT_OF_SCOPE
from nlu.components.scope import Scope

def message(axis, **fields):
    made = Message({"text": "x", **fields})
    if axis is not None:
        row = np.full((1, 384), 0.01, np.float32)
        row[0, axis] = 1
        made.add_features(Features(row, "sentence", "text", "e"))
    return made

def read(component, axis):
    ranking = [{"name": "a/b", "confidence": 0.6}, {"name": OUT_OF_SCOPE, "confidence": 0.2}, {"name": "c/d", "confidence": 0.2}]
    found = message(axis, intent_ranking=ranking)
    component.process([found])
    return {entry["name"]: entry["confidence"] for entry in found.get("intent_ranking")}

storage = LocalModelStorage(pathlib.Path(tempfile.mkdtemp()))
examples = [message(0, text=f"out {i}", intent=OUT_OF_SCOPE) for i in range(6)]
examples += [message(1, text=f"in {i}", intent="a/b") for i in range(6)]
scope = Scope({}, storage, Resource("scope"))
scope.train(TrainingData(examples))
loaded = Scope.load({}, storage, Resource("scope"), None)
bare = Scope.load({}, storage, Resource("none"), None)
print(json.dumps([read(scope, 0), read(loaded, 0), read(loaded, 1), read(loaded, None), read(bare, 0)]))
"""


def test_nearness_to_declined_sentences_counts() -> None:
    done = subprocess.run(
        [str(RASA_PYTHON), "-c", SCRIPT],
        cwd=ROOT,
        env=rasa_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    trained, loaded, near_answered, no_vector, untrained = json.loads(done.stdout.splitlines()[-1])
    out = "bot/out_of_scope"
    assert loaded == pytest.approx(trained, abs=1e-3)
    assert next(iter(loaded)) == out
    assert loaded[out] > 0.9 > 0.1 > near_answered[out]
    assert no_vector == pytest.approx(untrained)
    assert 0.1 < no_vector[out] < 0.4
    for found in (trained, loaded, near_answered, no_vector):
        assert sum(found.values()) == pytest.approx(1.0)
        assert found["a/b"] == pytest.approx(3 * found["c/d"])
