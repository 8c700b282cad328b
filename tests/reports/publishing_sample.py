"""Packages and their publish paths to render: a maintainer's five, hostile ones, and many."""

from __future__ import annotations

import shlex
from dataclasses import replace

from hardenme.model.finding import Finding
from hardenme.model.publishing import (
    BlastRadius,
    ClosingStep,
    Hop,
    PackagePaths,
    Publishing,
    PublishPath,
    State,
)
from hardenme.model.report import Report
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.verdict import Failed, Fix
from hardenme.model.way import Way
from tests.reports.sample import AT, HOSTILE, NPM_WEB, atom, maintainer

KEY = "7f6c1f4e-3c55-4b5e-9a0e-6f1d2c3b4a59"
STAGE = "0d9a5a1e-5a0f-4a53-8b5c-2b8f0f6f7d11"


def person(name: str, state: State = State.OPEN, *, intended: bool = False) -> PublishPath:
    why = "publishes from a laptop, as soon as the second factor is given"
    if intended:
        why = "approves staged releases with a second factor"
    return PublishPath(
        f"person/{name}", Way.PERSON, name, state, why, intended, (Hop("person", name),)
    )


def token(name: str, state: State = State.OPEN) -> PublishPath:
    why = {
        State.OPEN: "it writes to all packages and asks for no second factor",
        State.CLOSED: "it only reads",
        State.UNKNOWN: "whether the package still takes tokens is not known",
    }[state]
    needed = "hardenme attest NPP106 npm:package/@acorn/web" if state is State.UNKNOWN else ""
    return PublishPath(
        f"token/{name}", Way.TOKEN, name, state, why, hops=(Hop("token", name),), needed=needed
    )


def publisher(
    repository: str,
    state: State = State.OPEN,
    *,
    intended: bool = False,
    environment: str = "release",
) -> PublishPath:
    why = "it may only stage, and a person approves"
    if not intended:
        why = "its workflow runs on pull_request_target, and what it publishes is out at once"
    hops = [Hop("repository", repository), Hop("workflow", "release.yml")]
    if environment:
        hops.append(Hop("environment", environment))
    if intended:
        hops.append(Hop("approval", "a person with a second factor"))
    name = f"{repository} release.yml"
    return PublishPath(
        f"publisher/{repository}", Way.PUBLISHER, name, state, why, intended, tuple(hops)
    )


def secret(name: str, repository: str, state: State = State.OPEN) -> PublishPath:
    return PublishPath(
        f"secret/{name}",
        Way.SECRET,
        name,
        state,
        "every workflow of the repository can read it",
        hops=(
            Hop("secret", name),
            Hop("repository", repository),
            Hop("workflow", "release.yml"),
        ),
    )


def trust(package: str, repository: str) -> ClosingStep:
    words = ("npm", "trust", "github", package, f"--repo={repository}", "--file=release.yml")
    command = shlex.join((*words, "--env=release", "--allow-stage-publish"))
    return ClosingStep(
        f"trust/{package}",
        Fix(
            step="Set up a trusted publisher that may only stage.",
            page=f"{NPM_WEB}/package/{package}/access",
            command=command,
            needs="write access to the package, and its second factor",
            undo="Remove the trusted publisher on the same page.",
        ),
        (),
        presence=True,
    )


def disallow(package: str, *closes: str) -> ClosingStep:
    return ClosingStep(
        f"access/{package}",
        Fix(
            step="Require a second factor and disallow tokens.",
            page=f"{NPM_WEB}/package/{package}/access",
            command=shlex.join(("npm", "access", "set", "mfa=publish", package)),
            needs="write access to the package, and its second factor",
            undo="npm access set mfa=automation, or the same page",
        ),
        closes,
        presence=True,
    )


def revoke(key: str, name: str) -> ClosingStep:
    return ClosingStep(
        f"token/{key}",
        Fix(
            step=f'Revoke the token "{name}".',
            page=f"{NPM_WEB}/settings/mallow/tokens",
            command=shlex.join(("npm", "token", "revoke", key)),
            needs="the account, with its second factor",
            undo="Make a new token; what used the old one needs it.",
        ),
        (f"token/{name}",),
        presence=True,
    )


def remove_secret(name: str, repository: str) -> ClosingStep:
    return ClosingStep(
        f"secret/{repository}/{name}",
        Fix(
            step=f"Delete the secret {name}.",
            command=shlex.join(
                ("gh", "api", "-X", "DELETE", f"repos/{repository}/actions/secrets/{name}")
            ),
            needs="administration of the repository",
            undo="Add it again with a new token.",
        ),
        (f"secret/{name}",),
    )


def guard(repository: str) -> ClosingStep:
    return ClosingStep(
        f"environment/{repository}",
        Fix(
            step="Require a review by somebody else in the environment release.",
            page=f"https://github.example.test/{repository}/settings/environments",
            needs="administration of the repository",
            undo="Take the reviewers out on the same page.",
        ),
        (f"publisher/{repository}",),
    )


def wide_open(package: str, repository: str, weekly: int | None = 3_140_000) -> PackagePaths:
    return PackagePaths(
        package,
        weekly,
        (
            token("ci-publish"),
            publisher(repository),
            secret("NPM_TOKEN", repository),
            token("deploy", State.UNKNOWN),
            person("teasel", State.CLOSED),
            token("installs", State.CLOSED),
            person("mallow", intended=True),
        ),
        steps=(
            guard(repository),
            trust(package, repository),
            disallow(package, "token/ci-publish"),
            revoke(KEY, "ci-publish"),
            remove_secret("NPM_TOKEN", repository),
        ),
        unread=("who owns the organization on npm: it takes npm's session token.",),
    )


def hardened(package: str, repository: str) -> PackagePaths:
    return PackagePaths(
        package, 4_200, (token("installs", State.CLOSED), publisher(repository, intended=True))
    )


def unclear(package: str) -> PackagePaths:
    return PackagePaths(package, None, (token("deploy", State.UNKNOWN),))


def readiness(package: str) -> Finding:
    fix = Fix("Set up a trusted publisher.", page=f"{NPM_WEB}/package/{package}/access")
    subject = Subject("npm", "package", package)
    message = "only a token that bypasses the second factor publishes it"
    return Finding(
        code="PUB102",
        slug="publish-path-survives-2027",
        title="Releases need a token that stops publishing in 2027",
        subject=subject,
        within=subject,
        label="",
        outcome=Failed(message, {"bypass": True}, fix),
        severity=Severity.MEDIUM,
        sources=(atom(f"GET /{package}"),),
    )


def report_with(publishing: Publishing | None, *findings: Finding) -> Report:
    return replace(
        maintainer(), findings=findings, checks={}, publishing=publishing, started=AT, targets=()
    )


def five() -> Report:
    packages = (
        hardened("@acorn/lantern", "acorn/lantern"),
        unclear("@acorn/mill"),
        wide_open("@acorn/web", "acorn/web"),
        hardened("@acorn/compass", "acorn/compass"),
        replace(wide_open("acorn-press", "acorn/press", 812), steps=(trust("acorn-press", "a/b"),)),
    )
    reaches = (
        BlastRadius(
            Way.TOKEN, "ci-publish", ("@acorn/web", "acorn-press"), 3_140_812, at_least=True
        ),
        BlastRadius(Way.PERSON, "mallow", ("@acorn/web",), 3_140_000),
    )
    return report_with(Publishing(packages, reaches), readiness("@acorn/web"))


def _hostile_path(number: int, text: str) -> PublishPath:
    state = tuple(State)[number % len(State)]
    hops = (Hop("token", text), Hop(text or "x", text), Hop("workflow", f"{text}]"))
    return PublishPath(
        f"token/{number}", tuple(Way)[number % len(Way)], text, state, text, hops=hops, needed=text
    )


def hostile() -> Report:
    """Every name, reason, command and page is an attack."""
    packages = tuple(
        PackagePaths(
            f"pkg{number}{text}",
            number,
            tuple(_hostile_path(at, one) for at, one in enumerate((text, *HOSTILE[:3]))),
            steps=(
                ClosingStep(
                    f"step{text}",
                    Fix(
                        step=f"Do {text}",
                        page=f"{NPM_WEB}/{text}",
                        command=f"npm owner rm {text} x",
                        needs=text,
                        undo=text,
                    ),
                    (text,),
                    presence=True,
                ),
                ClosingStep(
                    f"quoted{text}",
                    Fix("Do it", command=shlex.join(("npm", "owner", "rm", text, "x")), undo=text),
                    (text,),
                    presence=True,
                ),
            ),
            unread=(text,),
        )
        for number, text in enumerate((*HOSTILE, *INJECTIONS))
    )
    reaches = tuple(BlastRadius(Way.TOKEN, text, (text,), 1) for text in (*HOSTILE, *INJECTIONS))
    return report_with(Publishing(packages, reaches), readiness("x\ny"))


INJECTIONS = (
    '"]; click n0 "javascript:alert(1)"',
    'a" ]; n9 [label="b" URL="https://evil.example.test/"',
    "\\",
    '\\"',
    "\\N \\G \\l &lt;b&gt; &#60;",
    "end",
    "style:#ff;x classDef a:#b;",
    "1. list",
    "- item",
    "$$x$$ `*bold* _it_`",
    "fa:fa-car %% comment %%{init: {}}%%",
    "@{ shape: rect }",
    "'; touch /tmp/harm; echo '",
    "$(touch harm) `touch harm` && touch harm",
    "x\ntouch harm\n#",
    "ﬂ°°60¶ßb",
    "<<EOF",
    "!! !x ~ * ?",
)


def many(number: int) -> Report:
    packages = tuple(
        wide_open(f"@acorn/p{at:03}", f"acorn/p{at:03}", at * 1000)
        if at % 2
        else hardened(f"@acorn/p{at:03}", f"acorn/p{at:03}")
        for at in range(number)
    )
    reaches = tuple(
        BlastRadius(Way.TOKEN, f"t{at:03}", tuple(one.package for one in packages[at:]), 1000 * at)
        for at in range(number)
    )
    return report_with(Publishing(packages, reaches))


def secretive(value: str) -> Publishing:
    """The value stands wherever a text can stand."""
    path = PublishPath(
        value, Way.TOKEN, value, State.UNKNOWN, value, hops=(Hop(value, value),), needed=value
    )
    fix = Fix(f"Step {value}", f"https://a.example.test/{value}", f"npm x {value}", value, value)
    package = PackagePaths(value, None, (path,), (ClosingStep(value, fix, (value,)),), (value,))
    return Publishing((package,), (BlastRadius(Way.TOKEN, value, (value,), 1),))
