"""Start Rasa as Desmi needs it: `python -m nlu.launcher train|run|data|test ...` (Rasa's own arguments).

No TensorFlow, no telemetry, a cached look-up of event classes, and failed actions noticed.
"""

import functools
import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

from nlu import remote_actions, without_tensorflow

# topics are decided by nlu.components.decision, so no ResponseSelector, no response of a task is missing
_HARMLESS = ("ResponseSelector", "'utter_task'", "duplicated intents", "add a response phrase")


def _cache_event_classes() -> None:
    # Rasa walks all event classes for every event of every replayed conversation: a fifth of its time
    from rasa.shared.core.events import Event

    Event.resolve_by_type = staticmethod(functools.lru_cache(maxsize=None)(Event.resolve_by_type))


def _show_warning(
    shown: Callable[..., None], message: "Warning | str", category: type[Warning], filename: str, *rest: Any
) -> None:
    """Show a warning unless a library of 2022 gives it about current ones, or it is known to be harmless."""
    old = (
        issubclass(category, (DeprecationWarning, PendingDeprecationWarning)) and "site-packages" in filename
    )
    # topics are decided by nlu.components.decision, so no ResponseSelector and no response of a task is missing
    harmless = any(
        words in str(message)
        for words in ("ResponseSelector", "'utter_task'", "for the 'task/", "duplicated intents")
    )
    if not (old or harmless):
        shown(message, category, filename, *rest)


def main() -> None:
    """Run Rasa's command line in this process."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    warnings.showwarning = functools.partial(_show_warning, warnings.showwarning)
    without_tensorflow.install()
    from rasa.__main__ import main as rasa_main

    _cache_event_classes()
    remote_actions.watch()
    sys.argv[0] = "rasa"
    rasa_main()


if __name__ == "__main__":
    main()
