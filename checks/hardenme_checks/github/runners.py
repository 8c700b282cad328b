"""Checks of self-hosted runners: none of them belongs on a public repository."""

from hardenme.facts.github.runners import OpenGroup, ReachableRunners, RunnerGroup
from hardenme.facts.github.site import full_name
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count

OWNER = "organization owner"
ADMIN = "repository admin"


def _close(fact: RunnerGroup | ReachableRunners, org: str, number: int, name: str) -> Fix:
    """How a group is closed to public repositories; GitHub wants its name with every change."""
    path = f"orgs/{org}/actions/runner-groups/{number}"
    keep = ("-f", f"name={name}", "-F", "allows_public_repositories=false")
    return Fix(
        f"Do not let the runner group {name} serve public repositories",
        page=fact.page("org-runner-group", org=org, group=str(number)),
        command=fact.gh("api", "-X", "PATCH", path, *keep),
        needs=OWNER,
        undo="Allow public repositories on the same page",
    )


@check(
    "GHO130",
    "org-runner-group-private",
    title="Public repositories can use a self-hosted runner group",
    severity=Severity.HIGH,
    since="0.1",
)
def org_runner_group_private(group: RunnerGroup) -> Verdict:
    """The group of self-hosted runners does not serve public repositories.

    ## Why
    Anybody may open a pull request on a public repository, and its workflow may run what it brings
    on your machine. There it reads what other jobs left behind, and waits for the next one.

    ## Fix
    Untick public repositories for the group. Jobs of public repositories that ask for these runners
    then wait for ever: give them runners of GitHub first.

    ## Limits
    A group that has no runner, or that selects private repositories only, is judged by what it
    allows all the same.
    """
    seen: Seen = {
        "allows_public_repositories": group.allows_public,
        "visibility": group.visibility,
    }
    if not group.allows_public:
        return Passed("it serves no public repository", seen)
    seen["inherited"] = group.inherited
    org = group.within.name
    if group.inherited:
        fix = Fix(
            "Ask an owner of the enterprise to close the group to public repositories",
            page=group.page("org-runner-group", org=org, group=str(group.number)),
            needs="enterprise owner",
            undo="The owner allows public repositories again",
        )
    else:
        fix = _close(group, org, group.number, group.name)
    return Failed("it may serve public repositories", seen, fix=fix)


@check(
    "GHW107",
    "runner-not-on-public-repository",
    title="Public repository can use self-hosted runners",
    severity=Severity.HIGH,
    since="0.1",
)
def runner_not_on_public_repository(runners: ReachableRunners) -> Verdict:
    """The public repository has no self-hosted runner, of its own or of its organization.

    ## Why
    Anybody may open a pull request on a public repository, and its workflow may run what it brings
    on your machine. Self-hosted runners keep their disk between jobs, so one bad job is enough to
    stay.

    ## Fix
    Use GitHub's own runners for public repositories. Remove the repository's runners, and close the
    organization's runner groups to public repositories.

    ## Limits
    Runners that are made anew for each job count too. Whether the workflows use them, and whether
    pull requests from outside wait for approval, is not looked at.
    """
    if runners.visibility != "public":
        return NotApplicable("not a public repository", {"visibility": runners.visibility})
    # One runner that is seen is enough, whatever else is not known.
    unknown = runners.unknown_fields()
    if "own" not in unknown and runners.own > 0:
        return Failed(
            f"it has {count(runners.own, 'self-hosted runner')}",
            {"total_count": runners.own},
            fix=Fix(
                "Let its jobs run on GitHub's own runners, then remove its self-hosted runners",
                page=runners.page("repo-runners", repo=full_name(runners)),
                needs=ADMIN,
                undo="Add the runners again",
            ),
        )
    if "groups" not in unknown and runners.groups:
        return _shared(runners, runners.groups)
    groups = [group.name for group in runners.groups]
    seen: Seen = {"total_count": runners.own, "runner_groups": groups}
    return Passed("no self-hosted runner serves it", seen)


def _shared(runners: ReachableRunners, groups: tuple[OpenGroup, ...]) -> Failed:
    """That the organization's runners serve it; closing one group closes that for all it serves."""
    org = full_name(runners).partition("/")[0]
    names = [group.name for group in groups]
    close = _close(runners, org, groups[0].number, groups[0].name)
    return Failed(
        f"runners of the organization serve it: {', '.join(names)}",
        {"runner_groups": names},
        fix=Fix(
            "Close these runner groups to public repositories, or take this repository out of them",
            page=close.page,
            needs=OWNER,
            undo="Let the groups serve it again on the same page",
            wider=close,
        ),
    )


CHECKS = (org_runner_group_private, runner_not_on_public_repository)
