"""What holds for all tests: those that ask the public registries run only with ``--live``, those in
real editors with ``--editors``.
"""

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
    parser.addoption(
        "--editors", action="store_true", help="also run the tests in real editors that are there"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [each for each in ("live", "editors") if not config.getoption(f"--{each}")]
    passed_over = [item for item in items if any(map(item.get_closest_marker, left_out))]
    if passed_over:
        config.hook.pytest_deselected(items=passed_over)
        items[:] = [item for item in items if item not in passed_over]
