"""Whether a selection of actions leaves out what anyone can publish, and what to select."""

from dataclasses import replace

from hardenme.facts.github.actions import ActionsPolicy
from hardenme.facts.github.selected_actions import WIDE, SelectedActionsPolicy, UsedActions
from hardenme.facts.github.site import full_name
from hardenme.model.evidence import Seen
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.github.actions_setting import PERMISSIONS, UNDO, change, rewrite
from hardenme_checks.github.workflow_words import kept

STEP = "Name the owner in each pattern that has a wildcard in its place, like OWNER/REPO@*"

CHOOSE = (
    'Choose "Allow {owner}, and select non-{owner}, actions and reusable workflows" and tick'
    ' "Allow actions created by GitHub"'
)
FIND = (
    "List the actions that workflows use: the lines with uses: in .github/workflows."
    f" {CHOOSE}. Name all others before you save: workflows that use what is not named stop"
)


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


def select_used(policy: ActionsPolicy, used: UsedActions | Unknown) -> Fix:
    """The fix that selects what workflows use; without a command where that is not known.

    A command that names too little stops the workflows that use what it leaves out. What all
    repositories of an organization use is not read.
    """
    of_organization = policy.subject.kind == "org"
    owner = policy.subject.name if of_organization else full_name(policy).partition("/")[0]
    find = FIND.format(owner=owner)
    fix = change(policy, policy.at, PERMISSIONS, find, allowed_actions="selected")
    wider = None if fix.wider is None else replace(fix.wider, command="")
    if of_organization or isinstance(used, Unknown) or "patterns" in used.unknown_fields():
        return replace(fix, command="", wider=wider)
    named = f", and name {', '.join(used.patterns)}" if used.patterns else ""
    path = f"repos/{full_name(policy)}/{PERMISSIONS}/selected-actions"
    # Without GitHub's own not even actions/checkout would run.
    names = {"patterns_allowed": [*used.patterns]} if used.patterns else {}
    allow = rewrite(policy, path, github_owned_allowed=True, **names)
    choice = f"{CHOOSE.format(owner=owner)}{named}"
    return replace(
        fix,
        step=f"{choice}. The workflows of the default branch use no others",
        command=f"{fix.command} && {allow}",
        wider=wider,
    )


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
