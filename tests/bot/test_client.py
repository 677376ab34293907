"""The client of the Bot API: when it goes through a proxy."""

from bot import client as clients
from bot.client import make_client
from tests.bot.fakes import TOKEN


def test_proxies_are_for_the_world(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://out.example:3128")
    assert clients.httpx.URL("http://127.0.0.1:1").host in clients._LOOPBACK
    assert make_client(TOKEN, "http://127.0.0.1:1")._request[0]._client.trust_env is False
