"""The errors that a person at the command line can do something about."""

from sqlalchemy.exc import SQLAlchemyError

from cli.learning import LearningError
from cli.model import ModelError
from cli.servers import ServerError
from core.answers import AnswerError
from core.help_cards import HelpCardError
from core.hotlines import HotlineError
from core.keys import KeyMismatchError
from core.outcomes import EngineDownError
from core.rows import ImportErrors


def known_errors() -> tuple[type[Exception], ...]:
    """Errors whose message says what to do."""
    return (
        ModelError,
        ServerError,
        LearningError,
        AnswerError,
        ImportErrors,
        HotlineError,
        HelpCardError,
        KeyMismatchError,
        EngineDownError,
        SQLAlchemyError,
        PermissionError,
        NotADirectoryError,
        FileExistsError,
        ValueError,
    )


def explain(error: Exception) -> str:
    """The error in words that say what to do."""
    if isinstance(error, SQLAlchemyError):
        # its own words repeat the statement and what was to be stored
        return f"The database does not answer as it should ({error.__class__.__name__}). Check DESMI_DATABASE_URL."
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}. Check DESMI_DATA_DIR and who may write there."
    return str(error)
