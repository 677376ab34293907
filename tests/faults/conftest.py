"""An option of the tests of faults."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="1,000 updates and 20 kills in the kill test")
