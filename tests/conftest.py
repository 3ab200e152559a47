"""What holds for all tests: those that ask the public registries run only with ``--live``, those in
real editors with ``--editors``.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from typing import Any

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
    parser.addoption(
        "--all-editors", action="store_true", help="as --editors, and fail where one is not there"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.option.editors = config.option.editors or config.option.all_editors


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test in an editor that is wanted has failed where it was skipped."""
    report = yield
    if report.skipped and item.get_closest_marker("editors") and item.config.option.all_editors:
        report.outcome = "failed"
        report.longrepr = f"skipped: {_reason(report.longrepr)}"
    return report


def _reason(told: Any) -> str:
    return str(told[2]) if isinstance(told, tuple) else str(told)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Eleven thousand tests are no garbage: looking for some among them took a third of the time
    in which they are collected, and no later pass need look at them.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [each for each in ("live", "editors") if not config.getoption(f"--{each}")]
    passed_over = [item for item in items if any(map(item.get_closest_marker, left_out))]
    if passed_over:
        config.hook.pytest_deselected(items=passed_over)
        items[:] = [item for item in items if item not in passed_over]
