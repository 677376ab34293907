"""The training as a process of its own: `desmi learn ...`, started from the console."""

import asyncio
import logging
import re
import sys

from core.languages import mark as _
from core.learning import candidates
from core.settings import ROOT, Settings
from core.storage import Database
from core.storage.learning import Candidate

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "cli.main", "learn")
PATIENCE_S = 60.0
"""How long taking a model over may last; it takes a second or two."""

FAULTS = {
    "running": _("Model percobaan lain sedang dilatih. Tunggu sampai selesai."),
    "not_ready": _("Model percobaan ini tidak lagi menunggu keputusan."),
    "worse": _("Model percobaan ini lebih buruk pada kalimat uji. Model tidak dipakai."),
    "gone": _("Model itu sudah tidak tersimpan. Latih lagi."),
    "withdrawn": _("Seseorang mencabut izin atas kalimat yang dipakai model ini. Latih lagi."),
    "changed": _("Jawaban, kalimat atau kode berubah sejak model ini dibuat. Latih lagi."),
    "broken_off": _("Pelatihan terputus. Coba lagi."),
}
"""Why `desmi learn` could not do it, by the name at the end of its message."""
_OTHER = _("Tidak berhasil. Pengelola menemukan sebabnya di log/learn.log.")

_waiting: set[asyncio.Task[None]] = set()


def fault_text(message: str) -> str:
    """An error of `desmi learn` as a text to translate."""
    found = re.search(r"\((\w+)\)\s*$", message)
    return FAULTS.get(found[1], _OTHER) if found else _OTHER


async def start(settings: Settings, database: Database, number: int) -> None:
    """Train a candidate in the background; that the process ended without a word is written to its row."""
    process = await _spawn(settings, "try", "--candidate", str(number))
    task = asyncio.create_task(_wait(process, database, number))
    _waiting.add(task)
    task.add_done_callback(_waiting.discard)


async def _wait(process: asyncio.subprocess.Process, database: Database, number: int) -> None:
    await process.wait()
    async with database.begin() as session:
        row = await session.get(Candidate, number)
        if row is not None and row.state == "running":
            row.state, row.error = "failed", candidates.BROKEN_OFF
            logger.error("the training of candidate %d ended with code %s", number, process.returncode)


async def run(settings: Settings, *arguments: str) -> str:
    """Run a short command to its end; returns its fault as a text to translate, empty if there is none."""
    process = await _spawn(settings, *arguments, pipe=True)
    try:
        async with asyncio.timeout(PATIENCE_S):
            _out, said = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return _OTHER
    if process.returncode == 0:
        return ""
    logger.error("learn %s: %s", arguments[0], said.decode("utf-8", "replace")[-400:])
    return fault_text(said.decode("utf-8", "replace"))


async def _spawn(settings: Settings, *arguments: str, pipe: bool = False) -> asyncio.subprocess.Process:
    path = settings.data_dir / "log" / "learn.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *COMMAND, *arguments, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=log,
            stderr=asyncio.subprocess.PIPE if pipe else log,
        )  # fmt: skip
