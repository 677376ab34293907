"""The terminal chat: shows what Telegram would show, buttons as numbers and pins as lines."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from core.citations import about
from core.conversation import Conversation
from core.guard import Guard
from core.help_cards import addressee
from core.languages import mark as _
from core.languages import translator
from core.menus import topic_choice
from core.outcomes import ChatState, EngineDownError, Outcome
from core.reading import read_text
from core.redaction import coarsen
from core.replies import Choice, Reply
from core.turns import Turn

HOW_TO_RUN_THE_BOT = (
    "No Telegram token is set, so this is the terminal chat.\n"
    "To run the bot: get a token from @BotFather and write DESMI_TELEGRAM_TOKEN=... into the file .env, then start again."
)

_COMMANDS_HINT = _(
    "Ketik pertanyaan, nomor tombol, perintah seperti /menu, atau 'lokasi -6.9 107.1'. Keluar: Ctrl-D."
)


CHAT = "terminal-chat"
"""The terminal's name as a chat."""
RELATED = 3
"""Related topics shown under an answer."""


class TerminalChat:
    """One conversation in a terminal; no message of it is stored but in Rasa's own conversation."""

    def __init__(
        self,
        conversation: Conversation,
        guard: Guard,
        keep: frozenset[str],
        out: Callable[[str], None],
        record: Callable[[Outcome], Awaitable[None]],
    ) -> None:
        """`record` writes what a turn writes beside its replies."""
        self._conversation = conversation
        self._guard = guard
        self._keep = keep
        self._out = out
        self._record = record
        self._chat = ChatState(CHAT)
        self._buttons: list[Choice] = []

    async def run(self) -> None:
        """Read lines until the end of input."""
        await self.turn(Turn("command", "start"))
        self._out(translator(self._chat.language).gettext(_COMMANDS_HINT))
        while True:
            try:
                line = await asyncio.to_thread(_read_line)
            except (EOFError, KeyboardInterrupt):
                return
            if line.strip():
                await self.turn(self._read(line))

    def _read(self, line: str) -> Turn:
        words = line.split()
        if (
            len(words) == 1
            and words[0].isascii()
            and words[0].isdigit()
            and 1 <= int(words[0]) <= len(self._buttons)
        ):
            return Turn("tap", self._buttons[int(words[0]) - 1].data)
        if words[0].lower() == "lokasi" and len(words) == 3:
            point = _point(words[1].strip(","), words[2])
            if point is not None:
                return Turn("location", lat=point[0], lon=point[1])
        return read_text(line, self._guard, self._keep)

    async def turn(self, turn: Turn) -> None:
        """Handle one turn and show what comes of it."""
        if turn.danger:
            self._show([self._conversation.card(addressee(self._chat, turn.text), turn.danger)])
        try:
            outcome = await self._conversation.handle(self._chat, turn)
        except EngineDownError:
            self._show([self._conversation.offline(self._chat)])
            return
        await self._record(outcome)
        if outcome.erase:
            await self._conversation.engine.forget(CHAT)
        self._chat = ChatState(CHAT, outcome.chat.language) if outcome.erase else outcome.chat
        self._show_outcome(outcome)

    def _show_outcome(self, outcome: Outcome) -> None:
        if outcome.notice:
            self._out(f"({outcome.notice})")
        self._show(outcome.replies)

    def _show(self, replies: Sequence[Reply]) -> None:
        t = translator(self._chat.language)
        self._buttons = []
        for reply in replies:
            self._out("")
            if reply.venue:
                v = reply.venue
                self._out(f"📍 {v.title}, {v.address} ({v.lat:.5f}, {v.lon:.5f})")
            if reply.text:
                self._out(reply.text)
            if reply.file:
                self._out(f"📎 {reply.file.name}")
            for source in reply.sources:
                named = f"{source.title} ({about(source.publisher, source.date)})"
                self._out("   " + t.gettext(_("Sumber: {sources}")).format(sources=named))
            if reply.checked:
                checked = t.date(date.fromisoformat(reply.checked))
                self._out("   " + t.gettext(_("diperiksa {date}")).format(date=checked))
                if reply.review_by and date.fromisoformat(reply.review_by) < date.today():
                    stale = t.gettext(_("⚠️ mungkin sudah berubah sejak {date}"))
                    self._out("   " + stale.format(date=checked))
            related = [topic_choice(t, name) for name in reply.related[:RELATED]]
            for choice in (*(c for row in reply.buttons for c in row), *related):
                self._buttons.append(choice)
                self._out(f"   [{len(self._buttons)}] {choice.text}")
        self._out("")


def _point(lat: str, lon: str) -> tuple[float, float] | None:
    """A coarse position in degrees; None when these are no degrees."""
    try:
        north, east = float(lat), float(lon)
    except ValueError:
        return None
    # "nan" and "inf" are floats too, and fail here
    return coarsen(north, east) if abs(north) <= 90 and abs(east) <= 180 else None


def _read_line() -> str:
    sys.stdout.write("> ")
    sys.stdout.flush()
    # bytes that are no text must not end the chat
    raw = sys.stdin.buffer.readline()
    if not raw:
        raise EOFError
    return raw.decode("utf-8", "replace").rstrip("\r\n")
