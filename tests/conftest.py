"""Shared by all tests: nothing may be skipped where everything is required."""

import os
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ``KOKUHO_REQUIRE_ALL=1`` a test that would be skipped fails, with the same words."""
    report = yield
    if report.skipped and os.environ.get("KOKUHO_REQUIRE_ALL") == "1":
        report.outcome = "failed"
        report.longrepr = (
            f"{item.nodeid} was skipped, but everything is required: {report.longrepr}"
        )
    return report
