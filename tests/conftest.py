"""What holds for all tests: no host but this one, and the promise's count is told at the end."""

from __future__ import annotations

import os

import pytest
from pytest_socket import socket_allow_hosts


def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: tests wait a good part of their time for servers."""
    cores = os.cpu_count() or 1
    return cores + (cores + 1) // 2


@pytest.fixture(autouse=True)
def _this_machine_only() -> None:
    socket_allow_hosts(["127.0.0.1", "127.0.0.2", "::1"], allow_unix_socket=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many broken answers were tried, over all workers."""
    counts = [
        value
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
        if name == "mutations"
    ]
    if counts:
        terminalreporter.write_line(
            f"never a false pass: {sum(counts)} broken answers and files over {len(counts)} checks"
        )
