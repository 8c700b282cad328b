"""Checks of the other branches that start a release."""

import json
import re
import shlex
from typing import Any

from hardenme.facts.github.branch_names import ReleaseBranchRules
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.github.branch_rule import BY_WRITERS, NEEDS, pull_request_rule, rule
from hardenme_checks.github.workflow_words import WRITER, kept, listed
from hardenme_checks.wording import count

ANY_NAME = "**"
SPECIAL = re.compile(r"[^\w/.-]")
"""Characters that could have a special meaning, in a filter or in a ruleset."""


@check(
    "GHB117",
    "release-branches-protected",
    title="Branches that start a release are not protected",
    severity=Severity.HIGH,
    since="0.1",
)
def release_branches_protected(rules: ReleaseBranchRules, limits: Limits) -> Verdict:
    """Rules protect every branch whose push starts a workflow that publishes.

    ## Why
    A release workflow for `next` publishes whatever is pushed to it. In July 2026 a bot's stolen
    token pushed to such branches of AsyncAPI.

    ## Fix
    1. Name under `on.push.branches` only the branches that you release from.
    2. Add a ruleset for all of them but the default branch. Have it require a pull request and
       restrict deletions, and leave its bypass list empty.
    3. Add a second one with "Restrict creations" alone. Put the people who create such branches on
       its bypass list.

    ## Limits
    - Compares patterns, so branches that do not exist yet count too. GHB101 to GHB114 check the
      default branch.
    - An existing branch needs a rule for pull requests or updates, and one against deletion or
      creation.
    - Any other name needs a rule against creation, since the creating push needs no pull request.
    - A ruleset that the roles Write or Maintain can bypass does not count.
    - Does not check the number of approvals, or other bypass entries.
    - Counts `push` and `create`, and `workflow_run` if the job uses the earlier run's commit or
      artifacts.
    - An `if` on the branch name counts. It ignores case: `github.ref == 'refs/heads/main'` matches
      `MAIN`.
    - Recognizes publishing by commands, actions and secrets. A called workflow with secrets that
      was not read is unknown.
    - Reads the default branch's workflow files. Only an environment stops manual runs and changed
      filters on other branches (GHR118).
    """
    if rules.archived:
        return NotApplicable("archived: no one can push", {"isArchived": True})
    if not rules.files:
        return NotApplicable(
            "no push to another branch than the default one starts a workflow that publishes",
            {"starts": []},
        )
    seen: Seen = {"workflows": kept(rules.files), "branches": kept(rules.names)}
    if rules.guarded:
        return Passed(f"rules protect each other branch that starts {listed(rules.files)}", seen)
    seen |= {"branch": rules.exposed, "exists": rules.exists}
    if rules.writers_bypass:
        seen["writers_bypass"] = True
    can = "push to" if rules.exists else "create"
    case = ", since its conditions ignore case" if rules.any_case else ""
    trial = "; a ruleset that is not active protects nothing" if rules.waiting else ""
    return Failed(
        f"anyone with write access can {can} the branch {rules.exposed}, which starts"
        f" {rules.started}{case}{trial}",
        seen,
        fix=_name_branches(rules) if _unnamed(rules) else _add_ruleset(rules, limits),
    )


def _unnamed(rules: ReleaseBranchRules) -> bool:
    """Whether the workflow names too much: no rule makes good for that."""
    return rules.any_case or ANY_NAME in rules.names


def _name_branches(rules: ReleaseBranchRules) -> Fix:
    step = f"Name under on.push.branches of {rules.started} only the branches that you release from"
    if not rules.any_case:
        step += ", and protect each of these by a ruleset"
    path = f".github/workflows/{rules.started}"
    page = rules.file_page(rules.full_name, path, rules.line)
    return Fix(step, page=page, needs=WRITER, undo="Revert the commit")


def _add_ruleset(rules: ReleaseBranchRules, limits: Limits) -> Fix:
    noun = "branch" if len(rules.names) == 1 else "branches"
    approved = f" with {count(limits.approvals, 'approval')}" if limits.approvals else ""
    passed = BY_WRITERS if rules.writers_bypass else ""
    step = (
        f"Add an active ruleset for the {noun} {listed(rules.names)} that requires a pull request"
        f"{approved} and restricts deletions. Leave its bypass list empty{passed}. Add a second"
        f' active ruleset for the {noun} with "Restrict creations" alone. Put the people who create'
        " such branches on its bypass list: the command leaves it empty"
    )
    return Fix(
        step,
        page=rules.page("repo-new-branch-rule", repo=rules.full_name),
        command=_command(rules, limits),
        needs=NEEDS,
        undo="Delete the ruleset on the same page",
    )


def _command(rules: ReleaseBranchRules, limits: Limits) -> str:
    """Commands that make both rulesets; none for patterns: people will need new branches.

    A bypass is for a whole ruleset. So creation, which needs one, has a ruleset of its own.
    """
    if any(SPECIAL.search(name) for name in rules.names):
        return ""
    lasting = (rule("deletion"), pull_request_rule(limits.approvals))
    return " && ".join(_adding(rules, *new) for new in (lasting, (rule("creation"),)))


def _adding(rules: ReleaseBranchRules, *new: dict[str, Any]) -> str:
    kinds = ", ".join(one["type"].replace("_", " ") for one in new)
    body = {
        "name": f"release branches {', '.join(rules.names)}: {kinds}",
        "target": "branch",
        "enforcement": "active",
        "conditions": {
            "ref_name": {"include": [f"refs/heads/{name}" for name in rules.names], "exclude": []}
        },
        "rules": list(new),
    }
    place = f"repos/{rules.full_name}/rulesets"
    call = rules.gh("api", "-X", "POST", place, "--input", "-")
    return f"echo {shlex.quote(json.dumps(body))} | {call}"
