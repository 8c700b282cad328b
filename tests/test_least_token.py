"""The token that `hardenme permissions` prints is enough, and nothing of it can be left out.

It is made in the sandbox as it is printed, and the selection is run with it. Then one right at a
time is taken away: the checks that are named as needing it become unknown, and no others.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardenme.engine.catalogue import catalogue
from hardenme.facts.npm.account import GRANULAR, SESSION
from hardenme.model.depth import Depth
from hardenme.model.least import LeastToken, Right, all_covered
from hardenme.model.unknown import Reason
from hardenme.rights.permissions import OTP, guarded
from hardenme.sandbox.npm import scenarios as npm
from tests.least_tokens import KNOWN, Case, Held, behind_a_door, findings, lost, outcomes, refused
from tests.running import NOW
from tests.worlds import github
from tests.worlds.organizations import base

pytestmark = [
    pytest.mark.second_tier("whole runs, token by token", one_of=16),
    pytest.mark.sampled(6),
]

NO_NPM = ("", frozenset[str]())
ON_NPM = (SESSION, frozenset[str]())
HARDENED = Case(github.hardened_maintainer, npm.hardened_maintainer, "hazel", "hazel")
WEAK = Case(github.weak_maintainer, npm.weak_maintainer, "mallow", "mallow")
STRICT_ORG = Case(
    github.strict_organization, npm.hardened_maintainer, "linden", "", (f"github:{base.STRICT}",)
)
WEAK_ORG = Case(
    github.weak_organization, npm.weak_maintainer, "thorn", "", (f"github:{base.WEAK}",)
)
ORGANIZATIONS = ((STRICT_ORG, base.STRICT), (WEAK_ORG, base.WEAK))
OWN = [(replace(case, select=("GH",)), "") for case in (WEAK, HARDENED)]
JOINED = [(replace(HARDENED, select=("NPP", "PUB", "REL")), "")]

ALWAYS = "metadata:read"
"""Every token that reaches a repository holds it: taking it away changes nothing."""
ELSEWHERE = {
    ("GHA107", "git_signing_ssh_public_keys:read"): "both accounts have a GPG key that answers it",
    ("GHA107", "read:ssh_signing_key"): "both accounts have a GPG key that answers it",
    ("REL105", "contents:read"): "the packages' repositories are public: their tags show to all",
}
"""What these worlds cannot show, with why."""
ABOUT_THE_TOKEN = "GHT"  # a family of checks
"""These judge the token: another token has another verdict."""


def named(token: LeastToken, case: Case) -> set[str]:
    """The codes of which it is said that they stay unknown, at least in part."""
    gaps = (*token.gaps, *token.refused, *case.permissions.person)
    return {code for gap in gaps for code in gap.checks}


def proven(
    case: Case, kind: str, owner: str = "", on_npm: tuple[str, frozenset[str]] = NO_NPM
) -> None:
    """The printed token is permitted everything but what is named."""
    token = case.printed(kind, owner)
    found = findings(case, Held.of(token), on_npm)
    assert refused(found) <= named(token, case)


@pytest.mark.second_tier("takes over half a second")
@pytest.mark.sampled(5)
@pytest.mark.parametrize("case", [HARDENED, WEAK], ids=lambda case: case.login)
@pytest.mark.parametrize(
    ("kind", "depth"),
    [
        *(("fine-grained", depth) for depth in Depth),
        *(("classic", depth) for depth in (Depth.FAST, Depth.DEEP)),
        ("oauth", Depth.DEEP),
    ],
)
def test_the_token_for_ones_own_accounts_is_enough(case: Case, kind: str, depth: Depth) -> None:
    proven(replace(case, depth=depth), kind, on_npm=ON_NPM)


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("case", "owner"), ORGANIZATIONS, ids=lambda item: getattr(item, "login", "")
)
@pytest.mark.parametrize("depth", [Depth.STANDARD, Depth.DEEP], ids=str)
@pytest.mark.parametrize("kind", ["fine-grained", "installation", "classic"])
def test_the_token_for_an_organization_is_enough(
    case: Case, owner: str, depth: Depth, kind: str
) -> None:
    proven(replace(case, depth=depth), kind, "" if kind == "classic" else owner)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("family", ["GHO", "GHB", "GHR", "GHW", "GHO101", "GHW107"])
@pytest.mark.parametrize(
    ("case", "owner"), ORGANIZATIONS, ids=lambda item: getattr(item, "login", "")
)
def test_the_token_for_a_family_is_enough(case: Case, owner: str, family: str) -> None:
    for kind in ("fine-grained", "classic"):
        proven(replace(case, select=(family,)), kind, "" if kind == "classic" else owner)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("family", ["GHA", "GHT", "GHB", "GHR1", "GHW2", "GHA103"])
def test_the_token_for_a_family_of_ones_own_is_enough(family: str) -> None:
    for kind in ("fine-grained", "classic"):
        proven(replace(WEAK, select=(family,)), kind)


@pytest.mark.parametrize(
    ("case", "owner", "name"), [(WEAK, "mallow", "ladle"), (WEAK, "mallow", "cellar"),
                                (STRICT_ORG, base.STRICT, "resin")]
)  # fmt: skip
def test_the_token_for_a_repository_is_enough(case: Case, owner: str, name: str) -> None:
    one = replace(case, targets=(f"github:{owner}/{name}",))
    for kind in ("fine-grained", "classic"):
        proven(one, kind, "" if kind == "classic" else owner)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("code", [c.code for c in catalogue() if c.code.startswith("GH")])
def test_the_token_for_one_check_is_enough(
    code: str,
    exhaustive: bool,  # noqa: FBT001 (a fixture)
) -> None:
    worlds = ((WEAK, ""), (WEAK_ORG, base.WEAK))
    # Families are tried as a whole above: without --exhaustive one world is enough for each.
    for case, owner in worlds if exhaustive else worlds[int(code[-1]) % 2 :][:1]:
        one = replace(case, select=(code,))
        if one.permissions.of("fine-grained", owner) is not None:
            proven(one, "fine-grained", owner)
            if exhaustive:
                proven(one, "classic")


def test_one_token_of_each_owner_is_printed() -> None:
    both = replace(HARDENED, targets=("me", "github:willow-works"))
    own, other = both.printed("fine-grained"), both.printed("fine-grained", "willow-works")
    assert {right.place for right in own.rights} == {"account", "repository"}
    assert {right.place for right in other.rights} == {"repository", "organization"}
    proven(HARDENED, "fine-grained", on_npm=ON_NPM)
    proven(replace(HARDENED, targets=("github:willow-works",)), "fine-grained", "willow-works")
    single = (HARDENED, replace(HARDENED, targets=("github:willow-works",)))
    scopes = [case.printed("classic").names for case in single]
    assert all_covered(both.printed("classic").names) == all_covered(frozenset.union(*scopes))


def taken(
    case: Case, token: LeastToken, right: Right, on_npm: tuple[str, frozenset[str]]
) -> set[str]:
    """Take a right away: the codes that are lost, of which none may be unnamed."""
    full = findings(case, Held.of(token), on_npm)
    less = findings(case, Held.of(token).without(right.name), on_npm)
    gone = lost(outcomes(full), outcomes(less))
    gone = {code for code in gone if not code.startswith(ABOUT_THE_TOKEN)} | (
        refused(less) - refused(full)
    )
    whole = {code for gap in token.gaps if gap.whole for code in gap.checks}
    # What only those who may write are shown: nobody is asked for such a right.
    shown_to_writers = {check.code for check in catalogue() if dict(guarded(check))}
    named_for = {*right.needed, *right.more} | whole | shown_to_writers
    assert gone <= named_for, "a check that the right is not named for"
    return gone


def known(case: Case, token: LeastToken, on_npm: tuple[str, frozenset[str]]) -> set[str]:
    """The codes of which something is known with the printed token."""
    found = outcomes(findings(case, Held.of(token), on_npm))
    return {code for (code, _), result in found.items() if result in KNOWN}


def exact(
    cases: list[tuple[Case, str]], kind: str, name: str, on_npm: tuple[str, frozenset[str]]
) -> None:
    """Without a right, what needs it is lost in one of the worlds; and nothing else is in any."""
    gone, shown, needed = set[str](), set[str](), set[str]()
    for case, owner in cases:
        token = case.printed(kind, owner)
        (right,) = (right for right in token.rights if right.name == name)
        gone |= taken(case, token, right, on_npm)
        shown |= known(case, token, on_npm)
        needed |= set(right.needed)
    if name != ALWAYS:
        elsewhere = {code for code, right in ELSEWHERE if right == name}
        assert (needed & shown) - gone == elsewhere & needed


def names(case: Case, kind: str, owner: str = "") -> list[str]:
    return sorted(case.printed(kind, owner).names)


@pytest.mark.second_tier("takes over half a second")
@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", names(OWN[0][0], "fine-grained"))
def test_a_permission_less_on_ones_own_account(name: str) -> None:
    exact(OWN, "fine-grained", name, NO_NPM)


@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", names(OWN[0][0], "classic"))
def test_a_scope_less_on_ones_own_account(name: str) -> None:
    exact(OWN, "classic", name, NO_NPM)


@pytest.mark.second_tier("takes long")
@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", names(JOINED[0][0], "fine-grained"))
def test_a_permission_less_for_the_repositories_of_packages(name: str) -> None:
    exact(JOINED, "fine-grained", name, ON_NPM)


AN_APPS = [
    name
    for name in names(WEAK_ORG, "installation", base.WEAK)
    if name not in names(WEAK_ORG, "fine-grained", base.WEAK)
]
JUDGED_BY_ROLE = ["administration:read", "members:read", "vulnerability_alerts:read"]
"""What an app, which has no role, may be told otherwise than a person."""


@pytest.mark.sampled(10)
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("fine-grained", name) for name in names(WEAK_ORG, "fine-grained", base.WEAK)),
        *(("installation", name) for name in (*AN_APPS, *JUDGED_BY_ROLE)),
    ],
)
def test_a_permission_less_of_an_organization(kind: str, name: str) -> None:
    exact(list(ORGANIZATIONS), kind, name, NO_NPM)


@pytest.mark.sampled(5)
@pytest.mark.parametrize("name", names(WEAK_ORG, "classic"))
def test_a_scope_less_of_an_organization(name: str) -> None:
    exact([(case, "") for case, _ in ORGANIZATIONS], "classic", name, NO_NPM)


def test_every_right_is_taken_away_somewhere() -> None:
    everything = replace(WEAK, targets=("me", f"github:{base.WEAK}"))
    tried = {
        *names(WEAK, "fine-grained"),
        *names(WEAK_ORG, "fine-grained", base.WEAK),
        *names(WEAK_ORG, "installation", base.WEAK),
        *names(WEAK, "classic"),
        *names(WEAK_ORG, "classic"),
    }
    github_tokens = (token for token in everything.permissions.tokens if token.provider == "github")
    assert {name for token in github_tokens for name in token.names} <= tried


ON_NPM_ALONE = ("NP", "PUB", "REL")
NPM_HARDENED = replace(HARDENED, select=ON_NPM_ALONE)
NPM_WEAK = replace(WEAK, select=ON_NPM_ALONE)
WITNESSES = {
    "NPP101": "a queue with a version that nobody may stage fails it",
    "NPP106": "what waits in the queue shows to a granular token, and fails or passes it",
    "NPP112": "a package that anybody may read shows who else can publish",
    "NPA105": "the registry may show the profile to a granular token: it is promised to none",
    "NPA107": "the registry may show the profile to a granular token: it is promised to none",
}
"""What a granular token may answer in these worlds although nobody promises it, with why."""


@pytest.mark.parametrize("case", [NPM_HARDENED, NPM_WEAK], ids=lambda case: case.user)
@pytest.mark.parametrize("kind", [SESSION, GRANULAR])
def test_the_token_for_npm_is_enough(case: Case, kind: str) -> None:
    token = case.printed(kind)
    found = findings(case, Held.of(case.printed("classic")), (kind, token.names))
    assert refused(found) <= named(token, case)
    told = {code for (code, _), result in outcomes(found).items() if result in KNOWN}
    whole = {code for gap in token.gaps if gap.whole for code in gap.checks}
    assert whole & told <= WITNESSES.keys()
    assert bool(whole) == (kind == GRANULAR)
    asked = {code for gap in case.permissions.person for code in gap.checks if gap.why == OTP}
    absent = refused(found, Reason.NEEDS_PRESENCE)
    assert absent <= asked
    assert absent or kind == GRANULAR


@pytest.mark.second_tier("takes over half a second")
@pytest.mark.parametrize(
    ("kind", "right", "unseen"),
    [
        (SESSION, "session token", set[str]()),
        (GRANULAR, "org:read", set[str]()),
        # Of a public package anybody is told who can publish it, and all of these are public.
        (GRANULAR, "package:read", {"NPO105"}),
    ],
)
@pytest.mark.parametrize("case", [NPM_HARDENED, NPM_WEAK], ids=lambda case: case.user)
def test_a_right_less_on_npm(case: Case, kind: str, right: str, unseen: set[str]) -> None:
    token, on_github = case.printed(kind), Held.of(case.printed("classic"))
    full = findings(case, on_github, (kind, token.names))
    rest = (kind, token.names - {right}) if kind == GRANULAR else NO_NPM
    less = findings(case, on_github, rest)
    gone = lost(outcomes(full), outcomes(less)) | (refused(less) - refused(full))
    (taken_away,) = (item for item in token.rights if item.name == right)
    told = {code for (code, _), result in outcomes(full).items() if result in KNOWN}
    assert (set(taken_away.needed) & told) - gone == unseen
    # Without any token not even the account's name is known.
    others = {code for gap in token.gaps for code in gap.checks} if kind == GRANULAR else set()
    whole = token.checks if kind == SESSION else ()
    assert gone <= {*taken_away.needed, *taken_away.more, *others, *whole}


PRIVATE = Case(github.weak_maintainer, behind_a_door, "mallow", "mallow", select=ON_NPM_ALONE)


@pytest.mark.parametrize("case", [NPM_WEAK, PRIVATE], ids=["public", "private"])
def test_what_a_session_shows_and_a_granular_token_does_not_is_named(case: Case) -> None:
    token, on_github = case.printed(GRANULAR), Held.of(case.printed("classic"))
    session = findings(case, on_github, (SESSION, frozenset()))
    granular = findings(case, on_github, (GRANULAR, token.names))
    gone = lost(outcomes(session), outcomes(granular))
    assert ("NPP107" in gone) == (case is PRIVATE), "a session alone tells who can see a package"
    assert {"NPA101", "NPT101"} <= gone <= named(token, case)


@pytest.mark.parametrize(
    ("target", "hidden"),
    [
        # One's organizations are known by the scopes of the packages that are seen.
        ("me", {"NPO101", "NPO102", "NPO103"}),
        ("npm:@acorn-labs", set[str]()),
        ("npm:@acorn-labs/ladle", set[str]()),
    ],
)
def test_a_private_package_takes_a_token_that_opens_it(target: str, hidden: set[str]) -> None:
    case = replace(PRIVATE, targets=(target,))
    token = case.printed(GRANULAR)
    on_github = Held.of(case.printed("classic"))
    full = findings(case, on_github, (GRANULAR, token.names))
    less = findings(case, on_github, (GRANULAR, token.names - {"package:read"}))
    assert refused(full) <= named(token, case)
    gone = lost(outcomes(full), outcomes(less)) | (refused(less) - refused(full))
    (right,) = (right for right in token.rights if right.name == "package:read")
    assert gone & {"REL101", "NPP108"}
    assert gone - {*right.needed, *right.more} <= hidden | named(token, case)


def test_what_is_public_takes_no_token() -> None:
    (package, *_) = (item.name for item in npm.hardened_maintainer(NOW).packages)
    case = replace(HARDENED, targets=(f"npm:{package}",), select=("NPP", "REL"))
    found = findings(case, None, NO_NPM)
    free = set(case.permissions.free)
    assert {"NPP108", "REL101"} <= free <= {item.code for item in found}
    assert not refused(found) & free
    rights = [right for token in case.permissions.tokens for right in token.rights]
    assert refused(found) <= {code for right in rights for code in (*right.needed, *right.more)}
