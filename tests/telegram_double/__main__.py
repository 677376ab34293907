"""The double as a process of its own: `python -m tests.telegram_double --port N`; see `control`."""

import argparse
import asyncio
import json
import signal

import uvloop

from tests.telegram_double import BURST, TelegramDouble


async def _serve(arguments: argparse.Namespace) -> None:
    double = TelegramDouble(
        arguments.port,
        arguments.host,
        arguments.token,
        arguments.username,
        arguments.enforce,
        arguments.burst,
    )
    async with double:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        print(json.dumps({"url": double.url}), flush=True)
        await stop.wait()


def main() -> None:
    """Serve until SIGINT or SIGTERM; the first line of output says where, as JSON."""
    parser = argparse.ArgumentParser(prog="python -m tests.telegram_double", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 chooses a free one")
    parser.add_argument("--token", help="the only good token; any of the right form when not given")
    parser.add_argument("--username", default="desmi_uji_bot")
    parser.add_argument("--enforce", action="store_true", help="answer 429 to a bot that sends too fast")
    parser.add_argument("--burst", type=int, default=BURST, help="messages that a chat takes at once")
    arguments = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(arguments))


if __name__ == "__main__":
    main()
