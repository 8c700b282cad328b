"""What holds for all tests: no host but this one, no token where it does not belong.

The promise's count is told at the end.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Generator, Iterator
from copy import copy
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal import charmap
from hypothesis.internal.conjecture import providers
from hypothesis.internal.intervalsets import IntervalSet
from pytest_socket import socket_allow_hosts

from hardenme.__main__ import SELDOM
from hardenme.collectors.zizmor import Analyser
from hardenme.credentials import memory
from hardenme.model.secret import REDACTOR
from tests import addresses, analysed, tiers
from tests.canaries import SWEEP
from tests.moment import NOW, standing_at
from tests.shared import SHARED

# Tens of thousands of tests are made while they are collected, and none of them is garbage.
gc.disable()
# jsonschema loads what checks addresses of other alphabets, which takes as long as half the tests.
sys.modules.setdefault("rfc3987_syntax", addresses)
# Tests start hundreds of processes, and each would compile all that it loads.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

UNICODE = IntervalSet([(0, 0xD7FF), (0xE000, sys.maxunicode)])
"""The characters that UTF-8 has: all but surrogates."""
EXAMPLES = 20
"""How many inputs a property is tried with in a run; --exhaustive uses Hypothesis's default."""
LONG = (
    "test_never_a_false_pass.py",
    "test_year.py",
    "test_person.py",
    "test_recent.py",
    "test_least_token.py",
    "test_forecast.py",
    "test_sweep_answers.py",
    "test_requests_of_a_sweep.py",
    "test_benchmark.py",
    "test_sweep_visibility.py",
    "test_never_better.py",
    "test_undeclared_reads.py",
    "test_html_browser.py",
    "test_incident_replays.py",
    "test_sweep.py",
    "test_docs_made.py",
    "test_exit_codes.py",
    "test_fix_round_trip.py",
    "test_fix_commands.py",
    "test_sweep_killed.py",
)
"""Files that take longest, the longest first: each is run by one process, as a whole."""
RUN: pytest.StashKey[dict[str, str]] = pytest.StashKey()
"""What the processes that run the tests say of their run, for the summary."""


def pytest_configure(config: pytest.Config) -> None:
    """Watch this process from now on, and have no test depend on the day or on a busy machine."""
    everything = config.getoption("--exhaustive")
    repeated = not everything and not config.getoption("--turn")
    if repeated:
        # Hypothesis also draws constants of the modules that are loaded by then. That takes seconds
        # in each process, and other inputs in each.
        providers._get_local_constants = lambda: providers._local_constants
    # Hypothesis tries each of a million characters to find out, for seconds in each new checkout.
    usual = charmap.intervals_from_codec
    charmap.intervals_from_codec = lambda name: (
        (UNICODE, IntervalSet(())) if name == "utf-8" else usual(name)
    )
    settings.register_profile(
        "untimed",
        deadline=None,
        # A change is judged by the same inputs each time; new ones come with each turn.
        derandomize=repeated,
        suppress_health_check=[HealthCheck.too_slow],
        max_examples=settings().max_examples if everything else EXAMPLES,
    )
    settings.load_profile("untimed")
    if hasattr(config, "workerinput"):
        SHARED.folder = Path(config.option.basetemp).parent
    SWEEP.install()
    tiers.watch()
    # Once for all: pytest's own setting is put in force, and back, for each part of each test.
    logging.getLogger().setLevel(logging.DEBUG)
    standing_at(NOW).start()
    mock.patch.object(Analyser, "_ask", analysed.once).start()
    # A limit that was lowered stays so, for the children of this process too: what lowers it is
    # tested in processes of their own.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(memory, "forbid_core_dumps", lambda: None)
        patch.setattr(sys, "platform", "none")
        memory.close_to_others()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take the tests of the tier that is asked for, and begin with what takes longest.

    So nobody waits for that alone in the end.
    """
    turn, exhaustive = config.getoption("--turn"), config.getoption("--exhaustive")
    tier = config.getoption("--tier") or tiers.default(items, exhaustive=exhaustive)
    said_of(config)["tier"] = tier
    most = config.getoption("--cases")
    out = set(tiers.left_out(items, tier, turn, exhaustive=exhaustive, cases=most))
    config.hook.pytest_deselected(items=[item for item in items if item in out])
    place = {name: number for number, name in enumerate(LONG)}
    items[:] = sorted(
        (item for item in items if item not in out),
        key=lambda item: place.get(item.path.name, len(LONG)),
    )
    for item in items:
        # A machine need not have a browser or npm; `.ci/run` names the programs that it lacks.
        if absent := tiers.missing(item):
            item.add_marker(pytest.mark.skip(reason=f"not on PATH: {', '.join(absent)}"))


def said_of(config: pytest.Config) -> dict[str, str]:
    """What this process says of its run."""
    said: dict[str, str] = getattr(config, "workeroutput", config.stash.setdefault(RUN, {}))
    return said


def tier_of(config: pytest.Config) -> str:
    """Which tier this run takes."""
    return said_of(config).get("tier", tiers.ALL)


def pytest_collection_finish() -> None:
    """Have the collector of garbage pass over the tests themselves: it takes a quarter of the time.

    There are thousands of them, and each full collection would look through all. What tests make
    goes by itself, nearly all of it: to look for the rest now and then is enough.
    """
    gc.freeze()
    gc.enable()
    gc.set_threshold(*SELDOM)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Watch each test from its first fixture on."""
    SWEEP.begin()
    tiers.STARTED.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that left a token anywhere, once its last fixture is gone.

    So does one of the first tier that started the whole command, or a program which not every
    machine has.
    """
    report = yield
    if call.when == "teardown":
        allowed = [
            str(channel) for mark in item.iter_markers("canaries_may_show") for channel in mark.args
        ]
        found = SWEEP.end(report.sections, allowed)
        if found and report.outcome != "failed":
            report.outcome = "failed"
            report.longrepr = "\n".join(("canary sweep", *found))
        share = tiers.share_of(item)
        allowed_one = {tiers.COMMAND} if item.get_closest_marker("first_tier") else set()
        started = sorted({*tiers.STARTED} - allowed_one)
        # Where a sample of a file is taken, what this run takes of it counts.
        if started and (share is None or (share[1] and tier_of(item.config) == tiers.FIRST)):
            report.outcome = "failed"
            report.longrepr = f"not marked as in need of {', '.join(started)}"
    if report.passed and hasattr(item.config, "workerinput"):
        # What a test that passed has logged would go to the process that tells of it, and stay.
        report.sections = []
    return report


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody ask for more than there is time for at each change."""
    parser.addoption(
        "--exhaustive",
        action="store_true",
        help="break every answer in every way for every check, and run every sampled case",
    )
    parser.addoption(
        "--tier",
        choices=tiers.TIERS,
        help="which tests are run: without it the first tier, or all where few tests are picked",
    )
    parser.addoption(
        "--turn",
        type=int,
        default=0,
        help="which part of what is sampled is run: with each number the next one",
    )
    parser.addoption(
        "--cases",
        type=int,
        help="the most cases that the first tier takes of a test without a mark",
    )


@pytest.fixture(autouse=True, scope="module")
def _no_secrets_of_others() -> Iterator[None]:
    """Forget the tokens of a file's tests: hundreds of them would be looked for in each text."""
    before = {name: copy(value) for name, value in vars(REDACTOR).items() if name != "_lock"}
    by_head = {head: set(forms) for head, forms in REDACTOR._by_head.items()}
    yield
    vars(REDACTOR).update(before, _by_head=by_head, _clean=set())


@pytest.fixture
def exhaustive(request: pytest.FixtureRequest) -> bool:
    """Whether everything is to be tried."""
    return bool(request.config.getoption("--exhaustive"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many again as there are cores: tests wait a good part of their time for servers."""
    cores = os.cpu_count() or 1
    return cores + (cores + 1) // 2


@pytest.fixture(autouse=True)
def _this_machine_only() -> None:
    socket_allow_hosts(["127.0.0.1", "127.0.0.2", "::1"], allow_unix_socket=True)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker says of the run."""
    node.config.stash.setdefault(RUN, {}).update(getattr(node, "workeroutput", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which tier was run, and how many broken answers were tried, over all workers."""
    if terminalreporter.config.stash.get(RUN, {}).get("tier") == tiers.FIRST:
        terminalreporter.write_line("first tier; `pytest --tier second` runs the other tests")
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
