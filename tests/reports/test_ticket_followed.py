"""A ticket that is followed to the letter takes away nothing that is still used."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hardenme.engine.report_filter import each_place
from hardenme.model.publishing import PackagePaths, Publishing
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.reports.fixplan.build import plan_of
from hardenme.reports.fixplan.step_kind import When
from hardenme.reports.fixplan.token_replacement import one_replacement
from hardenme.reports.ticket.confirming import EXPECTED, NPM, expected
from hardenme.reports.ticket.content import OTHER_RIGHTS, of_place, of_step
from hardenme.reports.ticket.drawing import LAST, drawn
from hardenme.reports.ticket.problems import DISGUISED
from tests.reports import planned
from tests.reports.publishing_sample import person, publisher, revoke, token, trust

WEB = "github:repo/acme/web"
PACKAGES = ("@acme/one", "@acme/two")
KEY = "0f754593-8e37-5503-bb2b-d00c1ff78d53"
PAGE = f"{planned.WEB}/tokens"
REVOKE = f"npm token revoke {KEY}"

PINNING = (
    "gh api repos/a/b/actions/permissions --jq '.sha_pinning_required = true'"
    " | gh api -X PUT repos/a/b/actions/permissions --input -"
)


def replacing(limit: str, right: str, days: int) -> str:
    chosen = f"Choose {right} and an expiry of {days} days."
    return f"Create a token {limit}. {chosen} Then revoke the old one."


def test_several_wishes_for_one_token_are_one_choice_without_the_command_that_revokes() -> None:
    limited, named = "that is limited to the addresses of its machine", "that names its packages"
    fixes = [
        planned.fix("Publish as a trusted publisher, then revoke the token", PAGE, REVOKE),
        planned.fix(replacing("with a shorter lifetime", "stage-only", 30), PAGE, REVOKE),
        planned.fix(replacing(limited, "stage-only", 7), PAGE, REVOKE),
        planned.fix(replacing(named, "stage-only", 30), PAGE, REVOKE),
    ]
    one = one_replacement(fixes)
    assert one is not None
    assert one.command == ""
    assert one.step.count("evoke") == 1
    assert one.step.count("reate a token") == 1
    assert "1. publish as a trusted publisher; 2. create a token" in one.step
    assert "expiry of 7 days" in one.step
    assert all(limit in one.step for limit in (limited, named))
    assert "shorter lifetime" not in one.step
    text = drawn(
        of_place(*_whole(planned.report(planned.failed("NPT101", f"npm:token/{KEY}", one))))
    )
    assert text.count("- [ ]") + text.count(". [ ]") == 1


def test_a_token_that_needs_no_new_one_keeps_its_command() -> None:
    assert one_replacement([planned.fix("Revoke the token", command=REVOKE)]) is None


def _whole(report: Report) -> tuple[Report, object]:
    ((place, part),) = each_place(report)
    return part, place


@pytest.fixture(name="shared")
def _shared() -> Report:
    """Two packages that one token releases, each with a publisher that can take its place."""
    revoking = replace(revoke(KEY, "deploy"), closes=(f"token/{KEY}",))
    path = replace(token("deploy"), key=f"token/{KEY}")
    packages = tuple(
        PackagePaths(name, None, (path,), (trust(name, "acme/web"), revoking)) for name in PACKAGES
    )
    findings = [
        planned.failed("PUB101", f"npm:package/{one.package}", one.steps[0].fix, Severity.CRITICAL)
        for one in packages
    ]
    return planned.report(*findings, publishing=Publishing(packages, ()))


def test_what_several_packages_use_is_not_revoked_for_one_of_them(shared: Report) -> None:
    plan = plan_of(shared)
    (set_up,) = (one for one in plan.steps if one.releases)
    places = each_place(shared)
    assert len([*places]) == len(PACKAGES)
    for place, part in places:
        text = drawn(of_place(part, place))
        assert REVOKE not in text
        assert "is used by 2 packages: revoke it only when" in text
        assert f"(reference {set_up.id}) is done for all of them" in text
    whole = "".join(drawn(of_step(shared, plan, one)) for one in plan.steps)
    assert REVOKE in whole


@pytest.mark.parametrize(
    ("step", "command", "last"),
    [
        ("Add a read-only key, then delete this one", "gh api -X DELETE repos/a/b/keys/7", True),
        (
            "Give it to a team. Then set developers to read-only",
            "npm access grant read-only a:b c",
            True,
        ),
        ("See that it works, and only then revoke it", REVOKE, True),
        ("Revoke the token, then ask support about it", REVOKE, False),
        ("Delete the key, unless you know it", "gh api -X DELETE repos/a/b/keys/7", True),
        ("Delete the key", "gh api -X DELETE repos/a/b/keys/7", False),
        ("Extend the key, or delete it", "gh api -X DELETE user/gpg_keys/7", True),
        (
            "Check that it is there, then set it up",
            "npm trust github c --repo=a/b --file=r.yml",
            True,
        ),
        (
            "Replace tags. Then tick it",
            PINNING,
            True,
        ),
        ("Add it, then set it up", "npm trust github c --repo=a/b --file=r.yml", False),
    ],
)
def test_what_takes_away_is_not_offered_in_place_of_what_comes_before(
    step: str,
    command: str,
    last: bool,  # noqa: FBT001 (a case)
) -> None:
    finding = planned.failed("GHR108", WEB, planned.fix(step, f"{planned.WEB}/keys", command))
    text = drawn(of_place(*_whole(planned.report(finding))))
    assert (f"- {LAST}: `{command}`" in text) == last
    assert (f"- Or run: `{command}`" in text) == (not last)


def test_what_was_there_is_in_the_undo_where_its_command_replaces_it() -> None:
    change = planned.fix(
        "Choose it",
        command="gh api -X PUT repos/acme/web/x -f allowed=selected",
        undo="Restore the former choice",
    )
    seen = {"allowed": "all", "count": 3}
    finding = planned.failed("GHW101", WEB, change, seen=seen)
    text = drawn(of_place(*_whole(planned.report(finding))))
    assert 'Restore the former choice: `allowed` was "all"' in text
    assert "`count`" not in text


def test_an_undo_names_what_it_undoes_where_there_are_several() -> None:
    findings = [
        planned.failed(code, WEB, planned.fix(f"Do {code}", undo=undo))
        for code, undo in (("GHW101", "Undo a"), ("GHW102", "Take b back"), ("GHW103", "Undo a"))
    ]
    text = drawn(of_place(*_whole(planned.report(*findings))))
    actions = dict(re.findall(r"^(\d)\. \[ \] (.+)$", text, re.MULTILINE))
    undone = dict(re.findall(r"^- ([\d, ]+): (.+)$", text, re.MULTILINE))
    assert {
        text: {actions[one] for one in numbers.split(", ")} for numbers, text in undone.items()
    } == {"Undo a": {"Do GHW101", "Do GHW103"}, "Take b back": {"Do GHW102"}}


def test_each_part_says_what_it_takes_where_that_differs() -> None:
    rights = {"GHW101": "repository admin", "GHW102": "repository admin", "GHW103": "an owner"}
    findings = [
        planned.failed(code, WEB, planned.fix(f"Do {code}", needs=needs))
        for code, needs in rights.items()
    ]
    report = planned.report(*findings)
    plan = plan_of(report)
    (step,) = plan.steps
    text = drawn(of_step(report, plan, step))
    assert f"For: a repository admin{OTHER_RIGHTS}." in text
    assert text.count("You need: repository admin") == 1
    assert text.count("   - You need: an owner") == 1


def test_what_weighs_less_in_one_place_says_so_there() -> None:
    change = planned.fix("Do it")
    findings = [
        planned.failed("GHW101", WEB, change, Severity.HIGH),
        planned.failed("GHW101", "github:repo/acme/api", change, Severity.LOW),
    ]
    report = planned.report(*findings)
    plan = plan_of(report)
    (step,) = plan.steps
    text = drawn(of_step(report, plan, step))
    assert "(**high**)" in text
    assert "acme/api: it is open (low)" in text.replace("`", "")
    assert "it is open (high)" not in text


@pytest.mark.parametrize(
    ("name", "found"), [("\u202eyek", True), ("kéy", False), ("a\u200bb", True)]
)
def test_a_name_in_disguise_is_named_as_one(name: str, found: bool) -> None:  # noqa: FBT001 (a case)
    finding = planned.failed(
        "GHR109", "github:deploy-key/acme/web/7", planned.fix("Do it"), within=WEB
    )
    finding = replace(finding, label=name)
    text = drawn(of_place(*_whole(planned.report(finding))))
    assert (DISGUISED in text) == found


def test_a_publisher_that_stays_is_not_among_those_that_can_no_longer_publish() -> None:
    steps = (trust("@acme/one", "acme/web"), revoke(KEY, "deploy"))
    ways = (publisher("acme/web"), person("mallow"), token("deploy"))
    closing = [replace(steps[0], closes=tuple(one.key for one in ways[:2]))]
    closing.append(replace(steps[1], closes=(ways[0].key, ways[2].key)))
    package = PackagePaths("@acme/one", None, ways, tuple(closing))
    finding = planned.failed("PUB101", "npm:package/@acme/one", closing[0].fix)
    report = planned.report(finding, publishing=Publishing((package,), ()))
    plan = plan_of(report)
    first, then = (drawn(of_step(report, plan, one)).replace("`", "") for one in plan.steps)
    assert "Publishes with 2FA only: mallow to @acme/one." in first
    assert "Can no longer publish" not in first
    assert "former trusted publisher acme/web release.yml: @acme/one" in then


def test_each_command_that_shows_a_change_has_what_it_prints() -> None:
    shown = [" ".join(("npm", *words)).replace("{", "").replace("}", "") for words in NPM.values()]
    assert all(expected(command) for command in shown)
    for path in ("repos/a/b/keys --paginate", "repos/a/b/rulesets", "orgs/a --jq .x"):
        assert expected(f"gh api {path}")
    assert expected("npm ping") == ""
    assert len({text for _, text in EXPECTED}) > 1


@pytest.mark.parametrize("code", ["NPP110", "PUB103"])
def test_signs_of_an_attack_come_before_people_are_trusted_with_the_package(code: str) -> None:
    package = "npm:package/@acme/one"
    alarm = planned.failed(
        "REL101", "npm:release/@acme/one@1.0.1", planned.fix("Look"), within=package
    )
    other = planned.failed(
        "REL101", "npm:release/@acme/two@1.0.1", planned.fix("Look"), within=f"{package[:-3]}two"
    )
    asked = planned.failed(code, package, planned.fix("Ask hazel"))
    plan = planned.plan([asked, alarm, other])
    (asking,) = (one for one in plan.steps if code in one.codes)
    waits = {one.id for one in plan.steps if one.id in asking.waits}
    assert waits == {
        one.id for one in plan.steps if one.names and "@acme/one@1.0.1" in " ".join(one.names)
    }
    assert waits


@pytest.mark.parametrize("codes", [("GHR112",), ("PUB103",), ("GHR112", "PUB103")])
def test_a_repository_is_moved_away_once_and_after_all_else(codes: tuple[str, ...]) -> None:
    """Whichever check asks for it, and in whichever words it goes on."""
    page = f"{planned.WEB}/acme/web/settings"
    subjects = {"GHR112": "github:repo/acme/web", "PUB103": "npm:package/@acme/web"}
    asked = [
        planned.failed(
            code,
            subjects[code],
            planned.fix(f'Choose "Transfer ownership" ({code})', page=page),
            Severity.CRITICAL,
            seen={"administrators": 1, "repository": "acme/web"},
        )
        for code in codes
    ]
    others = [
        planned.failed(code, WEB, planned.fix(f"Do {code}"), Severity.LOW)
        for code in ("GHB102", "GHW101")
    ]
    step = planned.plan([*asked, *others]).steps[-1]
    assert {*step.codes} == {*codes}
    assert step.section is When.NEXT
    assert [action.fix.page for action in step.actions] == [page]
    where = "acme/web" if "GHR112" in codes else "the repository of @acme/web"
    assert step.title == f"Transfer {where} to an organization with two owners (optional)"
