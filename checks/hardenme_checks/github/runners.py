"""Checks of self-hosted runners: public repositories should not use them."""

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
        f'Untick "Allow public repositories" for the runner group {name}',
        page=fact.page("org-runner-group", org=org, group=str(number)),
        command=fact.gh("api", "-X", "PATCH", path, *keep),
        needs=OWNER,
        undo='Tick "Allow public repositories" on the same page',
    )


@check(
    "GHO130",
    "org-runner-group-private",
    title="Public repositories can use a self-hosted runner group",
    severity=Severity.HIGH,
    since="0.1",
)
def org_runner_group_private(group: RunnerGroup) -> Verdict:
    """Public repositories cannot use the self-hosted runner group.

    ## Why
    Anyone can open a pull request on a public repository, and its workflow may run their code on
    your machine.

    ## Fix
    1. Move public repositories to GitHub-hosted runners. Otherwise their jobs wait forever.
    2. Untick "Allow public repositories" for the group.

    ## Limits
    - Includes groups without runners, or with private repositories only.
    """
    seen: Seen = {
        "allows_public_repositories": group.allows_public,
        "visibility": group.visibility,
    }
    if not group.allows_public:
        return Passed("public repositories cannot use it", seen)
    seen["inherited"] = group.inherited
    org = group.within.name
    if group.inherited:
        fix = Fix(
            'Ask an enterprise owner to untick "Allow public repositories" for the group',
            page=group.page("org-runner-group", org=org, group=str(group.number)),
            needs="enterprise owner",
            undo="Ask the enterprise owner to allow public repositories again",
        )
    else:
        fix = _close(group, org, group.number, group.name)
    return Failed("public repositories can use it", seen, fix=fix)


@check(
    "GHW107",
    "runner-not-on-public-repository",
    title="Public repository can use self-hosted runners",
    severity=Severity.HIGH,
    since="0.1",
)
def runner_not_on_public_repository(runners: ReachableRunners) -> Verdict:
    """The public repository cannot use self-hosted runners.

    ## Why
    Anyone can open a pull request on a public repository, and its workflow may run their code on
    your machine.

    ## Fix
    1. Change the repository's jobs to GitHub-hosted runners, and remove its own runners.
    2. Untick "Allow public repositories" for the organization's runner groups.

    ## Limits
    - Ephemeral runners count too.
    - Does not check whether workflows use the runners, or whether outside pull requests need
      approval.
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
                "Change its jobs to GitHub-hosted runners, then remove its self-hosted runners",
                page=runners.page("repo-runners", repo=full_name(runners)),
                needs=ADMIN,
                undo="Add the runners again",
            ),
        )
    if "groups" not in unknown and runners.groups:
        return _shared(runners, runners.groups)
    groups = [group.name for group in runners.groups]
    seen: Seen = {"total_count": runners.own, "runner_groups": groups}
    return Passed("it cannot use self-hosted runners", seen)


def _shared(runners: ReachableRunners, groups: tuple[OpenGroup, ...]) -> Failed:
    """That the organization's runners serve it; closing one group closes that for all it serves."""
    org = full_name(runners).partition("/")[0]
    names = [group.name for group in groups]
    close = _close(runners, org, groups[0].number, groups[0].name)
    return Failed(
        f"it can use the organization's runner groups: {', '.join(names)}",
        {"runner_groups": names},
        fix=Fix(
            'Untick "Allow public repositories" for these runner groups, or remove this repository',
            page=close.page,
            needs=OWNER,
            undo="Allow the repository in the groups again on the same page",
            wider=close,
        ),
    )
