"""The errors that a person at the command line can do something about."""

from cli.model import ModelError
from cli.servers import ServerError
from core.answers import AnswerError
from core.centres import ImportErrors
from core.hotlines import HotlineError
from core.keys import KeyMismatchError
from core.outcomes import EngineDownError


def known_errors() -> tuple[type[Exception], ...]:
    """Errors whose message says what to do."""
    return (
        ModelError,
        ServerError,
        AnswerError,
        ImportErrors,
        HotlineError,
        KeyMismatchError,
        EngineDownError,
        ValueError,
    )
