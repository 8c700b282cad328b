from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.github.workflow import LineRange
from hardenme.model.check import Check
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError, Reason, Unknown
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.github.workflow import (
    workflow_actions_pinned,
    workflow_permissions_minimal,
    workflow_without_injection,
)
from hardenme_checks.github.workflow_outside import (
    cache_not_writable_by_strangers,
    workflow_agent_closed,
    workflow_trigger_safe,
)
from hardenme_checks.github.workflow_release import (
    release_workflow_isolated,
    release_workflow_without_cache,
)
from tests.factories.github_workflow import (
    PINNED,
    finding,
    job,
    lock,
    loose,
    repository,
    scan,
    token,
    use,
    workflow,
)
from tests.factories.given import MISSING, REFUSED

PAGE = "https://github.com/hazel/catkin/blob/HEAD/.github/workflows/ci.yml"
WITH_SCAN = (workflow_actions_pinned, workflow_without_injection, release_workflow_without_cache)
WITH_TOKEN = (workflow_permissions_minimal, workflow_trigger_safe, workflow_agent_closed)
FORK = "pull_request_target"
BOTH = {"events": (FORK,), "outside": (FORK,)}
ISSUE = {"events": ("issues",), "outside": ("issues",)}


def judge(check: Check, file: Any, *more: Any) -> Any:
    """The verdict on a file of a repository that is not archived."""
    if check is workflow_actions_pinned:
        return check(file, *(more or (scan(),)), repository(), lock(), REFUSED)
    if check in WITH_SCAN:
        return check(file, *(more or (scan(),)), repository())
    if check in WITH_TOKEN:
        return check(file, repository(), *(more or (token(),)))
    return check(file, repository())


@pytest.mark.parametrize(
    "check", [*WITH_SCAN, *WITH_TOKEN, release_workflow_isolated], ids=lambda check: check.code
)
def test_in_an_archive_no_workflow_runs(check: Check) -> None:
    file, stopped = workflow(events=MISSING, jobs=MISSING), repository(archived=True)
    more = (
        (file, scan(), stopped, lock(onboarded=MISSING), REFUSED)
        if check is workflow_actions_pinned
        else (file, scan(), stopped)
        if check in WITH_SCAN
        else (file, stopped, token())
        if check in WITH_TOKEN
        else (file, stopped)
    )
    assert isinstance(check(*more), NotApplicable)


def test_pinned() -> None:
    check = workflow_actions_pinned
    assert isinstance(judge(check, workflow()), Passed)
    assert isinstance(judge(check, workflow(job(uses=()))), Passed)
    verdict = judge(check, workflow(job(uses=(use(), loose(), loose("sprout-tools/test@v2")))))
    assert isinstance(verdict, Failed)
    assert verdict.message == ("2 actions not pinned: sprout-tools/build@v1, sprout-tools/test@v2")
    assert verdict.fix.page == PAGE
    assert verdict.fix.needs
    assert verdict.fix.undo
    by_github = loose("actions/checkout@v4", origin="github")
    assert isinstance(judge(check, workflow(job(uses=(by_github,)))), Failed)


def test_what_is_pinned_elsewhere_is_judged_elsewhere() -> None:
    called = job(called=True, uses=(loose(),))
    image = job(uses=(loose("node:20", image=True),))
    assert isinstance(judge(workflow_actions_pinned, workflow(called, image)), Passed)


def test_a_pin_takes_two_readers() -> None:
    check = workflow_actions_pinned
    verdict = judge(check, workflow(), scan(finding("unpinned-uses")))
    assert isinstance(verdict, Failed)
    assert "line 7" in verdict.message
    assert isinstance(judge(check, workflow(), scan(finding("cache-poisoning"))), Passed)
    with pytest.raises(NotKnownError):
        judge(check, workflow(), scan(findings=MISSING))
    assert isinstance(judge(check, workflow(job(uses=(loose(),))), scan(findings=MISSING)), Failed)
    with pytest.raises(NotKnownError):
        judge(check, workflow(jobs=MISSING))


def test_permissions_that_are_given_to_one_job() -> None:
    check = workflow_permissions_minimal
    assert isinstance(judge(check, workflow(), REFUSED), Passed)
    assert isinstance(judge(check, workflow(job(writes=("contents",)))), Passed)
    for writes in (("contents",), ("*",)):
        verdict = judge(check, workflow(writes=writes), REFUSED)
        assert isinstance(verdict, Failed)
        assert verdict.severity is None, "as declared"
    assert isinstance(judge(check, workflow(job(writes=("*",)), writes=None)), Failed)
    assert isinstance(judge(check, workflow(job(), job(called=True, writes=("*",)))), Passed)
    with pytest.raises(NotKnownError):
        judge(check, workflow(writes=MISSING))


def test_permissions_that_nobody_set() -> None:
    check, silent = workflow_permissions_minimal, workflow(job(writes=None), writes=None)
    assert isinstance(judge(check, silent, token("read")), Passed)
    assert isinstance(judge(check, silent, token("write")), Failed)
    assert judge(check, silent, REFUSED) is REFUSED
    with pytest.raises(NotKnownError):
        judge(check, silent, token(MISSING))
    called = workflow(job(writes=None), writes=None, events=("workflow_call",))
    assert isinstance(judge(check, called, REFUSED), Passed)


def test_injection() -> None:
    check = workflow_without_injection
    assert isinstance(judge(check, workflow()), Passed)
    assert isinstance(judge(check, workflow(injections=("test, step 1",)), scan()), Failed)
    for rule in ("template-injection", "github-env"):
        assert isinstance(judge(check, workflow(), scan(finding(rule))), Failed)
    weak = finding("template-injection", severity="Low")
    assert isinstance(judge(check, workflow(), scan(weak)), Passed)
    for broken in (
        (workflow(injections=MISSING), scan()),
        (workflow(), scan(findings=MISSING)),
    ):
        with pytest.raises(NotKnownError):
            judge(check, *broken)


def test_a_trigger_from_inside() -> None:
    check = workflow_trigger_safe
    assert isinstance(judge(check, workflow(), REFUSED), Passed)
    assert isinstance(judge(check, workflow(**ISSUE), REFUSED), Passed)
    with pytest.raises(NotKnownError):
        judge(check, workflow(outside=MISSING))


def test_a_trigger_that_brings_code() -> None:
    check = workflow_trigger_safe
    bad = job(opens=(FORK,), fetches=("actions/checkout",))
    verdict = judge(check, workflow(bad, **BOTH), REFUSED)
    assert isinstance(verdict, Failed)
    assert verdict.severity is None, "critical, as declared"
    assert "test (actions/checkout)" in verdict.message
    commented = {"events": ("issue_comment",), "outside": ("issue_comment",)}
    by_comment = job(opens=("issue_comment",), fetches=("gh pr checkout",))
    assert isinstance(judge(check, workflow(by_comment, **commented)), Failed)
    closed = job(opens=(), fetches=("actions/checkout",))
    assert isinstance(judge(check, workflow(closed, **BOTH)), Passed)


def test_a_trigger_with_rights() -> None:
    check = workflow_trigger_safe
    for rights in ({"writes": ("contents",)}, {"writes": ("*",)}, {"secrets": ("KEY",)}):
        verdict = judge(check, workflow(job(opens=(FORK,), **rights), **BOTH), REFUSED)
        assert isinstance(verdict, Failed)
        assert verdict.severity is Severity.MEDIUM
    closed = job(opens=(), writes=("contents",))
    assert isinstance(judge(check, workflow(closed, **BOTH)), Passed)


def test_a_labeler_passes() -> None:
    check = workflow_trigger_safe
    for writes in ((), ("issues", "pull-requests")):
        labeler = workflow(job(opens=(FORK,), writes=writes), **BOTH)
        assert isinstance(judge(check, labeler, REFUSED), Passed)


def test_a_trigger_with_rights_that_nobody_set() -> None:
    check = workflow_trigger_safe
    silent = workflow(job(opens=(FORK,), writes=None), **BOTH)
    assert isinstance(judge(check, silent, token("read")), Passed)
    verdict = judge(check, silent, token("write"))
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.MEDIUM
    assert judge(check, silent, REFUSED) is REFUSED


def test_what_was_not_read_could_bring_code() -> None:
    check = workflow_trigger_safe
    dark = job(opens=(FORK,), opaque=("./x",))
    with pytest.raises(NotKnownError):
        judge(check, workflow(dark, opaque=MISSING, **BOTH))
    elsewhere = workflow(job(opens=(FORK,)), job(opaque=("./x",)), opaque=MISSING, **BOTH)
    assert isinstance(judge(check, elsewhere), Passed)
    held = job(opens=(FORK,), opaque=("./x",), secrets=("KEY",))
    assert isinstance(judge(check, workflow(held, opaque=MISSING, **BOTH)), Failed)


AGENT = {"agents": ("an/agent",), "obeys": ("an/agent",), "opens": ("issues",)}


def test_an_agent() -> None:
    check = workflow_agent_closed
    assert isinstance(judge(check, workflow()), NotApplicable)
    for rights in ({"writes": ("issues",)}, {"secrets": ("MODEL_KEY",)}):
        verdict = judge(check, workflow(job(**AGENT | rights), **ISSUE), REFUSED)
        assert isinstance(verdict, Failed)
        assert "an/agent in test" in verdict.message
    assert isinstance(judge(check, workflow(job(**AGENT), **ISSUE), REFUSED), Passed)
    for closed in ({"opens": ()}, {"obeys": ()}):
        held = job(**AGENT | closed | {"secrets": ("MODEL_KEY",)})
        assert isinstance(judge(check, workflow(held, **ISSUE), REFUSED), Passed)


def test_an_agent_with_rights_that_nobody_set() -> None:
    check, silent = workflow_agent_closed, workflow(job(**AGENT | {"writes": None}), **ISSUE)
    assert isinstance(judge(check, silent, token("read")), Passed)
    assert isinstance(judge(check, silent, token("write")), Failed)
    assert judge(check, silent, REFUSED) is REFUSED


@pytest.mark.parametrize("reached", [{"opens": ("issues",)}, {"unsure": ("issues",)}])
def test_a_job_of_which_a_part_was_not_read_passes_only_where_nobody_starts_it(
    reached: dict[str, Any],
) -> None:
    with pytest.raises(NotKnownError):
        judge(
            workflow_agent_closed,
            workflow(job(opaque=("./x",), **reached), job(), opaque=MISSING, **ISSUE),
            REFUSED,
        )
    closed = workflow(job(opaque=("./x",)), opaque=MISSING, **ISSUE)
    assert isinstance(judge(workflow_agent_closed, closed, REFUSED), NotApplicable)


def test_what_was_not_read_could_hold_an_agent() -> None:
    dark = workflow(job(opens=("issues",), opaque=("./x",)), opaque=MISSING, **ISSUE)
    with pytest.raises(NotKnownError):
        judge(workflow_agent_closed, dark)


def test_a_release_with_a_cache() -> None:
    check, publishing = release_workflow_without_cache, job(publishes=("npm publish",))
    assert isinstance(judge(check, workflow(job(caches=("actions/cache",)))), NotApplicable)
    assert isinstance(judge(check, workflow(publishing)), Passed)
    assert isinstance(judge(check, workflow(releases=("release",))), Passed)
    cached = workflow(publishing, job(name="build", caches=("actions/cache",)))
    verdict = judge(check, cached, scan(findings=MISSING))
    assert isinstance(verdict, Failed)
    assert "actions/cache in build" in verdict.message
    low = scan(finding("cache-poisoning", severity="Low"))
    assert isinstance(judge(check, workflow(publishing), low), Failed)
    with pytest.raises(NotKnownError):
        judge(check, workflow(publishing), scan(findings=MISSING))
    with pytest.raises(NotKnownError):
        judge(check, workflow(publishing, job(opaque=("./x",)), opaque=MISSING))
    may = job(may_restore=("some/thing",))
    with pytest.raises(NotKnownError):
        judge(check, workflow(publishing, may, unfollowed_caches=MISSING))
    none = job(may_restore=("some/thing",), cache_mode="none")
    assert isinstance(judge(check, workflow(publishing, none, unfollowed_caches=MISSING)), Passed)


def test_a_job_that_can_publish() -> None:
    check = release_workflow_isolated
    assert isinstance(judge(check, workflow(job(uses=(loose(),)))), NotApplicable)
    for rights in (
        {"writes": ("id-token",)},
        {"writes": ("*",)},
        {"secrets": ("NPM_TOKEN",)},
        {"secrets": ("*",)},
        {"secrets": ("KEY",), "publishes": ("twine upload",)},
    ):
        assert isinstance(judge(check, workflow(job(**rights))), Passed)
        verdict = judge(check, workflow(job(**rights, uses=(use(), loose()))))
        assert isinstance(verdict, Failed)
        assert verdict.severity is None, "it holds what publishes, beyond doubt"
        assert "sprout-tools/build@v1 in test" in verdict.message
        image = job(**rights, uses=(loose("node:20", image=True),))
        assert isinstance(judge(check, workflow(image)), Failed)
        for origin in ("github", "own"):
            near = job(**rights, uses=(loose("hazel/tools@v1", origin=origin),))
            assert isinstance(judge(check, workflow(near)), Passed)
    for less in ({"secrets": ("KEY",)}, {"publishes": ("twine upload",)}):
        assert not isinstance(judge(check, workflow(job(**less, uses=(loose(),)))), Failed)
    beside = workflow(job(writes=("id-token",)), job(uses=(loose(),)))
    assert isinstance(judge(check, beside), Passed)


def test_what_was_not_read_could_stand_beside_the_key() -> None:
    holder = job(writes=("id-token",), opaque=("./.github/actions/setup",))
    with pytest.raises(NotKnownError):
        judge(release_workflow_isolated, workflow(holder, opaque=MISSING))
    pinned = job(writes=("id-token",), opaque=("a/b/.github/workflows/c.yml@" + "a" * 40,))
    assert isinstance(judge(release_workflow_isolated, workflow(pinned, opaque=MISSING)), Passed)


def test_a_pass_says_what_was_looked_at() -> None:
    rights = {"writes": ("contents",), "secrets": ("TOKEN",)}
    for job_, said in (
        (job(opens=("issue_comment",), **rights), "do not publish"),
        (job(opens=(FORK,), writes=("issues",)), "no token that writes more than issues"),
        (job(opens=(FORK,)), "have no secrets and no write token"),
        (job(**rights), "no job of it runs for people without write access"),
    ):
        verdict = judge(workflow_trigger_safe, workflow(job_, **BOTH))
        assert isinstance(verdict, Passed)
        assert said in verdict.message
    assert (
        "secrets"
        not in judge(
            workflow_trigger_safe, workflow(job(opens=("issue_comment",), **rights), **BOTH)
        ).message
    )


def test_a_condition_that_was_not_followed_decides_only_what_it_would_let_in() -> None:
    unfollowed = Unknown(Reason.NOT_ASKED, "a look at the condition", seen="a condition")
    for check, bad, good in (
        (workflow_trigger_safe, {"fetches": ("git fetch",)}, {}),
        (workflow_trigger_safe, {"secrets": ("TOKEN",)}, {}),
        (workflow_trigger_safe, {"publishes": ("npm publish",)}, {}),
        (
            workflow_agent_closed,
            {"obeys": ("x",), "agents": ("x",), "secrets": ("KEY",)},
            {"agents": ("x",)},
        ),
        (cache_not_writable_by_strangers, {"cache_mode": "write"}, {"cache_mode": "read"}),
    ):
        for given, unknown in ((bad, True), (good, False)):
            file = workflow(job(unsure=(FORK,), **given), unfollowed_guards=unfollowed, **BOTH)
            try:
                verdict = judge(check, file)
            except NotKnownError:
                verdict = None
            assert (verdict is None or isinstance(verdict, Unknown)) is unknown, (check, given)


def test_a_fix_points_to_the_line_of_what_its_message_names() -> None:
    def placed(**fields: Any) -> Any:
        places = tuple(LineRange(what, line, line) for what, line in fields.pop("at").items())
        return job(line=4, places=places, **fields)

    tag = "sprout-tools/build@v1"
    loose_job = placed(uses=(use(), loose(tag)), at={PINNED: 8, tag: 9})
    writer = placed(writes=("*",), at={"permissions": 5})
    silent = placed(writes=None, at={})
    top = workflow(writes=("contents",), places=(LineRange("permissions", 2, 2),))
    unread = Unknown(Reason.MALFORMED, "the places")
    text = workflow(injections=("test, step 3",), places=(LineRange("test, step 3", 6, 8),))
    for check, given, facts, line in (
        (workflow_actions_pinned, workflow(loose_job), (), "#L9"),
        (workflow_permissions_minimal, workflow(writer), (), "#L5"),
        (workflow_permissions_minimal, workflow(silent), (token("write"),), "#L4"),
        (workflow_permissions_minimal, top, (), "#L2"),
        (workflow_permissions_minimal, workflow(writes=("contents",), places=unread), (), ""),
        (workflow_without_injection, text, (), "#L6"),
        (workflow_without_injection, text, (scan(finding("template-injection")),), "#L7"),
        (workflow_without_injection, text, (scan(finding("github-env", line=9)),), "#L6"),
    ):
        verdict = judge(check, given, *facts)
        assert isinstance(verdict, Failed)
        assert verdict.fix.page == f"{PAGE}{line}"
