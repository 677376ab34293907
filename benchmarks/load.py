"""People who write and tap, played through the double's control routes, and how long each waited.

Both times of a wait are the double's own: when the update arose there, and when the reply came in there.
"""

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.systems import System

PATIENCE_S = 60.0
PAUSE_S = 1.5
"""Rest between blocks, so that a bucket of sends is full again."""
THEME, TOPIC = "1:m:documents", "1:t:documents/passport"
QUESTIONS = {
    True: (
        "cara bikin paspor gimana ya",
        "berapa biaya paspor untuk calon pekerja migran?",
        "apa saja yang diperiksa waktu medical check up",
        "gaji dipotong agen tiap bulan, itu boleh gak",
        "surat izin suami harus gimana buatnya",
        "sertifikat kompetensi itu apa",
        "cara kirim uang ke kampung yang aman",
        "apa itu desmigratif",
    ),
    # what the template bot was trained to answer
    False: ("hello", "are you a bot?", "bye", "hey", "are you a human?", "goodbye"),
}
_NAMES = itertools.count(1)


@dataclass(slots=True)
class Result:
    """What a block of load measured, summed over the rounds."""

    waits_ms: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    """Replies per second, a value a round."""
    cpu_ms: list[float] = field(default_factory=list)
    """Processor time of all processes per reply in ms, a value a round."""


def _people(count: int) -> list[str]:
    return [f"orang-{next(_NAMES)}" for _ in range(count)]


async def _do(system: System, person: str, action: str, **arguments: Any) -> float:
    """Have a person do something; the moment in which it was done, in the double's seconds."""
    answer = await system.control.post(f"/users/{person}/{action}", json=arguments)
    assert answer.status_code == 200, answer.text
    return float(answer.json()["at"])


async def _reply_at(system: System, person: str, kind: str, after: float) -> float:
    """When the first event of a kind since `after` came to a person."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    place = 0
    while asyncio.get_running_loop().time() < deadline:
        wait: dict[str, str | int] = {"kind": kind, "wait": 10, "after": place}
        seen = (await system.control.get(f"/users/{person}/events", params=wait)).json()
        for event in seen["events"]:
            if event["at"] >= after:
                return float(event["at"])
        place = seen["next"]
    raise AssertionError(f"{system.name}: no {kind} for {person} in {PATIENCE_S:.0f} s")


async def one_by_one(
    system: System, people: Sequence[str], action: str, kind: str, values: Sequence[str]
) -> list[float]:
    """Each person waits for the reply of the one before; waits in ms."""
    name = "text" if action == "says" else "button"
    waits = []
    for person, value in zip(people, itertools.cycle(values), strict=False):
        at = await _do(system, person, action, **{name: value})
        waits.append((await _reply_at(system, person, kind, at) - at) * 1000)
    return waits


async def all_at_once(
    system: System, people: Sequence[str], action: str, kind: str, values: Sequence[str]
) -> tuple[float, float]:
    """All do it at once; replies per second, and processor time per reply in ms."""
    start = int((await system.control.get("/events", params={"after": 10**9})).json()["next"])
    name = "text" if action == "says" else "button"
    cpu = system.cpu_s()
    begun = await asyncio.gather(
        *(
            _do(system, person, action, **{name: value})
            for person, value in zip(people, itertools.cycle(values), strict=False)
        )
    )
    first: dict[int, float] = {}
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while len(first) < len(people):
        assert asyncio.get_running_loop().time() < deadline, f"{system.name}: {len(first)} of {len(people)}"
        # seldom, so that looking takes little of the machine
        await asyncio.sleep(0.2)
        seen = (await system.control.get("/events", params={"kind": kind, "after": start})).json()
        start = max(start, seen["next"])
        for event in seen["events"]:
            first.setdefault(event["chat_id"], event["at"])
    spent = system.cpu_s() - cpu
    return len(people) / (max(first.values()) - min(begun)), spent * 1000 / len(people)


async def block(system: System, results: dict[str, Result], few: int, many: int) -> None:
    """One block of the same load for every system; the template bot has no buttons to tap."""
    texts = QUESTIONS[system.taps]
    for size in (few, many):
        people = _people(size)

        async def measure(label: str, action: str, kind: str, values: Sequence[str]) -> None:
            result = results.setdefault(label, Result())
            if len(people) == few:  # noqa: B023 - called within this turn of the loop
                result.waits_ms += await one_by_one(system, people, action, kind, values)  # noqa: B023
            else:
                rate, cpu = await all_at_once(system, people, action, kind, values)  # noqa: B023
                result.rates.append(rate)
                result.cpu_ms.append(cpu)
            await asyncio.sleep(PAUSE_S)

        await measure("text", "says", "message", texts)
        if system.taps:
            people = _people(size)
            await measure("/menu", "says", "message", ["/menu"])
            await measure("tap: menu page", "taps", "edit", [THEME])
            await measure("tap: answer", "taps", "message", [TOPIC])
