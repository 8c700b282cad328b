"""Whether a selection of actions leaves out what anyone can publish."""

from hardenme.facts.github.actions import ActionsPolicy
from hardenme.facts.github.selected_actions import WIDE, SelectedActionsPolicy
from hardenme.facts.github.site import full_name
from hardenme.model.evidence import Seen
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.github.actions_setting import UNDO
from hardenme_checks.github.workflow_words import kept

STEP = "Name the owner in each pattern that has a wildcard in its place, like OWNER/REPO@*"


def judge_selection(policy: ActionsPolicy, selection: SelectedActionsPolicy) -> Verdict:
    """Whether each pattern names the owner of the actions that it allows.

    Anyone can create an account that fits a wildcard in place of the owner. Patterns that take
    actions out do not make others narrower.
    """
    patterns = selection.patterns
    seen: Seen = {
        "allowed_actions": policy.allowed,
        "github_owned_allowed": selection.github_owned,
        "verified_allowed": selection.verified,
        "patterns_allowed": kept(patterns),
    }
    wide = [one for one in patterns if WIDE.fullmatch(one)]
    if wide:
        return Failed(
            "the selection allows actions of any owner that fits a pattern",
            {**seen, "patterns_allowed": kept(wide)},
            fix=_fix(policy),
        )
    return Passed("only a selection of actions can run, of owners that it names", seen)


def _fix(policy: ActionsPolicy) -> Fix:
    organization = policy.at.organization

    def for_all() -> Fix:
        return Fix(
            f"Change it for all of {organization}: {STEP[0].lower()}{STEP[1:]}",
            page=policy.page("org-actions", org=organization),
            needs="organization owner",
            undo=UNDO,
        )

    if policy.subject.kind == "org":
        return for_all()
    return Fix(
        STEP,
        page=policy.page("repo-actions", repo=full_name(policy)),
        needs="repository admin",
        undo=UNDO,
        wider=for_all() if organization else None,
    )
