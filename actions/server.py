"""The action server on loopback: `python -m actions.server` (rasa-sdk's own entry listens on every address)."""

import logging
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions.resources import atlas
from core.settings import settings


class Executor(ActionExecutor):
    """Runs actions without the domain: Rasa sends none (`endpoints.yml`), and no action of ours reads it."""

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """The domain that came along, else an empty one; the library's own version refuses such a call."""
        return payload.get("domain") or {}


def main() -> None:
    """Load places, then serve until stopped."""
    config = settings()
    logging.basicConfig(level=config.log_level)
    logging.getLogger("sanic.access").setLevel(logging.WARNING)
    atlas()
    executor = Executor()
    executor.register_package("actions")
    app = create_app(executor)
    app.run(host="127.0.0.1", port=config.actions_port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
