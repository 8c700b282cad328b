"""Random expressions: guards as people write them, and as they do not."""

from __future__ import annotations

import random

# A login that a guard writes out is an insider's: no outsider of these tests is called so.
PULL, RUN = "github.event.pull_request", "github.event.workflow_run"
PATHS = (
    "github.event_name",
    "github.actor",
    "github.triggering_actor",
    "github.repository",
    "github.repository_owner",
    "github.ref",
    "github.ref_name",
    "github.ref_type",
    "github.head_ref",
    "github.base_ref",
    "github.server_url",
    "github.event.action",
    "github.event.sender.login",
    "github.event.number",
    "github.event.label.name",
    "github.event.ref",
    "github.event.inputs.x",
    "github.event.repository.full_name",
    "github.event.repository.fork",
    "github.event.repository.owner.login",
    f"{PULL}.head.repo.full_name",
    f"{PULL}.head.repo.fork",
    f"{PULL}.head.repo.id",
    f"{PULL}.head.repo.name",
    f"{PULL}.head.repo.owner.login",
    f"{PULL}.head.repo",
    f"{PULL}.head.label",
    f"{PULL}.head.ref",
    f"{PULL}.head.user.login",
    f"{PULL}.base.repo.full_name",
    f"{PULL}.base.ref",
    f"{PULL}.user.login",
    f"{PULL}.user.id",
    f"{PULL}.author_association",
    f"{PULL}.merged",
    f"{PULL}.merged_at",
    f"{PULL}.draft",
    f"{PULL}.title",
    f"{PULL}.labels.*.name",
    f"{PULL}.number",
    PULL,
    f"{RUN}.event",
    f"{RUN}.conclusion",
    f"{RUN}.head_branch",
    f"{RUN}.head_repository.full_name",
    f"{RUN}.head_repository.owner.login",
    f"{RUN}.repository.full_name",
    f"{RUN}.actor.login",
    f"{RUN}.path",
    "github.event.issue.user.login",
    "github.event.issue.author_association",
    "github.event.issue.pull_request",
    "github.event.issue.title",
    "github.event.issue.labels.*.name",
    "github.event.comment.user.login",
    "github.event.comment.author_association",
    "github.event.comment.body",
    "github.event.review.user.login",
    "github.event.review.author_association",
    "github.event.review.state",
    "github.event.discussion.user.login",
    "github.event.discussion.author_association",
    "github.event.forkee.full_name",
    "github.event.forkee.owner.login",
    "github.event.check_run.name",
    "github.event.state",
    "github.event",
    "github",
    "vars.PEOPLE",
    "vars.ON",
    "vars",
    "env.WHO",
    "needs.gate.result",
    "needs.gate.outputs.ok",
    "needs.*.result",
    "steps.gate.outputs.ok",
    "matrix.os",
    "runner.os",
    "inputs.x",
)
WORDS = (
    *("'OWNER'", "'member'", "'NONE'", "'CONTRIBUTOR'", "'willow'", "'Hazel'", "''", "'hazel/'"),
    *("'renovate[bot]'", "'dependabot[bot]'", "'push'", "'pull_request'", "'pull_request_target'"),
    *("'issue_comment'", "'hazel/catkin'", "'hazel:'", "'true'", "'false'", "'success'", "'main'"),
    *("'opened'", "'labeled'", "'created'", "'refs/heads/main'", "'refs/tags/'", "'/deploy'"),
    *(
        "true",
        "false",
        "null",
        "0",
        "1",
        "-1",
        "0x1",
        "NaN",
        "' 1 '",
        "'0'",
        "3.5",
        "1e3",
        "'a''b'",
    ),
)
LISTS = (
    'fromJSON(\'["OWNER","MEMBER"]\')',
    'fromJSON(\'["OWNER","COLLABORATOR","MEMBER"]\')',
    'fromJSON(\'["hazel","renovate[bot]"]\')',
    "fromJSON('[\"opened\",1,true,null]')",
    'fromJSON(\'{"a":[1,{"b":"X"}],"A":2}\')',
    "fromJSON('[]')",
    "fromJSON(vars.PEOPLE)",
    "fromJSON(github.event.comment.body)",
    "'OWNER MEMBER'",
)
SIGNS = ("==", "!=", "==", "!=", "<", "<=", ">", ">=")
FORMATS = ("{0}", "x{1}-{0}", "{{{0}}}", "{0}/{1}")
KEYS = ("[0]", "[1]", ".a", ".*", ".*.b", "[9]", ".a[1].b")
TESTS = ("contains", "startsWith", "endsWith", "CONTAINS")


def expression(choose: random.Random, depth: int = 3) -> str:
    """A random expression."""
    if depth == 0 or choose.random() < 0.25:
        return _leaf(choose)
    sign = choose.choice(SIGNS)
    inner = [expression(choose, depth - 1) for _ in range(3)]
    forms = (
        f"({inner[0]} && {inner[1]})",
        f"({inner[0]} || {inner[1]})",
        f"{inner[0]} && {inner[1]} || {inner[2]}",
        f"!({inner[0]})",
        f"!{_leaf(choose)}",
        f"{_leaf(choose)} {choose.choice(SIGNS)} {_leaf(choose)}",
        f"({inner[0]}) {choose.choice(SIGNS)} ({inner[1]})",
        " ".join((_leaf(choose), choose.choice(SIGNS), _leaf(choose), sign, _leaf(choose))),
        f"{choose.choice(TESTS)}({choose.choice([*LISTS, inner[0]])}, {_leaf(choose)})",
        f"{choose.choice(TESTS)}({_leaf(choose)}, {choose.choice(WORDS)})",
        f"format('{choose.choice(FORMATS)}', {inner[0]}, {_leaf(choose)})",
        f"join({choose.choice([*LISTS, inner[0]])}, {choose.choice(WORDS)})",
        f"toJSON({_leaf(choose)})",
        f"fromJSON(toJSON({_leaf(choose)}))",
        f"{choose.choice(LISTS[:6])}{choose.choice(KEYS)}",
        f"case({_leaf(choose)} == {_leaf(choose)}, {inner[0]}, {inner[1]})",
    )
    return choose.choice(forms)


def _leaf(choose: random.Random) -> str:
    kind = choose.random()
    if kind < 0.6:
        return respelled(choose.choice(PATHS), choose)
    if kind < 0.9:
        return choose.choice(WORDS)
    return choose.choice([*LISTS, "always()", "success()", "failure()", "cancelled()"])


def respelled(path: str, choose: random.Random) -> str:
    """The same path in other letters, or with brackets."""
    parts = path.split(".")
    root = choose.choice([parts[0], parts[0], parts[0].upper()])
    rest = [
        choose.choice(
            [f".{part}", f".{part}", f".{part.title()}", f"['{part}']", f"[format('{part}')]"]
        )
        if part != "*"
        else choose.choice([".*", "[*]"])
        for part in parts[1:]
    ]
    return root + "".join(rest)
