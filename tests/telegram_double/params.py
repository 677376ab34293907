"""Reading what a client sends: query, form, multipart and JSON, all values possibly strings."""

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from tests.telegram_double.errors import bad_request


async def read_params(request: Request) -> dict[str, Any]:
    """All parameters of a request; an uploaded file is `{"file_name": str, "content": bytes}`."""
    params: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        params.update(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
    elif kind.startswith("application/json"):
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        params.update(body if isinstance(body, dict) else {})
    elif kind.startswith("multipart/form-data"):
        async with request.form() as form:
            for key, value in form.multi_items():
                if isinstance(value, UploadFile):
                    params[key] = {"file_name": value.filename or "file", "content": await value.read()}
                else:
                    params[key] = value
    return params


class Params:
    """Typed reading of parameters."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.raw.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number; 400 when it is missing without a default, or no number."""
        value = self.raw.get(name)
        if value in (None, ""):
            if default is None:
                raise bad_request(f"{name.removesuffix('_id').replace('_', ' ')} identifier is not specified")
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad_request(f'invalid parameter "{name}"') from None

    def number(self, name: str) -> float:
        """A number, as latitude and longitude are."""
        try:
            return float(self.raw[name])
        except (KeyError, TypeError, ValueError):
            raise bad_request(f"{name} is empty or invalid") from None

    def flag(self, name: str) -> bool:
        """A truth value."""
        return str(self.raw.get(name, "")).lower() in ("true", "1", "yes")

    def json(self, name: str) -> Any:
        """A JSON value, which may come as a string; None when missing."""
        value = self.raw.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None
