"""Over all plans: no step takes away what a later one needs, and nobody's own access goes early."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.engine.catalogue import catalogue
from hardenme.engine.judge import kept
from hardenme.model.access_change import Access, needs, own_last, takes, without_own
from hardenme.model.commands import RULES_NOT_OFFERED
from hardenme.model.evidence import Seen
from hardenme.model.finding import Finding
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.fixplan.kinds import CLOSE, KINDS, PUBLISHING, SET_UP, kind_of
from hardenme.reports.fixplan.numbering import OPENS
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.fixplan.words import closing
from tests.reports.planned import failed, fix, plan

ME = "Rowan"
WHO = ("rowan", "maple", "-mallory")
PLACES = ("acme", "beta")
PACKAGES = ("@acme/web", "mesh")
SETS = (
    *(f"gh api -X PUT orgs/{place}/memberships/{who} -f role=member" for place in PLACES
      for who in WHO),
    *(f"gh api -X DELETE orgs/{place}/members/{who}" for place in PLACES for who in WHO),
    *(f"gh api -X DELETE repos/{place}/web/collaborators/{who}" for place in PLACES
      for who in WHO),
    *(f"gh api -X PATCH repos/{place}/web -F archived=true" for place in PLACES),
    *(f"gh api -X PUT repos/{place}/web/vulnerability-alerts" for place in PLACES),
    *(f"gh api -X PATCH orgs/{place} -F members_can_create_teams=false" for place in PLACES),
    *(f"npm owner rm {who} {package}" for package in PACKAGES for who in WHO[:2]),
    *(f"npm access set mfa=publish {package}" for package in PACKAGES),
    *(f"npm dist-tag add {package}@1.0.0 latest" for package in PACKAGES),
    *(f"npm access grant read-only acme:developers {package}" for package in PACKAGES),
    *(f"npm org rm acme {who}" for who in WHO[:2]),
    *(f"npm org set acme {who} developer" for who in WHO[:2]),
)  # fmt: skip
CODES = sorted(code for kind in KINDS for code in kind.codes if not code.startswith(("REL", "LOC")))


def found(code: str, command: str) -> Finding:
    """A failure with this command, as a run of `ME` keeps it."""
    npm = command.startswith("npm")
    subject = f"npm:package/{PACKAGES[0]}" if npm else f"github:repo/acme/{code.lower()}"
    return kept(failed(code, subject, fix(f"Close {code}", command=command)), ME)


def broken(made: FixPlan) -> list[str]:
    """What a later step of a plan needs and an earlier one takes."""
    taken: list[Access] = []
    wrong = []
    for step in made.steps:
        for action in step.actions:
            needed = needs(action.fix.command)
            wrong += [f"{step.title}: {one}" for one in needed if any(t.covers(one) for t in taken)]
        taken += [
            one
            for action in step.actions
            for one in takes(action.fix.command)
            if one.login.casefold() in {"", ME.casefold()}
        ]
    return wrong


def own(made: FixPlan) -> list[bool]:
    """Of each step: whether it takes a right from the account in use."""
    return [any(own_last(action.fix) for action in step.actions) for step in made.steps]


@given(
    st.lists(st.sampled_from(CODES), min_size=8, max_size=16, unique_by=kind_of).flatmap(
        lambda codes: st.tuples(st.just(codes), st.permutations(SETS))
    )
)
def test_no_step_removes_what_a_later_one_needs(drawn: tuple[list[str], list[str]]) -> None:
    made = plan([found(code, command) for code, command in zip(*drawn, strict=False)])
    assert broken(made) == []
    # Who gives up something of their own does so when all else is done, and is warned.
    assert own(made) == sorted(own(made))
    for step, gives_up in zip(made.steps, own(made), strict=True):
        assert gives_up == any("your own account" in risk for risk in step.risks)
        assert not any(
            one.login.casefold() == ME.casefold()
            for action in step.actions
            for one in takes(action.fix.command)
        )


@pytest.mark.parametrize("command", SETS)
def test_no_command_takes_anything_from_the_account_in_use(command: str) -> None:
    outcome = found("GHO122", command).outcome
    assert isinstance(outcome, Failed)
    mine = any(one.login.casefold() == ME.casefold() for one in takes(command))
    assert own_last(outcome.fix) == mine
    assert outcome.fix.command == ("" if mine else command)
    assert outcome.fix.page or not mine


def test_of_several_lines_the_others_stay() -> None:
    both = Fix("Remove them", command="npm owner rm rowan mesh\nnpm owner rm maple mesh")
    left = without_own(both, "npm", "rowan")
    assert left.command == "npm owner rm maple mesh"
    assert own_last(left)
    assert left.page
    assert without_own(both, "npm", "birch") is both
    assert without_own(both, "npm", "") is both


def test_an_organization_covers_its_repositories_and_no_other() -> None:
    owner = Access("github", "acme", "rowan")
    assert owner.covers(Access("github", "ACME/web")) is False
    assert Access("github", "acme").covers(Access("github", "ACME/web", "rowan"))
    assert not Access("github", "acme").covers(Access("github", "acme-two/web"))
    assert not Access("npm", "acme").covers(Access("github", "acme"))


def test_no_organization_ruleset_where_the_plan_is_known_to_have_none() -> None:
    """Each repository has its own there; anywhere else one of the organization stands for all."""
    body = "-X POST orgs/acme/rulesets --input -"
    wider = fix("Use one", command=f"echo '{{}}' | gh api {body}")
    rules = [
        failed("GHB101", f"github:repo/acme/{name}", replace(fix("Add it"), wider=wider))
        for name in ("web", "docs")
    ]
    sold = failed("GHB101", "github:repo/acme/vault", fix(f"{RULES_NOT_OFFERED}. Then add it"))
    for found, wide in ((rules, True), ([*rules, sold], False)):
        steps = [one for one in plan(found).steps if "GHB101" in one.codes]
        assert any("Add rulesets for" in one.title for one in steps) is wide


@pytest.mark.parametrize(
    ("code", "seen", "until"),
    [
        ("GHB106", {"path": None}, "CODEOWNERS"),
        ("GHB106", {"path": "CODEOWNERS", "unowned": [".github/workflows/ci.yml"]}, "CODEOWNERS"),
        ("GHB106", {"path": "CODEOWNERS", "unowned": []}, ""),
        ("GHB106", {"require_code_owner_review": False}, ""),
        ("GHB115", {"update": False, "creation": False}, "who can create release tags"),
        ("GHB115", {"update": False, "creation": True}, ""),
        ("NPP106", {"disallow_tokens": False}, "answered again"),
        ("NPP114", {"gypfile": True}, "a version with it is published"),
        ("GHB104", {"dismiss_stale_reviews_on_push": False}, ""),
    ],
)
def test_what_a_step_does_not_close_yet_is_said_and_not_counted(
    code: str, seen: Seen, until: str
) -> None:
    subject = "npm:package/mesh" if code.startswith("N") else "github:repo/acme/web"
    made = plan([failed(code, subject, fix("Close it", command="npm x"), seen=seen)])
    (step,) = made.steps
    assert (step.closes, step.left) == ((0, 1) if until else (1, 0))
    assert until in "".join(step.stays)
    told = closing(step)
    assert (until in told) if until else ("failed" not in told)


def test_those_who_leave_an_npm_organization_may_still_publish_from_outside() -> None:
    outside = failed("NPO105", "npm:org/acme", fix("Remove it", command="npm owner rm eve mesh"))
    leaving = failed("NPO104", "npm:org/Acme", fix("Remove", command="npm org rm acme oak"))
    for found, left in (([outside], 0), ([outside, leaving], 1)):
        (step,) = (one for one in plan(found).steps if "NPO105" in one.codes)
        assert step.left == left


def test_each_consequence_is_of_a_step_and_a_check_that_there_are() -> None:
    kinds = {kind.key for kind in (*KINDS, SET_UP, CLOSE, PUBLISHING)}
    codes = {check.code for check in catalogue()}
    assert OPENS.keys() <= kinds
    assert {code for found in OPENS.values() for code, _ in found} <= codes
    (step,) = plan([failed("GHA104", "github:ssh-key/rowan/1", fix("Delete it"))]).steps
    assert any(risk.startswith("Afterwards GHA107 fails") for risk in step.risks)
