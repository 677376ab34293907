"""Methods for the bot's profile: commands, descriptions, name, each by language."""

import re

from tests.telegram_double.errors import bad_request
from tests.telegram_double.markup import units
from tests.telegram_double.methods import method
from tests.telegram_double.params import Params
from tests.telegram_double.state import Json, World


def _language(params: Params) -> str:
    code = params.text("language_code")
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def _commands_key(params: Params) -> str:
    scope = params.json("scope") or {"type": "default"}
    return ":".join(str(part) for part in (*scope.values(), _language(params)))


@method("setMyCommands")
def set_my_commands(world: World, params: Params) -> bool:
    """Publish the commands of a scope and language."""
    commands = params.json("commands") or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"/?[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= units(command.get("description", "").strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile["commands"][_commands_key(params)] = [
        {"command": command["command"].lstrip("/"), "description": command["description"]}
        for command in commands
    ]
    return True


@method("getMyCommands")
def get_my_commands(world: World, params: Params) -> list[Json]:
    """The commands of a scope and language."""
    commands: list[Json] = world.profile["commands"].get(_commands_key(params), [])
    return commands


@method("deleteMyCommands")
def delete_my_commands(world: World, params: Params) -> bool:
    """Withdraw the commands of a scope and language."""
    world.profile["commands"].pop(_commands_key(params), None)
    return True


def _described(name: str, field: str, limit: int) -> None:
    """Register the set and get method of a profile text."""

    def write(world: World, params: Params) -> bool:
        if units(params.text(field)) > limit:
            raise bad_request(f"bot {field.replace('_', ' ')} is too long")
        world.profile[field][_language(params)] = params.text(field)
        return True

    def read(world: World, params: Params) -> Json:
        texts = world.profile[field]
        default = world.bot["first_name"] if field == "name" else ""
        return {field: texts.get(_language(params)) or texts.get("") or default}

    method(f"setMy{name}")(write)
    method(f"getMy{name}")(read)


_described("Description", "description", 512)
_described("ShortDescription", "short_description", 120)
_described("Name", "name", 64)
