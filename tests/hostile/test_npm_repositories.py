"""Repositories of packages that are hidden, gone, moved or refused; runs that are stopped."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import FrameType
from typing import Any
from unittest import mock

import pytest

from hardenme.cli.output.delivery import STOPPED
from hardenme.collectors.npm.presence import Presence
from hardenme.engine.joins import Joins
from hardenme.engine.settle import exit_code
from hardenme.ground.exit_code import Exit
from hardenme.model.report import Report
from hardenme.model.unknown import Reason, Unknown
from hardenme.reports import FORMATS, render
from hardenme.sandbox.github.world import Repository, World
from hardenme.sandbox.http import Reply, Request
from hardenme.sandbox.npm.world import World as NpmWorld
from tests.attended import AtHand
from tests.hostile.publishing import (
    FAMILIES,
    ORGANIZATION,
    PACKAGE,
    TARGET,
    answer,
    page,
    publisher,
    whole,
)
from tests.hostile.sweeping import failed, nothing_worse, results, told, unknown
from tests.running import Stage

pytestmark = [
    pytest.mark.second_tier("whole runs over hostile answers", one_of=10),
    pytest.mark.sampled(3),
]

ABOUT = f"npm:package/{PACKAGE}"
NAMED = "/repos/hazel/lantern(/.*)?"
ON_GITHUB = {f"NPP{code}" for code in (103, 104, 105, 115)}
ON_GITHUB |= {f"PUB{code}" for code in (101, 103, 104, 105)} | {"REL105"}
"""What takes a word of GitHub."""


def lantern(running: Stage) -> Repository:
    world: World = running.github.world  # type: ignore[attr-defined]  # the sandbox has it
    return next(item for item in world.repositories if item.full_name == "hazel/lantern")


def gone(running: Stage) -> None:
    running.github.world.repositories.remove(lantern(running))  # type: ignore[attr-defined]


def hidden(running: Stage) -> None:
    """Private, and the token was not given it."""
    repository = lantern(running)
    repository.visibility = "private"
    world: Any = running.github.world  # type: ignore[attr-defined]
    for token in world.tokens:
        token.repository_selection = frozenset({"hazel/compass"})


def everywhere(**how: Any) -> Callable[[Stage], object]:
    return lambda running: running.github.fault(".*", **how)


def no_token(running: Stage) -> None:
    running.github_token = ""


BLIND: dict[str, tuple[Callable[[Stage], object], Reason, str]] = {
    "gone": (gone, Reason.NOT_VISIBLE, "the right name, and a token that sees it"),
    "no token": (no_token, Reason.NOT_PERMITTED, "a GitHub token"),
    "away": (everywhere(hang_up=True), Reason.UNREACHABLE, "check the network"),
    "failing": (everywhere(edit=page(502)), Reason.UNREACHABLE, "run again later"),
    "limited": (
        everywhere(edit=answer(429, {"message": "You have exceeded a secondary rate limit"})),
        Reason.RATE_LIMITED,
        "run again then",
    ),
    "rejected": (
        everywhere(edit=answer(401, {"message": "Bad credentials"})),
        Reason.REJECTED,
        "a GitHub token that is accepted",
    ),
}
"""What is wrong with GitHub as a whole, the reason that it gives, and words that help."""


@pytest.mark.parametrize("how", BLIND)
def test_without_github_the_packages_are_judged_as_far_as_npm_tells(how: str) -> None:
    change, reason, help_ = BLIND[how]
    with publisher() as running:
        change(running)
        report = running.audit(TARGET, select_=FAMILIES)
    lost = nothing_worse(whole(TARGET), report)
    assert lost == ON_GITHUB == unknown(report)
    outcome = told(report)["PUB101", ABOUT].outcome
    assert isinstance(outcome, Unknown)
    assert outcome.reason is reason
    # The leg that is not known is named, and what would help.
    assert "whether the trusted publishers" in outcome.needed
    assert help_ in outcome.needed
    assert exit_code(report) is Exit.UNKNOWN


SSO = "required; url=https://github.com/orgs/hazel/sso?authorization_request=A"
PARTLY = {
    "404": (answer(404, {"message": "Not Found"}), Reason.NOT_VISIBLE),
    "403": (answer(403, {"message": "Resource not accessible"}), Reason.NOT_PERMITTED),
    "single sign-on": (
        answer(403, {"message": "Resource protected"}, x_github_sso=SSO),
        Reason.NEEDS_SSO,
    ),
    "a page": (page(200), Reason.MALFORMED),
}


@pytest.mark.parametrize("how", PARTLY)
def test_a_repository_that_is_refused_where_its_settings_lie(how: str) -> None:
    """What came by other ways stands; nothing is taken for the repository's state."""
    edit, reason = PARTLY[how]
    with publisher() as running:
        running.github.fault(NAMED, edit=edit)
        report = running.audit(TARGET, select_=FAMILIES)
    assert nothing_worse(whole(TARGET), report) >= {"NPP104", "NPP115", "REL105"}
    assert unknown(report, reason) >= {"NPP104", "NPP115", "REL105"}
    assert failed(report) == set()


def test_a_repository_that_the_token_may_not_see_is_not_gone() -> None:
    with publisher() as running:
        hidden(running)
        report = running.audit(TARGET, select_=FAMILIES)
    assert unknown(report) >= {"NPP104", "NPP105", "NPP115", "PUB101"}
    nothing_worse(whole(TARGET), report)
    assert failed(report) == set()


def test_a_repository_that_moved_is_not_followed_into_a_pass() -> None:
    """Under its old name anyone may make another one: npm still trusts that name."""
    with publisher() as running:
        repository = lantern(running)
        repository.former_names.append(repository.full_name)
        repository.name = "lampion"
        report = running.audit(TARGET, select_=FAMILIES)
    assert failed(report) == {"NPP104", "NPP115", "PUB104"}
    assert unknown(report) >= {"NPP105", "PUB101"}
    assert results(report, ABOUT)["PUB101"] == "unknown"


@pytest.mark.parametrize("target", ["me", ORGANIZATION])
def test_a_package_of_a_hidden_repository_among_others(target: str) -> None:
    with publisher() as running:
        gone(running)
        report = running.audit(target, select_=FAMILIES)
    assert nothing_worse(whole(target), report) == ON_GITHUB
    assert failed(report) == set()


INTERRUPTED = threading.Event()
"""Whether the main thread has got the interrupt of this test."""


@pytest.fixture
def interrupts() -> Iterator[None]:
    """Ctrl-C is an exception in the main thread, as it is for a user."""
    whole()

    def handle(number: int, frame: FrameType | None) -> None:
        INTERRUPTED.set()
        signal.default_int_handler(number, frame)

    INTERRUPTED.clear()
    before = signal.signal(signal.SIGINT, handle)
    yield
    signal.signal(signal.SIGINT, before)


def press() -> None:
    main = threading.main_thread().ident
    assert main is not None
    signal.pthread_kill(main, signal.SIGINT)


def stopped(report: Report) -> None:
    """Hold that a run which was stopped keeps what was found, and passes nothing else."""
    assert report.partial == "interrupted"
    assert STOPPED[report.partial] is Exit.INTERRUPTED
    nothing_worse(whole(), report)
    assert Reason.INCOMPLETE in {
        one.outcome.reason for one in report.findings if isinstance(one.outcome, Unknown)
    }
    for form in FORMATS:
        assert render(report, form)


@pytest.mark.usefixtures("interrupts")
def test_an_interrupt_while_the_second_factor_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Leaving(AtHand):
        def asked(self, page: str, left: int) -> None:
            self.pages.append((page, left))
            press()

    def wait(ended: threading.Event, seconds: float) -> bool:
        return ended.wait(min(seconds, 0.01))

    def patient(world: Any) -> None:
        world.web_polls = 10_000

    leaving = Leaving()
    presence = Presence(leaving, patience=60.0, clock=time.monotonic, wait=wait)
    monkeypatch.setattr("tests.running.attended", lambda _person: presence)
    with publisher(patient) as running:
        report = running.audit("me", select_=FAMILIES)
        trusts = [one for one in running.npm.requests if one.path.endswith("/trust")]
    stopped(report)
    assert len(leaving.pages) == len(trusts) == 1
    assert leaving.given == 0
    assert {"NPP101", "PUB101"} <= unknown(report)
    passed = {one.code for one in report.findings if one.result == "passed"}
    assert passed & {"NPA101", "NPA105", "NPP107", "NPP108", "NPP109", "REL101"}


@pytest.mark.second_tier("interrupts a run in the middle")
@pytest.mark.usefixtures("interrupts")
def test_an_interrupt_while_the_repositories_of_packages_are_asked() -> None:
    def edit(_request: Request, reply: Reply) -> Reply:
        press()
        assert INTERRUPTED.wait(60)
        time.sleep(0.3)
        return reply

    with publisher() as running:
        running.github.fault("/graphql", edit=edit, times=1)
        report = running.audit("me", select_=FAMILIES)
    stopped(report)
    assert "PUB101" in unknown(report)
    passed = {one.code for one in report.findings if one.result == "passed"}
    assert passed >= {"NPA101", "NPA105", "NPP101", "NPP102", "NPP108", "NPP109", "NPO102"}


def test_a_package_is_not_judged_by_the_only_repository_that_was_looked_at() -> None:
    """That one is another package's; of its own nothing was read."""
    of, other = Joins.of, "@hazel-grove/sextant"

    def none(*given: Any) -> Joins:
        return replace(of(*given), asked=False)

    def beside(world: NpmWorld) -> None:
        first = world.packages[0]
        repository = {"type": "git", "url": "git+https://github.com/hazel/compass.git"}
        world.packages.append(replace(first, name=other, repository=repository))

    targets = (TARGET, f"npm:{other}", "github:hazel/compass")
    with publisher(beside) as running:
        on_github: World = running.github.world  # type: ignore[attr-defined]  # the sandbox has it
        for item in on_github.repositories:
            item.collaborators["rowan"] = "admin"
        each = running.audit(*targets, select_=("PUB103", "GHR112"))
        with mock.patch.object(Joins, "of", none):
            one = running.audit(*targets, select_=("PUB103", "GHR112"))
    assert results(each, ABOUT)["PUB103"] == "passed"
    assert results(one, f"npm:package/{other}")["PUB103"] == "passed"
    assert results(one, ABOUT)["PUB103"] == "unknown"
