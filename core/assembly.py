"""Put the conversation together from the written content and an engine."""

from core.answers import read_answers
from core.conversation import Conversation
from core.outcomes import Engine
from core.storage import Database


def build_conversation(engine: Engine, database: Database) -> Conversation:
    """Read the content and build the conversation; raises the readers' errors for malformed content."""
    return Conversation(engine=engine, answers=read_answers(), database=database)
