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
    "Do the organization's Actions policies list who can start workflows, and by which events?"
)
PART = "Do the active Actions policies list actors and events for every repository and workflow?"


@check(
    "GHW108",
    "workflow-execution-protected",
    title="Workflow runs are not limited to listed actors and events",
    severity=Severity.MEDIUM,
    since="0.1",
    asks=True,
)
def workflow_execution_protected(
    profile: OrganizationProfile,
    policies: ExecutionPolicies | Unknown,
    actions: OrganizationActions | Unknown,
) -> Verdict | Unknown:
    """Actions policies list who can start workflows, and by which events.

    ## Why
    Anyone who can push can start a workflow and change it in the same push. A list of actors and
    events blocks the rest.

    ## Fix
    1. List the people, apps and events that start your workflows: others will be blocked.
    2. Create an active policy for all repositories under "Actions", "Policies", with an actor rule
       and an event rule.

    ## Limits
    - Needs a classic token of an organization owner. A fine-grained token would need write
      permission, so you are asked.
    - You are asked too where policies cover only a part.
    - Does not judge the lists, or read a repository's own policies.
    - Applies to public repositories, and to private ones on Team and Enterprise.
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
        return Passed("policies list who can start workflows, and by which events", seen)
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
            "Create an active policy for all repositories, with an actor rule and an event rule",
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
    """No Actions policy of the organization allows `pull_request_target`.

    ## Why
    `pull_request_target` runs with the repository's secrets, even for forks. GitHub blocks it by
    default on public repositories, and this policy allows it again.

    ## Fix
    Remove `pull_request_target` from the policy's events. If a labeler needs it, use a separate
    policy for that workflow, and add a waiver.

    ## Limits
    - Reads the organization's active policies, not a repository's own or GitHub's built-in one.
    - GHW202 checks the workflows that use the event.
    """
    seen: Seen = {"allowing_pull_request_target": list(policies.letting_in)}
    if not policies.letting_in:
        return Passed("no active policy lists pull_request_target", seen)
    return Failed(
        "an active policy allows pull_request_target",
        seen,
        fix=Fix(
            "Remove pull_request_target from the events of the named policies",
            page=policies.page("org-actions", org=policies.subject.name),
            needs=OWNER,
            undo="Add the event again on the same page",
        ),
    )
