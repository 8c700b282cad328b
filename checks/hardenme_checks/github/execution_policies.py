"""Checks of an organization's Actions policies: who starts workflows, and by which events."""

from hardenme.facts.github.actions import OrganizationActions
from hardenme.facts.github.execution_policies import ALL, NONE, ExecutionPolicies
from hardenme.facts.github.organization import OrganizationProfile
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict

OWNER = "organization owner"
QUESTION = (
    "Do the organization's Actions policies name who may start workflows, and by which events?"
)
PART = (
    "Do the active Actions policies together cover every repository and every workflow, with a list"
    " of actors and a list of events?"
)


@check(
    "GHW108",
    "workflow-execution-protected",
    title="Workflow runs are not limited to listed actors and events",
    severity=Severity.MEDIUM,
    since="0.1",
)
def workflow_execution_protected(
    profile: OrganizationProfile,
    policies: ExecutionPolicies | Unknown,
    actions: OrganizationActions | Unknown,
) -> Verdict | Unknown:
    """Who may start workflows, and by which events, is limited to a list.

    ## Why
    Everybody who can push can start a workflow, and change what it does in the same push. A list of
    actors and events stops an account that was taken over, and `pull_request_target`, before
    anything runs.

    ## Fix
    In the organization's settings, below Actions, Policies, make a policy for all repositories with
    an actor rule and an event rule. List who and what starts workflows first: the rest stops.

    ## Limits
    Read with a classic token of an owner. A fine-grained token would need a permission to write, so
    that a person is asked instead, as where the policies cover a part. Counts active policies that
    have rules; who is on the lists is not judged. A repository's own policies are not looked at.
    Policies hold in public repositories, and in private ones on Team and Enterprise.
    """
    if (
        not isinstance(actions, Unknown)
        and actions.subject == profile.subject
        and "enabled_repositories" not in actions.unknown_fields()
        and actions.enabled_repositories == "none"
    ):
        return NotApplicable("Actions are off", {"enabled_repositories": "none"})
    page = profile.page("org-actions", org=profile.subject.name)
    if isinstance(policies, Unknown):
        return Manual(QUESTION, page) if policies.not_asked else policies
    seen: Seen = {"actors": policies.actors, "events": policies.events}
    if policies.actors == policies.events == ALL:
        return Passed("lists say who starts workflows, and by which events", seen)
    lacking = [
        word
        for word, covered in (("actors", policies.actors), ("events", policies.events))
        if covered == NONE
    ]
    if not lacking:
        return Manual(PART, page)
    return Failed(
        f"no active policy lists the {' and the '.join(lacking)} that start workflows",
        seen,
        fix=Fix(
            "Make an active policy for all repositories that has an actor rule and an event rule",
            page=page,
            needs=OWNER,
            undo="Disable the policy on the same page",
        ),
    )


@check(
    "GHW109",
    "no-policy-allows-pull-request-target",
    title="Actions policy allows pull_request_target",
    severity=Severity.HIGH,
    since="0.1",
)
def no_policy_allows_pull_request_target(policies: ExecutionPolicies) -> Verdict:
    """No Actions policy of the organization lets `pull_request_target` in.

    ## Why
    `pull_request_target` runs for a stranger's pull request with the secrets and the token of the
    repository. GitHub blocks it by default on public repositories; a policy that lists the event
    opens it again.

    ## Fix
    Take `pull_request_target` out of the events that the policy lists. What needs it, like a
    labeler, gets a policy of its own for that one workflow, and a waiver here.

    ## Limits
    Looks at the active policies that the organization lists, for whichever repositories they are;
    a repository's own policies are not looked at, and GitHub's built-in one is not listed. GHW202
    judges the workflows that use the event.
    """
    seen: Seen = {"allowing_pull_request_target": list(policies.letting_in)}
    if not policies.letting_in:
        return Passed("no active policy lists pull_request_target", seen)
    return Failed(
        "an active policy lets pull_request_target in",
        seen,
        fix=Fix(
            "Take pull_request_target out of the events of the named policies",
            page=policies.page("org-actions", org=policies.subject.name),
            needs=OWNER,
            undo="Add the event again on the same page",
        ),
    )


CHECKS = (workflow_execution_protected, no_policy_allows_pull_request_target)
