"""Effects: what a turn writes beside its replies, in the transaction that calls the turn done.

A task decides in one process and is recorded in another, so an effect is a value that can be written as JSON;
`apply` writes it. Each effect stands in the module of its noun and is registered with `@effect("name")`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession


class Effect(Protocol):
    """A frozen dataclass of JSON-ready fields (dates and times included)."""

    async def apply(self, session: AsyncSession, chat: str, moment: datetime) -> None:
        """Write it.

        Args:
            session: The transaction; it is committed by the caller.
            chat: The chat's pseudonym; its row exists.
            moment: When the turn was done, UTC.
        """
        ...


_KINDS: dict[str, type[Any]] = {}
T = TypeVar("T", bound=type[Any])


class EffectError(ValueError):
    """What was read is no effect that is known."""


def effect(name: str) -> Callable[[T], T]:
    """Register a dataclass under the name by which it is written."""

    def register(kind: T) -> T:
        if name in _KINDS:
            raise EffectError(f"two effects are called {name}")
        _KINDS[name] = kind
        return kind

    return register


def effect_to_dict(value: Effect) -> dict[str, Any]:
    """A JSON-ready mapping; `effect_from_dict` undoes it."""
    name = next((name for name, kind in _KINDS.items() if kind is type(value)), None)
    if name is None:
        raise EffectError(f"{type(value).__name__} is not registered as an effect")
    fields: dict[str, Any] = TypeAdapter(type(value)).dump_python(value, mode="json")
    return {"effect": name, **fields}


def effect_from_dict(value: Mapping[str, Any]) -> Effect:
    """Read an effect; raises `EffectError` for an unknown one and pydantic's error for wrong fields."""
    fields = dict(value)
    kind = _KINDS.get(str(fields.pop("effect", "")))
    if kind is None:
        raise EffectError(f"no effect is called {value.get('effect')!r}")
    found: Effect = TypeAdapter(kind).validate_python(fields)
    return found
