"""Which of zizmor's findings decide a check, and why the others do not.

The names are those of zizmor 1.32 (https://docs.zizmor.sh/audits/). A test compares them with the
installed version, so that a new audit is decided on before it is shipped.
"""

from __future__ import annotations

USED = {
    "cache-poisoning": "GHW205",
    "github-env": "GHW204",
    "insecure-commands": "GHW204",
    "template-injection": "GHW204",
    "typosquat-uses": "GHW201",
    "unpinned-uses": "GHW201",
}
"""Audits by the check that they decide."""

_ONLINE = "asks GitHub, and zizmor runs offline here"
_STYLE = "is about style, and opens nothing"
_OTHER_FILE = "is about another file than a workflow"
_CONDITION = "GHW202 evaluates conditions itself, and such a condition protects nothing"
LEFT_OUT = {
    "adhoc-packages": "GHW206 reads such commands job by job, with what the job holds",
    "anonymous-definition": _STYLE,
    "archived-uses": "an archived action is pinned like any other, or found by GHW201",
    "artipacked": "the token that a checkout leaves behind ends with its job; GHW203 bounds it",
    "bot-conditions": _CONDITION,
    "concurrency-limits": _STYLE,
    "dangerous-triggers": "a trigger alone is harmless; GHW202 judges what it starts",
    "dependabot-cooldown": _OTHER_FILE,
    "dependabot-execution": _OTHER_FILE,
    "excessive-permissions": "GHW203 reads permissions, and the repository's default",
    "forbidden-uses": "needs a configuration, which zizmor is not given here",
    "github-app": "GHO117 judges what an app itself may do; its token ends with the job",
    "hardcoded-container-credentials": "a committed password is an alert of GHR126",
    "impostor-commit": _ONLINE,
    "insecure-url-scheme": "no check asks how a step's address is written",
    "known-vulnerable-actions": _ONLINE,
    "misfeature": _STYLE,
    "obfuscation": "expressions are evaluated, however they are written",
    "overprovisioned-secrets": "such a job counts as holding every secret, in GHW206 and PUB101",
    "ref-confusion": _ONLINE,
    "ref-version-mismatch": _ONLINE,
    "secrets-inherit": "counted as all secrets by GHW202, GHW206 and PUB101",
    "secrets-outside-env": "GHR117 judges where a secret that publishes is kept",
    "self-hosted-runner": "GHW107 knows the runners themselves",
    "self-repository": _STYLE,
    "stale-action-refs": _ONLINE,
    "superfluous-actions": _STYLE,
    "undocumented-permissions": _STYLE,
    "unpinned-images": "GHW206 reads the images of each job, with what the job holds",
    "unpinned-tools": "GHW206 reads such steps job by job, with what the job holds",
    "unredacted-secrets": "no check asks what a log shows",
    "unsound-condition": _CONDITION,
    "unsound-contains": _CONDITION,
    "unsound-ternary": "gives a wrong value, and gives access to no one",
    "use-trusted-publishing": "NPP101 and PUB101 ask npm itself",
}
"""The others, each with the reason."""
