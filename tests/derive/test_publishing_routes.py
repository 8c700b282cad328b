from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.github.named import GONE, OWNER_GONE, RENAMED
from hardenme.facts.npm.paths import PublisherRoute
from hardenme.model.unknown import Reason, Unknown
from tests.factories.github import bare_branch, branch_rules, repository
from tests.factories.github_files import workflow_owners
from tests.factories.github_repository import environment, guards, selection
from tests.factories.github_workflow import job, loose, use
from tests.factories.given import LOST, MISSING, REFUSED, every
from tests.factories.npm import PACKAGE
from tests.factories.npm_paths import (
    PUBLISHER,
    release_job,
    release_workflow,
    route,
    there,
    trusted_publisher,
)


def why(found: PublisherRoute, name: str) -> Unknown:
    return found.unknown_fields()[name]


def commands(found: PublisherRoute) -> list[str]:
    return [step.fix.command for step in found.steps]


def test_a_workflow_that_stages_from_its_environment_is_guarded_and_sound() -> None:
    found = route()
    assert found.guarded
    assert found.sound
    assert not found.exposed
    assert (found.unguarded, found.unsound, found.remarks, found.steps) == ((), (), (), ())


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"workflow": ""}, "no workflow is named"),
        ({"environment": None}, "bound to no environment"),
        ({"environment": "production"}, "has no environment production"),
    ],
)
def test_a_publisher_that_is_not_bound_is_not_guarded(changed: Any, reason: str) -> None:
    found = route(trusted_publisher(**changed))
    assert found.guarded is False
    assert reason in found.unguarded[0]
    assert found.steps


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ({"reviewed": False}, "without approval of the run in release"),
        ({"prevents_self_review": False}, "who starts a run in release can approve it"),
    ],
)
def test_who_publishes_at_once_needs_a_reviewer_who_is_somebody_else(
    rules: Any, reason: str
) -> None:
    publisher = trusted_publisher(may_publish=True)
    assert route(publisher).guarded
    found = route(publisher, environments=every(environment(**rules)))
    assert found.guarded is False
    assert reason in found.unguarded[0]
    bound = "--repo=hazel/catkin --file=release.yml --env=release-staged --allow-stage-publish"
    assert commands(found) == [
        "",
        f"npm trust github {PACKAGE} {bound}",
        f"npm trust revoke --id={PUBLISHER} {PACKAGE}",
    ]
    unread = route(publisher, environments=every(environment(**rules), missing=LOST))
    assert unread.steps[0].fix.step.startswith("Check that hazel/catkin has the environment")


@pytest.mark.parametrize("publishes", [False, True])
def test_a_renamed_repository_is_trusted_by_its_present_name(*, publishes: bool) -> None:
    """Nothing is printed that trusts the old name, and nothing releases by it any more."""
    named = there(state=RENAMED, current="hazel/tassel")
    for home in (repository(full_name="hazel/tassel"), LOST):
        publisher = trusted_publisher(may_publish=publishes, workflow="")
        found = route(publisher, repository=home, named=named)
        assert found.works is False
        add, remove = (line for line in commands(found) if line)
        assert "--repo=hazel/tassel" in add
        assert "--env=release " in add
        assert remove == f"npm trust revoke --id={PUBLISHER} {PACKAGE}"
        assert "hazel/catkin was renamed" in found.steps[-1].fix.step


@pytest.mark.parametrize("state", [GONE, OWNER_GONE])
def test_a_repository_that_is_gone_is_trusted_no_more(state: str) -> None:
    found = route(trusted_publisher(workflow=""), repository=LOST, named=there(state=state))
    assert commands(found) == [f"npm trust revoke --id={PUBLISHER} {PACKAGE}"]
    assert "hazel/catkin does not exist" in found.steps[0].fix.step


def test_a_rule_without_anybody_in_it_is_no_review() -> None:
    publisher = trusted_publisher(may_publish=True)
    nobody = route(publisher, guards=every(guards(reviewers=0)))
    assert nobody.guarded is False
    assert "without approval of the run in release" in nobody.unguarded[0]
    for given in (every(missing=LOST), every(), REFUSED, every(guards(reviewers=MISSING))):
        assert "guarded" in route(publisher, guards=given).unknown_fields()
    assert route(guards=every(missing=LOST)).guarded, "what only stages waits on npm"


def test_what_leads_past_an_environment_is_named() -> None:
    found = route(
        guards=every(guards(admins_bypass=True)),
        selections=every(selection("tags of nearly every name")),
    )
    assert found.guarded
    assert found.remarks == (
        "tags of nearly every name may deploy to release",
        "administrators can bypass the rules of release (can_admins_bypass)",
    )


def test_the_rule_against_self_review_is_taken_from_wherever_it_was_read() -> None:
    publisher = trusted_publisher(may_publish=True)
    half = every(environment(prevents_self_review=MISSING))
    assert route(publisher, environments=half).guarded
    asked = route(publisher, environments=half, guards=every(missing=LOST))
    assert why(asked, "guarded").reason is LOST.reason
    against = route(publisher, environments=half, guards=every(guards(prevents_self_review=False)))
    assert against.guarded is False


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"repository": REFUSED}, REFUSED.reason),
        ({"environments": every(missing=LOST)}, LOST.reason),
        ({"environments": every(environment(name=MISSING))}, MISSING.reason),
        ({"publisher": trusted_publisher(environment=MISSING)}, MISSING.reason),
        ({"publisher": trusted_publisher(workflow=MISSING)}, MISSING.reason),
        ({"publisher": trusted_publisher(may_publish=MISSING)}, MISSING.reason),
        ({"publisher": trusted_publisher(repository=MISSING)}, MISSING.reason),
        ({"publisher": trusted_publisher(provider=MISSING)}, MISSING.reason),
        ({"publisher": trusted_publisher(provider="gitlab")}, Reason.NOT_ASKED),
        ({"publisher": trusted_publisher(repository="hazel/other")}, Reason.NOT_ASKED),
    ],
)
def test_what_was_not_read_leaves_open_whether_it_is_guarded(given: Any, reason: Reason) -> None:
    found = route(**given)
    assert why(found, "guarded").reason is reason
    assert PACKAGE in why(found, "guarded").needed
    assert found.unguarded == ()


def test_what_is_known_to_be_wrong_counts_although_the_rest_was_not_read() -> None:
    found = route(trusted_publisher(environment=None), repository=REFUSED)
    assert found.guarded is False
    found = route(trusted_publisher(provider="gitlab", environment=None, repository=""))
    assert found.guarded is False
    assert commands(found)[-1].startswith("npm trust revoke")
    assert "_OWNER_/_REPO_" not in " ".join(commands(found))


def test_a_repository_that_has_another_name_today_guards_nothing() -> None:
    found = route(repository=repository(full_name="hazel/catkins"))
    assert found.guarded is False
    assert "can take the old name" in found.unguarded[0]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"outside": ("pull_request_target",)},
            "people without write access can start release.yml",
        ),
        (
            {"events": ("push", "watch")},
            "people without write access can start release.yml (watch)",
        ),
        ({"injections": ("title in release",)}, "puts text from outsiders into a script"),
        ({"jobs": (release_job(caches=("actions/cache",)),)}, "restores a cache"),
        ({"jobs": (release_job(uses=(use(), loose())),)}, "uses code that can change unseen"),
        ({"jobs": (release_job(obeys=("openai/codex-action",)),)}, "lets anyone start an AI"),
        ({"jobs": (job(),)}, "no job of release.yml may request an ID token"),
        ({"jobs": (release_job(), job(writes=("id-token",)))}, "test in release.yml holds"),
        ({"jobs": (release_job(), job(writes=("*",)))}, "test in release.yml holds"),
    ],
)
def test_a_workflow_is_unsound_by_what_stands_in_it(changed: Any, reason: str) -> None:
    found = route(workflows=every(release_workflow(**changed)))
    assert found.sound is False
    assert reason in " ".join(found.unsound)
    assert found.guarded
    (step,) = found.steps
    assert step.key == "workflow/hazel/catkin/release.yml"
    assert step.fix.page == (
        "https://github.com/hazel/catkin/blob/HEAD/.github/workflows/release.yml"
    )


def test_githubs_own_actions_and_pinned_ones_can_stand_there() -> None:
    tagged = use("actions/checkout@v5", pinned=False)
    pinned = use("sprout-tools/build@" + "0" * 40, origin="other")
    assert route(workflows=every(release_workflow(release_job(uses=(tagged, pinned))))).sound


def test_a_job_that_calls_a_file_holds_what_the_jobs_in_there_hold() -> None:
    calling = job(name="ship", writes=("id-token",))
    inner = release_job(name="ship / release", called=True)
    assert route(workflows=every(release_workflow(calling, inner))).sound


def test_several_jobs_that_publish_may_hold_the_identity() -> None:
    second = release_job(name="second")
    assert route(workflows=every(release_workflow(release_job(), second))).sound


@pytest.mark.parametrize(
    ("workflows", "reason"),
    [
        (every(missing=LOST), LOST.reason),
        (every(release_workflow(file="ci.yml"), missing=LOST), LOST.reason),
        (REFUSED, REFUSED.reason),
        (every(release_workflow(jobs=MISSING)), MISSING.reason),
        (every(release_workflow(outside=MISSING)), MISSING.reason),
        (every(release_workflow(injections=MISSING)), MISSING.reason),
        (every(release_workflow(opaque=MISSING)), MISSING.reason),
    ],
)
def test_a_workflow_of_which_a_part_was_not_read_is_not_sound_yet(
    workflows: Any, reason: Reason
) -> None:
    found = route(workflows=workflows)
    assert why(found, "sound").reason is reason


def test_a_workflow_that_is_not_there_is_unsound() -> None:
    found = route(workflows=every(release_workflow(file="ci.yml")))
    assert found.unsound == ("release.yml is not on the default branch of hazel/catkin",)
    assert found.sound is False
    (step,) = (one for one in found.steps if one.key == "workflow/hazel/catkin/release.yml")
    # A page of the file would not be there.
    assert step.fix.page.endswith("/hazel/catkin/actions/new")
    for said in ("Add release.yml to the default branch", "id-token: write", "npm stage publish"):
        assert said in step.fix.step


@pytest.mark.parametrize(
    "workflow",
    [
        release_workflow(outside=("issue_comment",)),
        release_workflow(release_job(caches=("actions/cache",))),
    ],
)
def test_strangers_reach_what_a_workflow_publishes_by_itself(workflow: Any) -> None:
    assert route(trusted_publisher(may_publish=True), workflows=every(workflow)).exposed
    assert not route(workflows=every(workflow)).exposed


def test_who_else_can_change_the_workflow_is_told_and_decides_nothing() -> None:
    found = route(
        rules=bare_branch(),
        owners=workflow_owners(unowned=(".github/workflows/ci.yml",)),
        environments=every(environment(limited=False)),
    )
    assert found.guarded
    assert found.sound
    assert found.remarks == (
        "every branch and tag may deploy to release",
        "anyone with write access can change the workflow without a pull request",
        "the workflows have no code owner",
    )
    assert route(rules=branch_rules(approvals=0)).remarks == (
        "a change of the workflow needs no approval",
    )
    assert route(rules=REFUSED, owners=REFUSED).remarks == ()


def test_a_publisher_that_names_nothing_is_set_up_anew_with_what_is_known() -> None:
    found = route(
        trusted_publisher(workflow="", environment=None),
        environments=every(environment("ci")),
    )
    assert [step.key.partition("/")[0] for step in found.steps] == [
        "environment",
        "trust",
        "publisher",
    ]
    assert "--file=release.yml --env=npm" in commands(found)[1]
    fitting = route(trusted_publisher(environment=None))
    assert "--env=release" in commands(fitting)[0]


def test_a_name_is_one_word_of_a_command() -> None:
    named = trusted_publisher(environment=None, workflow="a b;id.yml", publisher_id="$(id)")
    _repair, trust, revoke = commands(route(named))
    assert "'--file=a b;id.yml'" in trust
    assert "'--id=$(id)'" in revoke
