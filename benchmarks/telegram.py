"""Desmi beside Rasa's template bot, on the same Telegram double, in the same run: `make benchmark`."""

import argparse
import asyncio
from pathlib import Path

from benchmarks import load, report
from benchmarks.load import Result
from benchmarks.systems import System, start_desmi, start_template
from cli.model import train
from core.settings import ROOT

PAGE = ROOT / "docs" / "reports" / "speed.md"
UNPACED = "Desmi webhook unpaced"
SETTLE_S = 3.0


async def _start() -> list[System]:
    """Start the systems one after the other, so that each has the machine for itself."""
    systems: list[System] = []
    try:
        for starting in (
            start_desmi("Desmi polling", "polling"),
            start_desmi("Desmi webhook", "webhook"),
            start_desmi(UNPACED, "webhook", unpaced=True),
            start_template(),
        ):
            systems.append(await starting)
            print(f"{systems[-1].name}: ready after {systems[-1].start_s['all']:.1f} s", flush=True)
            await asyncio.sleep(SETTLE_S)
    except BaseException:
        await _stop(systems)
        raise
    return systems


async def _stop(systems: list[System]) -> None:
    for system in systems:
        await system.stop()


async def _measure(arguments: argparse.Namespace) -> str:
    systems = await _start()
    try:
        results: dict[str, dict[str, Result]] = {system.name: {} for system in systems}
        for system in systems:  # to warm up; not counted
            await load.block(system, {}, 5, 10)
        for number in range(arguments.rounds):
            turned = systems[number % len(systems) :] + systems[: number % len(systems)]
            for system in turned:
                print(f"round {number + 1} of {arguments.rounds}: {system.name}", flush=True)
                await load.block(system, results[system.name], arguments.few, arguments.many)
        reports = {}
        for system in systems:
            system.measure_memory()
            reports[system.name] = (await system.control.get("/flood")).json()
    finally:
        await _stop(systems)
    columns = [report.Column(system, results[system.name]) for system in systems]
    return report.write(
        arguments.output,
        columns[:-1],
        columns[-1],
        command=f"`python -m benchmarks.telegram --rounds {arguments.rounds} --few {arguments.few} "
        f"--many {arguments.many}`",
        rounds=arguments.rounds,
        few=arguments.few,
        many=arguments.many,
        unpaced=UNPACED,
        template_topics=7,
        limits=report.limits_line(reports),
    )


def main() -> None:
    """Measure, write the page, print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.telegram", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--few", type=int, default=20, help="people one after the other in a round")
    parser.add_argument("--many", type=int, default=60, help="people at once in a round")
    parser.add_argument("--output", type=Path, default=PAGE)
    arguments = parser.parse_args()
    if arguments.few == arguments.many:
        parser.error("--few and --many must differ")
    train()
    print(asyncio.run(_measure(arguments)))


if __name__ == "__main__":
    main()
