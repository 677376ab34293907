"""Put the conversation together from the written content and an engine."""

from core.answers import read_answers
from core.conversation import Conversation
from core.countries import read_countries
from core.help_cards import HelpCards
from core.hotlines import read_hotlines
from core.outcomes import Engine
from core.settings import ROOT

CONTENT = ROOT / "content"


def build_conversation(engine: Engine) -> Conversation:
    """Read the content and build the conversation; raises the readers' errors for malformed content."""
    hotlines = read_hotlines(CONTENT / "hotlines.yml")
    return Conversation(
        engine=engine,
        answers=read_answers(),
        hotlines=hotlines,
        cards=HelpCards(hotlines),
        countries=read_countries(CONTENT / "countries.yml"),
    )
