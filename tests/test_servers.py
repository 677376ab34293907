"""The test session's own servers answer."""

import socket
from urllib.parse import urlsplit

import psycopg

from tests.conftest import PostgresServer


def test_postgres_is_fresh_and_on_loopback(postgres_server: PostgresServer) -> None:
    with psycopg.connect(f"postgresql://{postgres_server.address}/postgres") as connection:
        names = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('fsync')"
        ).fetchone()
    assert names == ("127.0.0.1", "off")


def test_redis_answers(redis_url: str) -> None:
    parts = urlsplit(redis_url)
    with socket.create_connection((parts.hostname, parts.port or 0), 10) as connection:
        connection.sendall(b"SET a 1\r\nGET a\r\n")
        assert connection.recv(64).startswith(b"+OK")
