"""A title never threatens more than the commands of its step do."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hardenme_checks
from hardenme.model.subject import Subject
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.kinds import KINDS
from hardenme.reports.fixplan.plan import FixPlan
from hardenme.reports.fixplan.titles import ONE_WAY
from hardenme_checks.npm.trust_fix import ReleasePlace, end, set_up_again, set_up_next_to
from tests.factories.npm_paths import trusted_publisher
from tests.reports import publishing_sample
from tests.reports.planned import failed, fix, plan

ORG, REPO, PACKAGE = "acme", "acme/web", "@acme/web"
WHOLE = re.compile(
    r"(?:Delete|Remove|Revoke|Reject|Withdraw|Uninstall|Take the right to publish from)"
    rf" (?:{ORG}|{REPO}|{PACKAGE}|\\d+ (?:organizations|repositories|packages))(?:$| after| and|,)"
)
"""A title by which an organization, a repository or a package would go."""
SOURCES = [
    one.read_text(encoding="utf-8") for one in Path(hardenme_checks.__file__).parent.rglob("*.py")
]
"""The texts of all checks."""
CODES = sorted(code for kind in KINDS for code in kind.codes)


def deleted(name: str) -> str:
    return f"gh api -X DELETE orgs/{ORG}/actions/secrets/{name}"


def with_wider(code: str, subject: str, command: str, within: str) -> FixPlan:
    """The plan of a finding in each of three repositories, closed by one step above them."""
    own = fix("Delete it", command=command, page="https://github.example.test/secrets")
    return plan(
        failed(code, f"{subject}-{number}", replace(own, wider=own), within=f"{within}-{number}")
        for number in range(3)
    )


def test_one_secret_of_an_organization_is_deleted_once_and_by_its_own_name() -> None:
    made = with_wider(
        "GHR116", "github:secret/acme/web", deleted("NPM_TOKEN"), "github:repo/acme/web"
    )
    (step,) = made.steps
    assert len(step.actions) == 1
    assert step.title == "Delete 1 organization secret of acme after moving to trusted publishing"
    assert step.closes == 3


@pytest.mark.second_tier("takes long in all", one_of=4)
@pytest.mark.parametrize(
    "subject",
    [f"github:org/{ORG}", f"github:repo/{REPO}", f"npm:package/{PACKAGE}", "npm:org/acme"],
)
def test_no_organization_repository_or_package_is_said_to_go(subject: str) -> None:
    own = fix("Delete it", command=deleted("A_TOKEN"))
    wider = replace(own, wider=own)
    for code in CODES:
        for made in (
            plan([failed(code, subject, own)]),
            plan([failed(code, subject, wider)]),
            plan([failed(code, subject, own), failed(code, f"{subject}-two", wider)]),
        ):
            assert not [step.title for step in made.steps if WHOLE.match(step.title)]


def test_what_is_of_several_kinds_is_counted_by_kind() -> None:
    """No reader knows what a place is of which a secret is rotated."""
    own = fix("Create a new value at the provider, update the secret, then revoke the old value")
    found = [failed("GHR127", f"github:secret/acme/web/S{n}", own) for n in range(4)]
    found += [failed("GHO129", f"github:org-secret/acme/T{n}", own) for n in range(2)]
    found = [replace(one, within=Subject.parse("github:org/acme")) for one in found]
    (step,) = plan(found).steps
    assert step.title == "Rotate 2 organization secrets and 4 secrets"


@pytest.mark.parametrize("code", CODES)
def test_no_title_counts_places(code: str) -> None:
    kinds = ("repo", "org", "secret", "webhook", "member")
    found = [
        failed(code, f"github:{kind}/acme/{kind}{n}", fix("Change it"))
        for kind in kinds
        for n in (1, 2)
    ]
    assert not [one.title for one in plan(found).steps if re.search(r"\d places", one.title)]


def test_a_step_that_sets_up_no_publisher_does_not_say_so() -> None:
    """To require 2FA for writes comes first, and publishes nothing from a workflow."""
    made = plan_of(publishing_sample.five())
    for step in made.steps:
        commands = " ".join(line for one in step.actions for line in one.fix.commands)
        if step.title.startswith("Publish "):
            assert "npm trust github" in commands
        if "profile enable-2fa" in commands and "npm trust" not in commands:
            assert "2FA" in step.title


OF_PUBLISHERS = ("NPP102", "NPP103", "NPP104", "NPP105")
"""Checks about one trusted publisher."""


@pytest.mark.parametrize("provider", ["github", "gitlab"])
@pytest.mark.parametrize("code", OF_PUBLISHERS)
def test_a_publisher_that_is_replaced_is_not_said_to_be_removed(code: str, provider: str) -> None:
    publisher = trusted_publisher(workflow="", provider=provider)
    subject, within = str(publisher.subject), str(publisher.within)
    kept = set_up_next_to(publisher, "Set up another publisher.", ReleasePlace())
    (step,) = plan([failed(code, subject, kept, within=within)]).steps
    assert step.title == "Publish @hazel-grove/catkin only from a workflow that stages"
    assert not step.actions[0].fix.command.startswith("npm trust revoke")


@pytest.mark.parametrize("code", ["NPP104", "NPP105"])
def test_a_publisher_that_ends_is_said_to_be_removed(code: str) -> None:
    publisher = trusted_publisher()
    subject, within = str(publisher.subject), str(publisher.within)
    for own in (end(publisher, "Remove it."), set_up_again(publisher, "hazel/new", ReleasePlace())):
        (step,) = plan([failed(code, subject, own, within=within)]).steps
        assert step.title.startswith("Remove ")
        assert step.actions[0].fix.command.startswith("npm trust revoke ")


@given(st.permutations(OF_PUBLISHERS))
def test_a_publisher_of_the_wrong_repository_is_replaced_once(codes: list[str]) -> None:
    """By one of the right repository, whatever else is wrong with it."""
    publisher = trusted_publisher()
    subject, within = str(publisher.subject), str(publisher.within)
    right = set_up_next_to(
        publisher, "Set up another publisher.", ReleasePlace(), repository="hazel/other"
    )
    again = set_up_next_to(publisher, "Set up another publisher.", ReleasePlace())
    assert right.command != again.command
    fixes = {code: right if code == "NPP104" else again for code in codes if code != "NPP105"}
    findings = [failed(code, subject, one, within=within) for code, one in fixes.items()]
    commands = {one.fix.command for step in plan(findings).steps for one in step.actions}
    assert commands == {right.command}


@pytest.mark.parametrize(
    ("key", "begin", "title"),
    [(key, begin, title) for key, ways in ONE_WAY.items() for begin, title in ways.items()],
)
def test_a_title_of_two_ways_says_the_one_that_is_taken(key: str, begin: str, title: str) -> None:
    (kind,) = (one for one in KINDS if one.key == key)
    code = min(kind.codes)
    subject = f"github:repo/{REPO}" if code == "GHR112" else f"github:org/{ORG}"
    taken = failed(code, subject, fix(f"{begin} whom you trust", page="https://one.test"))
    (step,) = plan([taken]).steps
    assert step.title == title.format(where=REPO if code == "GHR112" else ORG)
    # A check says it in these words.
    assert any(begin in text for text in SOURCES)
    if code == "GHR112":
        other = failed(code, f"{subject}-two", fix("Do the opposite", page="https://other.test"))
        (mixed,) = plan([taken, other]).steps
        assert mixed.title.startswith("Change who administers ")


def test_what_runs_in_a_checkout_is_an_action_in_each_repository() -> None:
    for command in ("npm install --package-lock-only", "npm pkg delete scripts.install"):
        found = [
            failed(
                "GHR122", f"github:repo/acme/{name}", fix("Commit it", page=name, command=command)
            )
            for name in ("web", "api")
        ]
        (step,) = plan(found).steps
        assert sorted(action.fix.page for action in step.actions) == ["api", "web"]
