"""Names in a comparison: what is the same under another one, and what is another under the same."""

from __future__ import annotations

import pytest

from hardenme.drift import compare, follow
from hardenme.model.inventory import InventoryItem
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from tests.drift.compared import (
    REFUSED,
    WEB,
    finding,
    key,
    owner,
    place,
    report,
    repository,
    steps,
    turns,
)


def test_a_repository_with_a_new_name_is_the_same_with_all_that_is_in_it() -> None:
    hooks = [Subject("github", "hook", f"{name}/1") for name in ("acme/web", "acme/Site")]
    site = Subject("github", "repo", "acme/Site")
    before = report(
        finding(),
        finding(subject=hooks[0], within=WEB),
        places=[owner(repository()), place(key(1))],
    )
    after = report(
        finding(subject=site),
        finding("unknown", hooks[1], site),
        places=[owner(repository("acme/Site")), place(key(1, site), subject=site)],
    )
    drift, kept = follow(before, after)
    assert steps(drift) == [("LOST", f"GHR101 {hooks[1]}")]
    assert [(one.turn.name, one.fields) for one in drift.items] == [("CHANGED", ("name",))]
    assert [one.subject for one in kept.carried.findings] == [hooks[1]]
    assert kept.carried.findings[0].within == site


def test_a_new_repository_under_an_old_name_is_a_new_one() -> None:
    site = Subject("github", "repo", "acme/site")
    before = report(finding("passed"), places=[owner(repository())])
    after = report(
        finding(subject=site),
        finding(),
        places=[owner(repository("acme/site"), repository("acme/web", "R2"))],
    )
    assert sorted(steps(compare(before, after))) == [
        ("NEW", f"GHR101 {site}"),
        ("NEW", f"GHR101 {WEB}"),
    ]


def test_names_of_github_have_no_case_and_those_of_npm_do() -> None:
    upper = Subject("github", "repo", "Acme/Web")
    assert compare(report(finding()), report(finding(subject=upper))).empty
    npm = [Subject("npm", "package", name) for name in ("acme", "Acme")]
    before, after = (report(finding(subject=one)) for one in npm)
    assert {name for name, _ in steps(compare(before, after))} == {"NEW", "LOST"}


def test_a_name_with_hidden_characters_is_found_again_in_a_stored_report() -> None:
    raw, shown = (
        Subject("github", "hook", f"acme/web/{name}") for name in ("a\u200bb", "a\\u200bb")
    )
    assert compare(report(finding(subject=raw)), report(finding(subject=shown))).empty


@pytest.mark.parametrize(
    ("provider", "kind", "what"),
    [("github", "org", "organization"), ("npm", "package", "published package")],
)
def test_one_that_goes_by_its_kind_alone_is_not_taken_for_another(
    provider: str, kind: str, what: str
) -> None:
    def seen(name: str, result: str, week: int) -> Report:
        subject = Subject(provider, kind, name)
        own = place(InventoryItem(what, subject, name, what, {}), subject=subject, kind=what)
        return report(finding(result, subject), places=[own], week=week)

    drift = compare(seen("cedar", "failed", 0), seen("birch", "passed", 1))
    assert steps(drift) == [("LOST", f"GHR101 {provider}:{kind}/cedar")]
    assert turns(drift) == [("LOST", f"{what} list")]


def test_a_repository_that_takes_the_name_of_a_deleted_one_is_not_taken_for_it() -> None:
    api = Subject("github", "repo", "acme/api")
    both = owner(repository("acme/api", "R2"), repository())
    before = report(finding("failed"), finding("passed", api), places=[both])
    after = report(finding("failed"), places=[owner(repository("acme/web", "R2"))], week=1)
    assert steps(compare(before, after)) == [
        ("NEW", "GHR101 github:repo/acme/web"),
        ("GONE", "GHR101 github:repo/acme/web"),
    ]


def test_what_is_in_a_repository_is_not_gone_with_the_one_whose_name_it_took() -> None:
    api = Subject("github", "repo", "acme/api")
    old = Subject("github", "deploy-key", "acme/api/1")
    both = owner(repository("acme/api", "R2"), repository())
    before = report(finding("failed", old, api, code="GHK101"), places=[both, place(subject=api)])
    unread = [owner(repository("acme/web", "R2")), place(why=REFUSED)]
    after = report(finding("unknown", code="GHK101"), places=unread, week=1)
    assert steps(compare(before, after)) == [("LOST", "GHK101 github:deploy-key/acme/web/1")]


def test_what_left_one_list_and_stands_in_another_is_not_gone() -> None:
    foo, person = Subject("npm", "package", "foo"), Subject("npm", "user", "hazel")
    publisher = Subject("npm", "trusted-publisher", "foo@1")
    item = InventoryItem("package", foo, "foo", "foo", {})
    roster = place(item, subject=Subject("npm", "org", "acme"), kind="package")
    mine = place(item, subject=person, kind="package")
    before = report(finding("failed", publisher, foo), places=[mine, roster])
    none = place(subject=person, kind="package")
    after = report(finding("unknown", foo), places=[none, roster], week=1)
    drift = compare(before, after)
    assert steps(drift) == [("LOST", "GHR101 npm:trusted-publisher/foo@1")]
    assert turns(drift) == [("VANISHED", "foo")]


def test_what_went_to_an_owner_that_was_not_looked_at_before_is_not_gone() -> None:
    hazel, moved = Subject("github", "user", "hazel"), Subject("github", "repo", "hazel/web")
    old = Subject("github", "deploy-key", "acme/web/1")
    before = report(
        finding("failed", old, WEB, code="GHK101"), places=[owner(repository()), place(key(1))]
    )
    theirs = place(repository("hazel/web"), subject=hazel, kind="repository")
    unread = [owner(), theirs, place(subject=moved, why=REFUSED)]
    after = report(finding("unknown", moved, code="GHK101"), places=unread, week=1)
    assert steps(compare(before, after)) == [("LOST", "GHK101 github:deploy-key/hazel/web/1")]
