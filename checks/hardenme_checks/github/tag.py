"""Checks of release tags and of bypassed rulesets."""

import json
import shlex
from collections.abc import Iterator
from typing import Any

from hardenme.facts.github.site import full_name
from hardenme.facts.github.tag_rules import EffectiveTagRules, RuleBypasses
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.github.branch_rule import FOR_ALL, ORGANIZATION_RULES

NAMED = 5
"""Tags that are named, of all that were judged."""
LASTING = ("update", "deletion")
"""The rules that a command adds. Restricting creation stops releases too, until someone is named
who may go on: that takes a person."""


@check(
    "GHB115",
    "release-tag-protected",
    title="Release tags are not protected",
    severity=Severity.HIGH,
    since="0.1",
)
def release_tag_protected(rules: EffectiveTagRules) -> Verdict:
    """Release tags cannot be moved or deleted, and not every writer can create one.

    ## Why
    Anyone who can move `v1.2.3` puts unreviewed code under that name, and builds use it.

    ## Fix
    1. Create a tag ruleset with "Restrict updates" and "Restrict deletions". Leave its bypass list
       empty. Exclude tags that move on purpose, like `v1`: they could not be moved.
    2. Create a second one with "Restrict creations" alone. Put only who creates release tags on its
       bypass list: a bypass is for all rules of its ruleset.

    ## Limits
    - Checks the newest tags that look like versions, and likely future ones of each package.
    - Without such tags, it checks the newest tags and the next numbers.
    - Does not check tags that move on purpose, like `v4`.
    - A ruleset that the roles Write or Maintain can bypass does not count. Other bypass entries
      count as releasers.
    - GHR115 checks immutable releases.
    """
    if rules.archived:
        return NotApplicable("archived: no one can push", {"isArchived": True})
    if not rules.count:
        return NotApplicable("the repository has no tags", {"totalCount": 0})
    seen: Seen = {
        "update": rules.unmovable,
        "deletion": rules.undeletable,
        "creation": rules.uncreatable,
    }
    missing = [name for name in ("update", "deletion", "creation") if not seen[name]]
    if rules.writers_bypass:
        seen["writers_bypass"] = True
    seen["tags"] = list(rules.exposed if missing else rules.judged[:NAMED])
    if not missing:
        return Passed(
            "release tags cannot be moved or deleted, and not every writer can create one", seen
        )
    if missing == ["creation"]:
        return Failed(
            "anyone who can push can create a release tag",
            seen,
            fix=_add_ruleset(rules, missing),
            severity=Severity.MEDIUM,
        )
    can = {"update": "moved", "deletion": "deleted"}
    trial = "; a ruleset that is not active protects nothing" if rules.waiting else ""
    verbs = " and ".join(can[name] for name in missing if name in can)
    return Failed(f"release tags can be {verbs}{trial}", seen, fix=_add_ruleset(rules, missing))


def _add_ruleset(rules: EffectiveTagRules, missing: list[str]) -> Fix:
    patterns = ", ".join(one.removeprefix("refs/tags/") for one in rules.patterns)
    lasting = [name for name in missing if name in LASTING]
    step = ". ".join(_steps(rules, patterns, lasting, created="creation" in missing))
    owner = rules.full_name.partition("/")[0]
    every = {"repository_name": {"include": ["~ALL"], "exclude": []}}
    undo = "Delete the ruleset on the same page"
    return Fix(
        step,
        page=rules.page("repo-new-tag-rule", repo=rules.full_name),
        command=_command(rules, f"repos/{rules.full_name}", lasting),
        needs="repository admin; on a private repository a plan with rulesets",
        undo=undo,
        wider=Fix(
            f"{FOR_ALL}: {step[0].lower()}{step[1:]}",
            page=rules.page("org-rules", org=owner),
            command=_command(rules, f"orgs/{owner}", lasting, **every),
            needs=ORGANIZATION_RULES,
            undo=undo,
        )
        if rules.in_organization
        else None,
    )


def _steps(
    rules: EffectiveTagRules, patterns: str, lasting: list[str], *, created: bool
) -> Iterator[str]:
    """The sentences of the fix: a bypass is for a whole ruleset, so what needs one has its own.

    Args:
        rules: what guards the tags.
        patterns: the tags, as the page takes them.
        lasting: the rules that no one needs to bypass.
        created: creation is to be restricted too.
    """
    if lasting:
        yield f"Add an active ruleset for the tags {patterns}"
        yield from (f'Tick "Restrict {name}s"' for name in lasting)
        yield "Leave its bypass list empty"
    if "update" in lasting:
        yield "Exclude tags that move on purpose, like v1, in it: they could not be moved"
    if created:
        which = "a second active ruleset" if lasting else "an active ruleset"
        alone = f'Add {which} for the tags {patterns} with "Restrict creations" alone'
        yield f"{alone}: the command does not add it" if lasting else alone
        yield f"Put only {_releaser(rules)} on its bypass list"
    if rules.writers_bypass:
        yield "Remove the roles Write and Maintain from the bypass list of the existing ruleset"


def _releaser(rules: EffectiveTagRules) -> str:
    """Who creates release tags, as a bypass list names it: a personal account has no teams."""
    if rules.in_organization:
        return "the team or app that releases"
    return "the role Repository admin, or the app that releases,"


def _command(rules: EffectiveTagRules, place: str, new: list[str], **conditions: Any) -> str:
    """A command that makes a ruleset of its own: rulesets add up, so it takes nothing away."""
    if not new:
        return ""
    body = {
        "name": f"release tags {', '.join(rules.patterns)}: {', '.join(new)}",
        "target": "tag",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": list(rules.patterns), "exclude": []}, **conditions},
        "rules": [{"type": name} for name in new],
    }
    call = rules.gh("api", "-X", "POST", f"{place}/rulesets", "--input", "-")
    return f"echo {shlex.quote(json.dumps(body))} | {call}"


@check(
    "GHB116",
    "rule-bypass-unused",
    title="Rulesets were bypassed in the last month",
    severity=Severity.LOW,
    since="0.1",
)
def rule_bypass_unused(bypasses: RuleBypasses) -> Verdict:
    """No one bypassed the repository's rulesets in the last month.

    ## Why
    A bypass is often an emergency or a habit, but can be the first sign of a stolen account.

    ## Fix
    Open "Insights" of the rulesets, look at each bypass, and ask who pushed. Remove people who do
    not need it from the bypass list.

    ## Limits
    - GitHub shows one month at most. Classic protection keeps no record.
    """
    if not bypasses.offered:
        return NotApplicable("the plan has no rulesets here", {"offered": False})
    seen: Seen = {"bypass": bypasses.count}
    if not bypasses.count:
        return Passed("no ruleset was bypassed in the last month", seen)
    if bypasses.newest is not None:
        seen = {**seen, "pushed_at": bypasses.newest.isoformat()}
    least = "at least " if bypasses.more else ""
    times = "once" if bypasses.count == 1 and not least else f"{least}{bypasses.count} times"
    return Failed(
        f"rulesets were bypassed {times} in the last month",
        seen,
        fix=Fix(
            'Open "Insights", look at each bypass, and remove people from the bypass list who do'
            " not need it",
            page=bypasses.page("repo-rules", repo=full_name(bypasses)),
            needs="repository admin",
            undo="Put them back on the bypass list",
        ),
    )
