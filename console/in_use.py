"""The different values of an indexed column, for lists of choices."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute


def in_use(column: InstrumentedAttribute[Any]) -> Select[Any]:
    """Query of the values in their order, a step through the index for each: they are few, and the rows with them many."""
    step = select(func.min(column).label("value")).cte(recursive=True)
    following = select(func.min(column)).where(column > step.c.value).scalar_subquery()
    step = step.union_all(select(following).where(step.c.value.is_not(None)))
    return select(step.c.value).where(step.c.value.is_not(None))
