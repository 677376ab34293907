"""Every list, filter and search of the console by its address, in groups: what `benchmarks.console` measures."""

from collections.abc import Mapping
from datetime import timedelta

from console.answers import FILTERS
from core.statistics.counts import DIMENSIONS, PERIODS
from core.storage.types import now
from core.threads import REASONS

WIDE_DAYS = 60


def inbox() -> dict[str, list[str]]:
    """The inbox's filters as queries, by kind."""
    today = now().date()
    week, wide = today - timedelta(days=7), today - timedelta(days=WIDE_DAYS)
    return {
        "by status, reason, order": [
            "", "order=newest", "status=all", "status=all&order=newest", "status=done", "status=new", "status=working",
            *(f"reason={name}" for name in (*REASONS, "none")),
        ],
        "by theme or topic": [
            "topic=documents%2F", "topic=documents%2Fpassport", "topic=migration%2Flegal_vs_illegal", "topic=bot%2Fgreet",
            "status=all&topic=money%2Fimei", "topic=documents%2Fpassport&status=all&order=newest",
        ],
        "by confidence": ["below=30", "below=50&status=all"],
        "by language, regency, danger, rating, staff, tag": [
            "language=jv", "regency=35.07", "danger=any", "danger=help%2Fself_harm&status=all", "feedback=down",
            "feedback=up&status=all", "staff=ukur", "staff=nobody", "tag=ditelepon",
        ],
        "by date, alone and with topic, confidence, language": [
            f"since={week}", f"since={week}&status=all&order=newest", f"since={wide}&until={wide}&status=all",
            f"since={wide}&until={today}&topic=money%2F&below=50&language=id",
        ],
        "search, alone and with filters": [
            "q=saya", "q=saya&status=all&order=newest", "q=kata900", "q=kata3900&status=all", "q=langka&status=all",
            "q=tidakada", "q=paspor+gaji", "q=saya+kata1500&status=all", "q=paspor&topic=documents%2F&below=50",
            f"q=taiwan&since={week}",
        ],
    }  # fmt: skip


def groups(chat: str, message: int, opened: float) -> Mapping[str, list[str]]:
    """Addresses by group; `chat` and `message` are in the database, `opened` is a time in seconds."""
    found = {f"inbox, {name}": [f"/inbox?{q}" for q in queries] for name, queries in inbox().items()}
    found["inbox, search, alone and with filters"].append(f"/inbox?q={chat}")
    lists = {"centres": "desa", "offices": "surabaya", "agencies": "contoh"}
    return {
        **found,
        "inbox, how many are new": [
            f"/inbox/new?opened={opened - 600}",
            f"/inbox/new?opened={opened - 864000}&q=saya",
        ],
        "one conversation, one message to correct": [f"/chats/{chat}", f"/messages/{message}/correct"],
        "help now": ["/help-now", "/help-now/list"],
        "learn": ["/learn"],
        "content: answers, with filters and search": [
            *(f"/content?show={name}" for name in FILTERS),
            "/content?theme=money", "/content?q=paspor", "/content?show=missed&theme=documents&q=hilang",
            "/content/answers/documents/passport",
        ],
        "content: centres, offices, companies, hotlines": [
            *(f"/content/lists/{name}" for name in lists),
            *(f"/content/lists/{name}?q={word}" for name, word in lists.items()),
            *(f"/content/lists/{name}?page=2" for name in lists),
            *(f"/content/lists/{name}/1" for name in lists),
            "/content/lists/hotlines", "/content/lists/hotlines?q=bp2mi",
        ],
        "numbers": [f"/numbers?days={days}" for days in PERIODS],
        "numbers as CSV": [f"/numbers/{name}.csv?days=365" for name in (*DIMENSIONS, "trend")],
        "retention": ["/retention"],
        "audit log": [
            "/audit", "/audit?staff=ukur", "/audit?staff=petugas.3", f"/audit?kind=chat&name={chat}",
        ],
    }  # fmt: skip
