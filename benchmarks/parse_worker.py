"""One process of the timing (benchmarks/parse_time.py): trains the default pipeline, or loads a model and parses.

`train CONFIG OUT` trains what CONFIG says on our sentences. `parse MODEL` says how long loading took, then answers every
line (a JSON string) with the milliseconds of one `Agent.parse_message`, by the clock and of the processor.
"""

import asyncio
import json
import logging
import os
import sys
import time
import warnings
from importlib.util import find_spec
from pathlib import Path

from nlu import without_tensorflow


def train(config: str, out: str) -> None:
    """Train the pipeline of a config file on the project's sentences and answers."""
    from rasa.model_training import train_nlu

    where = Path(out)
    train_nlu(
        config, "nlu", str(where.parent), fixed_model_name=where.name.removesuffix(".tar.gz"), domain="domain"
    )


def memory_mb() -> float:
    """What the process holds in memory now, MB."""
    with Path("/proc/self/statm").open() as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


async def parse(model: str) -> None:
    """Load a model, then time a message a line until the input ends."""
    begun = time.perf_counter()
    import structlog
    from rasa.core.agent import Agent

    imported = time.perf_counter()
    # as `rasa run` does: without it every message would be written out
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    agent = Agent.load(model)
    loaded = time.perf_counter()
    await agent.parse_message("halo")  # the first one makes what is made once
    _say({"import_s": imported - begun, "load_s": loaded - imported})
    for line in sys.stdin:
        text = json.loads(line)
        clock, processor = time.perf_counter(), time.process_time()
        await agent.parse_message(text)
        _say(
            {
                "ms": (time.perf_counter() - clock) * 1000,
                "cpu_ms": (time.process_time() - processor) * 1000,
                "memory_mb": memory_mb(),
            }
        )


def _say(answer: dict[str, float]) -> None:
    print(json.dumps(answer), flush=True)


def main() -> None:
    """`train` or `parse`."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    warnings.simplefilter("ignore")
    if find_spec("tensorflow") is None:
        without_tensorflow.install()
    what, *given = sys.argv[1:]
    if what == "train":
        train(*given)
    else:
        asyncio.run(parse(*given))


if __name__ == "__main__":
    main()
