"""How a missing rule of the default branch is added, and where none is needed."""

import json
import shlex
from dataclasses import replace
from typing import Any

from hardenme.facts.github.branch import DefaultBranch, EffectiveBranchRules
from hardenme.model.commands import RULES_NOT_OFFERED, TWO_APPROVE
from hardenme.model.evidence import Seen
from hardenme.model.verdict import Fix, NotApplicable

CLASSIC = "classic protection"
"""What the facts call the older of the two ways to guard a branch."""
PAST = {
    "rulesets": TWO_APPROVE,
    CLASSIC: 'Tick "Do not allow bypassing the above settings" in classic protection',
    "allowed actors": (
        'Empty "Allow specified actors to bypass required pull requests" and "Specify who can'
        ' force push" in classic protection'
    ),
}
"""How each source that lets someone past the rules, as the facts call it, is closed."""
BACK = {
    "rulesets": "Put those who were on the ruleset's bypass list back on it",
    CLASSIC: 'Untick "Do not allow bypassing the above settings" in classic protection',
    "allowed actors": "Enter the former actors again in classic protection",
}
"""How each of them is opened again; the rules themselves stay."""
FOR_ALL = "Use one organization ruleset for all repositories"
NO_ONE_PAST = (
    "Leave its bypass list empty, once two people can approve, also as code owners: no one can"
    " merge alone then"
)
"""The same in a ruleset of its own for all repositories."""
BY_WRITERS = ", and remove the roles Write and Maintain from the existing rule's bypass list"
ORGANIZATION_RULES = (
    "organization owner, and the plan GitHub Team or Enterprise: on GitHub Free add the rulesets of"
    " single repositories instead"
)
NEEDS = "repository admin; on a private repository a plan with branch rules"


def nothing_to_guard(rules: DefaultBranch) -> NotApplicable | None:
    """The verdict where the branch needs no guard; None where it does."""
    if rules.archived:
        return NotApplicable("archived: no one can push", {"isArchived": True})
    if not rules.exists:
        return NotApplicable("empty: there is no default branch", {"defaultBranchRef": None})
    return None


def rule(kind: str, **parameters: Any) -> dict[str, Any]:
    """A rule as the rulesets' API takes it."""
    return {"type": kind, "parameters": parameters} if parameters else {"type": kind}


def pull_request_rule(approvals: int = 0, **parameters: bool) -> dict[str, Any]:
    """The rule that changes come by pull request; the API wants each of its parameters.

    It asks for no more than the text next to the command: approvals lock a sole maintainer out.
    """
    return rule(
        "pull_request",
        **{
            "required_approving_review_count": approvals,
            "dismiss_stale_reviews_on_push": False,
            "require_code_owner_review": False,
            "require_last_push_approval": False,
            "required_review_thread_resolution": False,
            **parameters,
        },
    )


FIRST_RULES = (rule("deletion"), rule("non_fast_forward"), pull_request_rule())
"""The rules of a branch that has none."""
NEW_RULESET = 'Choose "New branch ruleset", set it to "Active", and target the default branch'
"""Where the boxes of rules are ticked: a ruleset of its own takes nothing away."""
PULL_REQUESTS = 'Tick "Require a pull request before merging"'
FIRST_STEP = f'{NEW_RULESET}. Tick "Restrict deletions". Tick "Block force pushes". {PULL_REQUESTS}'
"""The same on the page."""


def decided(rules: EffectiveBranchRules, name: str, value: int) -> Seen:
    """The field that decided, and whether a rule does not count because writers bypass it."""
    seen: Seen = {name: value}
    if rules.writers_bypass:
        seen["writers_bypass"] = True
    return seen


def add_rule(rules: DefaultBranch, step: str, *new: dict[str, Any]) -> Fix:
    """The fix that adds rules to the default branch.

    Args:
        rules: what guards the branch now.
        step: what is ticked in a new ruleset, as an imperative sentence.
        new: the rules; where there are any, a command makes a ruleset that holds them.
    """
    passed = isinstance(rules, EffectiveBranchRules) and rules.writers_bypass
    step = _in_new_ruleset(step, new) if new else step
    own = step + BY_WRITERS if passed else step
    return _fix(rules, own, new, _for_all(rules, step, new) if rules.in_organization else None)


def _in_new_ruleset(step: str, new: tuple[dict[str, Any], ...]) -> str:
    """A step from the beginning of the page on; most boxes show once others are ticked."""
    if step.startswith(NEW_RULESET):
        return step
    reviews = any("parameters" in one for one in new) and step != PULL_REQUESTS
    return ". ".join((NEW_RULESET, *([PULL_REQUESTS] if reviews else []), step))


def _fix(
    rules: DefaultBranch, step: str, new: tuple[dict[str, Any], ...], wider: Fix | None
) -> Fix:
    page = rules.page("repo-rules", repo=rules.full_name)
    if not rules.offered:
        return Fix(
            f"{RULES_NOT_OFFERED}. Then {step[0].lower()}{step[1:]}",
            page=page,
            needs="the repository's owner",
            undo="Delete the ruleset on the same page. Change the plan back",
        )
    return Fix(
        step,
        page=page,
        command=_command(rules, f"repos/{rules.full_name}", new) if new else "",
        needs=NEEDS,
        undo="Delete the ruleset on the same page",
        wider=wider,
    )


def bind_everybody(rules: EffectiveBranchRules) -> Fix:
    """The fix after which no one can bypass the rules.

    A command is there where it is one switch of classic protection alone. Whose names a bypass list
    loses is for a person to say.
    """
    steps = [step for source, step in PAST.items() if source in rules.exempted_by]
    step = ". ".join(steps or PAST.values())
    back = [text for source, text in BACK.items() if source in rules.exempted_by or not steps]
    wider = _for_all(rules, NO_ONE_PAST, ()) if rules.in_organization else None
    fix = _fix(rules, step, (), wider)
    if not rules.offered:
        return fix
    fix = _with_page_of_classic(rules, replace(fix, undo=". ".join(back)))
    if rules.exempted_by != (CLASSIC,):
        return fix
    path = f"{rules.protection_address}/enforce_admins"
    return replace(fix, command=rules.gh("api", "-X", "POST", path))


def _with_page_of_classic(rules: EffectiveBranchRules, fix: Fix) -> Fix:
    """The fix with the page of classic protection, which that of rulesets does not list."""
    page = rules.page("repo-branches", repo=rules.full_name)
    exempted = {*rules.exempted_by}
    if exempted and "rulesets" not in exempted:
        return replace(fix, page=page)
    if exempted == {"rulesets"}:
        return fix
    return replace(fix, step=f"{fix.step}. The page of classic protection is {page}")


def _for_all(rules: DefaultBranch, step: str, new: tuple[dict[str, Any], ...]) -> Fix:
    """The same for every repository of the organization, by one ruleset of its own."""
    owner = rules.full_name.partition("/")[0]
    every = {"repository_name": {"include": ["~ALL"], "exclude": []}}
    return Fix(
        f"{FOR_ALL}: {step[0].lower()}{step[1:]}",
        page=rules.page("org-rules", org=owner),
        command=_command(rules, f"orgs/{owner}", new, **every) if new else "",
        needs=ORGANIZATION_RULES,
        undo="Delete the ruleset on the same page",
    )


def _command(
    rules: DefaultBranch, place: str, new: tuple[dict[str, Any], ...], **conditions: Any
) -> str:
    """A command that makes a ruleset of its own: rulesets add up, so it takes nothing away."""
    body = {
        "name": f"default branch: {', '.join(map(_words, new))}",
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}, **conditions},
        "rules": list(new),
    }
    call = rules.gh("api", "-X", "POST", f"{place}/rulesets", "--input", "-")
    return f"echo {shlex.quote(json.dumps(body))} | {call}"


def _words(item: dict[str, Any]) -> str:
    """A rule in words, with what it asks: GitHub takes no two rulesets of one name."""
    asked: dict[str, int | bool] = item.get("parameters", {})
    words = [item["type"]]
    for name, value in asked.items():
        if value is True:
            words.append(name)
        elif value:
            words.append(f"{name} {value}")
    return ", ".join(words).replace("_", " ")
