"""Start Rasa as Desmi needs it: `python -m nlu.launcher train|run|data|test ...` (Rasa's own arguments).

No TensorFlow, no telemetry, and a cached look-up of event classes.
"""

import functools
import os
import sys
import warnings

from nlu import without_tensorflow


def _cache_event_classes() -> None:
    # Rasa walks all event classes for every event of every replayed conversation: a fifth of its time
    from rasa.shared.core.events import Event

    Event.resolve_by_type = staticmethod(functools.lru_cache(maxsize=None)(Event.resolve_by_type))


def main() -> None:
    """Run Rasa's command line in this process."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # what Rasa 3.6 itself causes on current libraries; ours are not hidden
    for module in ("pkg_resources", "rasa", "sanic", "websockets", "google", "jsonschema", "slack_sdk", "aiogram"):
        warnings.filterwarnings("ignore", category=DeprecationWarning, module=rf"{module}($|\.)")
    # topics are decided by nlu.components.decision, so no ResponseSelector is missing
    warnings.filterwarnings("ignore", message=".*ResponseSelector.*")
    without_tensorflow.install()
    from rasa.__main__ import main as rasa_main

    _cache_event_classes()
    sys.argv[0] = "rasa"
    rasa_main()


if __name__ == "__main__":
    main()
