"""What holds for all tests: those that ask the public registries run only with ``--live``."""

from __future__ import annotations

import pytest
from hypothesis import settings

# A machine that is busy is no fault of the code: how long something takes is measured elsewhere.
settings.register_profile("registry-lsp", deadline=None)
settings.load_profile("registry-lsp")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--live", action="store_true", help="also run the tests that ask the public registries"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--live"):
        return
    live = [item for item in items if item.get_closest_marker("live")]
    if live:
        config.hook.pytest_deselected(items=live)
        items[:] = [item for item in items if item not in live]
