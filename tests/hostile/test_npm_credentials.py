"""What each kind of npm token leaves unknown, and lists of tokens that come in pieces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from hardenme.engine.catalogue import catalogue
from hardenme.model.report import Report
from hardenme.model.unknown import Reason, Unknown
from hardenme.sandbox.http import Fault, Reply, Request
from hardenme.sandbox.npm.granular import Mint
from hardenme.sandbox.npm.released import StagedVersion
from hardenme.sandbox.npm.world import World, canary
from tests.hostile.publishing import FAMILIES, ORGANIZATION, PACKAGE, TARGET, publisher, whole
from tests.hostile.sweeping import failed, nothing_worse, told, unknown
from tests.running import NOW

pytestmark = pytest.mark.second_tier("whole runs over hostile answers", one_of=10)

ABOUT = f"npm:package/{PACKAGE}"
CODES = {check.code for check in catalogue() if check.code.startswith(FAMILIES)}
OF_ACCOUNT = {code for code in CODES if code.startswith(("NPA", "NPT"))}
OF_ORGANIZATION = {code for code in CODES if code.startswith("NPO")}
OF_PACKAGE = CODES - OF_ACCOUNT - OF_ORGANIZATION
PUBLISHERS = {"NPP101", "NPP102", "NPP103", "NPP104", "NPP105", "NPP116"}
"""What takes trusted publishers."""
PUBLIC = OF_PACKAGE - PUBLISHERS - {"NPP106", "NPP112", "NPP117", "PUB101", "PUB104", "PUB105"}
"""What anyone is told of a public package: a person's word, too, is of an account."""
KNOWN = {
    "session": OF_PACKAGE,
    "stage only": PUBLIC | {"NPP106", "NPP117"},
    "granular, reads": PUBLIC | {"NPP106", "NPP117"},
    "granular, writes": PUBLIC | {"NPP106", "NPP117"},
    "bypass": PUBLIC | {"NPP106", "NPP117"},
    "refused": PUBLIC,
    "none": PUBLIC,
}
"""What is known of a package, by the kind of token. npm tells trusted publishers and the list of
tokens, which PUB101, PUB104 and PUB105 take, to sessions alone. An empty
queue is taken from a session alone."""


def token(kind: str) -> tuple[Callable[[World], None], str]:
    """A change of the world that adds a token of that kind, and its value."""
    if kind in {"session", "none", "refused"}:
        return lambda _world: None, {"refused": canary("nobody")}.get(kind, "")
    mint = Mint("hazel", NOW)
    mint.token("another that stands before it in the list", scopes=(("package", PACKAGE),))
    mint.token(
        "the one that asks",
        permissions=(("package", "read" if "reads" in kind else "write"),),
        scopes=(("package", PACKAGE),),
        bypass=kind == "bypass",
        publish_policy="stage_only" if kind == "stage only" else None,
    )

    def change(world: World) -> None:
        world.staged.clear()
        world.tokens[:] = mint.made
        world.credentials[-1:] = mint.credentials

    return change, mint.credentials[-1].value


def as_seen_by(kind: str, target: str) -> Report:
    change, value = token(kind)
    with publisher(change, value) as running:
        if kind == "none":
            running.npm_token = ""
        return running.audit(target, select_=FAMILIES)


def known(report: Report) -> set[str]:
    """The codes of which all is known."""
    judged = {one.code for one in report.findings if one.result != "manual"}
    return judged - unknown(report)


def test_the_table_holds_every_check() -> None:
    assert {code for code in CODES if code.startswith(("NPP", "PUB", "REL"))} == OF_PACKAGE
    assert {one.code for one in whole(TARGET).findings} == KNOWN["session"]


@pytest.mark.sampled(5)
@pytest.mark.parametrize("kind", KNOWN)
def test_what_a_token_leaves_unknown_of_a_package(kind: str) -> None:
    report = as_seen_by(kind, TARGET)
    assert known(report) == KNOWN[kind]
    assert failed(report) == set()
    nothing_worse(whole(TARGET), report)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("kind", [kind for kind in KNOWN if kind != "session"])
def test_what_a_token_leaves_unknown_of_an_account_and_an_organization(kind: str) -> None:
    """Nobody but a session is told of tokens, of the second factor and of who is in it."""
    report = as_seen_by(kind, "me")
    account = known(report) & (OF_ACCOUNT | OF_ORGANIZATION)
    assert account == ({"NPA105"} if kind not in {"none", "refused"} else set())
    assert failed(report) == set()
    # How many packages there are is told to a session alone: none of them passes for all.
    assert known(report) & OF_PACKAGE == set()
    report = as_seen_by(kind, ORGANIZATION)
    assert known(report) == set()
    assert failed(report) == set()


def test_a_refused_token_is_told_by_name() -> None:
    report = as_seen_by("refused", "me")
    outcomes = [one.outcome for one in report.findings if isinstance(one.outcome, Unknown)]
    assert {one.reason for one in outcomes} == {Reason.REJECTED}


def pages(world: World, eleventh: bool = True) -> None:  # noqa: FBT001, FBT002 (a case)
    """Twenty-five tokens on three pages, one of which publishes the package by itself."""
    mint = Mint("hazel", NOW)
    for number in range(25):
        mint.token(f"reads {number}", scopes=(("package", "@hazel-grove/other"),))
    if eleventh:
        mint.made[10] = replace(
            mint.made[10],
            name="the eleventh",
            permissions=(("package", "write"),),
            scopes=(("package", PACKAGE),),
            bypass_2fa=True,
        )
    world.tokens[:] = mint.made
    world.tokens_per_page_limit = 10


def test_the_eleventh_token_publishes_the_package() -> None:
    for target in ("me", TARGET, ORGANIZATION):
        with publisher(pages) as running:
            report = running.audit(target, select_=FAMILIES)
            asked = [one for one in running.npm.requests if one.path == "/-/npm/v1/tokens"]
        assert [one.query["page"] for one in asked] == ["0", "1", "2", "0", "1"]
        finding = told(report)["PUB101", ABOUT]
        assert finding.result == "failed"
        assert "the eleventh" in str(finding.outcome)
        assert report.publishing is not None
        (told_of,) = report.publishing.packages
        assert any("the eleventh" in path.name for path in told_of.paths)


@pytest.mark.parametrize(
    "lost",
    [
        {"edit": lambda _request, _reply: Reply(500, {"error": "x"})},
        {"hang_up": True},
        {"edit": lambda _request, reply: Reply(200, {**reply.data, "objects": []})},
        {"edit": lambda _request, reply: Reply(200, {**reply.data, "urls": {}})},
        {"edit": lambda _request, _reply: Reply(403, {"error": "x"})},
    ],
    ids=["500", "hang-up", "empty", "cut", "403"],
)
def test_a_page_with_the_eleventh_that_is_lost_passes_nothing(lost: dict[str, object]) -> None:
    with publisher(pages) as running:
        second = lambda request: request.query.get("page") == "1"  # noqa: E731 (one line)
        running.npm.faults.append(Fault("/-/npm/v1/tokens", match=second, **lost))  # type: ignore[arg-type]  # its own words
        report = running.audit("me", select_=FAMILIES)
    # It fails by the token where that was seen, and is not known where it was not.
    assert told(report)["PUB101", ABOUT].result in {"unknown", "failed"}
    # With a part of the list, the token that asks could be one of those that were lost.
    assert {"NPA101", "NPA102"} <= unknown(report)
    assert {"NPT101", "NPT104", "NPT112"} <= unknown(report)


def grow(world: World) -> None:
    """One token is shown twice, and another hidden."""
    newer = replace(world.tokens[0], key="newer", created=NOW + timedelta(seconds=1))
    world.tokens.insert(0, newer)


def swap(world: World) -> None:
    """The eleventh moves to where nobody looks, and the total stays."""
    gone = world.tokens.pop(0)
    world.tokens.append(replace(gone, key="newer"))


@pytest.mark.parametrize("change", [grow, swap])
def test_a_token_of_an_account_that_changes_on_the_way(change: Callable[[World], None]) -> None:
    with publisher(pages) as running:
        world: World = running.npm.world  # type: ignore[attr-defined]  # the sandbox has it

        def edit(_request: Request, reply: Reply) -> Reply:
            change(world)
            return reply

        running.npm.faults.append(Fault("/-/npm/v1/tokens", edit=edit, times=1))
        report = running.audit("me", select_=("NPT", "PUB"))
    assert "NPT101" in unknown(report, Reason.INCOMPLETE)
    assert told(report)["PUB101", ABOUT].result in {"unknown", "failed"}


def waiting(world: World) -> None:
    """Twenty more versions than stand on a page; the first of the second is by nobody known."""
    world.staged[:] = [
        StagedVersion(f"{n}", PACKAGE, f"9.{n}.0", NOW - timedelta(seconds=n), "hazel")
        for n in range(120)
    ]
    world.staged[100] = replace(world.staged[100], actor="stranger")


def test_a_version_that_moves_to_where_nobody_looks() -> None:
    with publisher(waiting) as running:
        world: World = running.npm.world  # type: ignore[attr-defined]  # the sandbox has it

        def edit(_request: Request, reply: Reply) -> Reply:
            gone = world.staged.pop(0)
            world.staged.append(replace(gone, id="120", created_at=NOW - timedelta(days=1)))
            return reply

        running.npm.faults.append(Fault("/-/stage", edit=edit, times=1))
        report = running.audit("me", select_=("NPP112",))
    assert "NPP112" in unknown(report, Reason.INCOMPLETE)
