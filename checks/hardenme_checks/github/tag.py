"""Checks of tags and of rules in general: that a release stays, and that rules are kept."""

import json
import shlex
from typing import Any

from hardenme.facts.github.site import full_name
from hardenme.facts.github.tag_rules import EffectiveTagRules, RuleBypasses
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict

NAMED = 5
"""Tags that are named, of all that were judged."""
LASTING = ("update", "deletion")
"""The rules that a command adds. Restricting creation stops releases too, until somebody is named
who may go on: that takes a person."""


@check(
    "GHB115",
    "release-tag-protected",
    title="Release tags are not protected",
    severity=Severity.HIGH,
    since="0.1",
)
def release_tag_protected(rules: EffectiveTagRules) -> Verdict:
    """Release tags can be neither moved nor deleted, nor made by everybody who can push.

    ## Why
    Builds, packages and other people's workflows name a release by its tag. Whoever can move
    `v1.2.3` puts other code under a name that was reviewed, without a commit on any branch.

    ## Fix
    Add a ruleset for tags that restricts updates and deletions. Restrict creations too, and put who
    releases, a team or an app, on its bypass list.

    ## Limits
    Release tags are the newest tags that look like a version, and invented ones like them: of other
    major versions, prereleases too, for each package whose tags are seen. Where none looks like a
    version, it is the newest tags and the next numbers. A tag like `v4` that is moved on purpose is
    not asked for. A ruleset that the roles Write or Maintain may bypass does not count; teams, apps
    and people on its bypass list are who releases. Immutable releases are GHR115's question.
    """
    if rules.archived:
        return NotApplicable("archived: nobody can push", {"isArchived": True})
    if not rules.count:
        return NotApplicable("there is no tag", {"totalCount": 0})
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
        return Passed("release tags stay, and not everybody makes them", seen)
    if missing == ["creation"]:
        return Failed(
            "everybody who can push can make a release tag",
            seen,
            fix=_add_ruleset(rules, missing),
            severity=Severity.MEDIUM,
        )
    can = {"update": "moved", "deletion": "deleted"}
    trial = "; a ruleset that is not active protects nothing" if rules.waiting else ""
    verbs = " and ".join(can[name] for name in missing if name in can)
    return Failed(f"release tags can be {verbs}{trial}", seen, fix=_add_ruleset(rules, missing))


def _add_ruleset(rules: EffectiveTagRules, missing: list[str]) -> Fix:
    patterns = ", ".join(rules.patterns)
    step = f"Add an active ruleset for the tags {patterns} that restricts: {', '.join(missing)}"
    if rules.writers_bypass:
        step += "; take the roles Write and Maintain off the bypass list"
    if "creation" in missing:
        step += "; name in its bypass list who may make a release"
    lasting = [name for name in missing if name in LASTING]
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
            f"For all repositories of the organization: {step}",
            page=rules.page("org-rules", org=owner),
            command=_command(rules, f"orgs/{owner}", lasting, **every),
            needs="organization owner; a plan with rules for organizations",
            undo=undo,
        )
        if rules.in_organization
        else None,
    )


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
    """Nobody passed by the rules of the repository in the last month.

    ## Why
    A rule that somebody passes by protects from nobody else than the others. Often it was an
    emergency or an old habit; sometimes it is the first sign of a stolen account.

    ## Fix
    Look at each bypass under Insights of the rulesets, and ask who pushed. Then take the way past
    the rule away, or give it to an app for the one thing that needs it.

    ## Limits
    GitHub tells of a month at most, and only of rulesets: classic protection keeps no record.
    """
    if not bypasses.offered:
        return NotApplicable("the plan has no rules here", {"offered": False})
    seen: Seen = {"bypass": bypasses.count}
    if not bypasses.count:
        return Passed("no rule was passed by in the last month", seen)
    if bypasses.newest is not None:
        seen = {**seen, "pushed_at": bypasses.newest.isoformat()}
    least = "at least " if bypasses.more else ""
    times = "once" if bypasses.count == 1 and not least else f"{least}{bypasses.count} times"
    return Failed(
        f"rules were passed by {times} in the last month",
        seen,
        fix=Fix(
            "Open Insights, look at each bypass, and take people off the bypass list who do not"
            " need it",
            page=bypasses.page("repo-rules", repo=full_name(bypasses)),
            needs="repository admin",
            undo="Put them back on the bypass list",
        ),
    )


CHECKS = (release_tag_protected, rule_bypass_unused)
