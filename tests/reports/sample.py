"""Reports to render: one like a maintainer's, one with hostile names, one as large as asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from hardenme.model.evidence import Atom
from hardenme.model.finding import Attested, Errored, Finding, Outcome
from hardenme.model.inventory import InventoryItem, Place
from hardenme.model.last_known import LastKnown
from hardenme.model.report import CheckText, Coverage, Identity, Report, Traffic
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed

AT = datetime(2026, 11, 24, 16, 3, 5, tzinfo=UTC)
USER = Subject("github", "user", "mallow")
NPM_USER = Subject("npm", "user", "mallow")
WEB = "https://github.example.test"
NPM_WEB = "https://npm.example.test"

CANARY = "ghp_CANARY000000000000000000000000000000"

HOSTILE = (
    "\x1b[31mred\x1b[0m and \x1b]0;title\x07",
    "abc\u202egnp.exe\u2066",
    "a | b || c\n| --- | --- |",
    "``` `` ` code",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "@mallow closes #1 fixes GH-2 and octo/repo#3",
    "![image](https://evil.example.test/i.png) [x](javascript:alert(1))",
    "\r\n# heading\n- [x] done\n\n---\n",
    "www.evil.example.test mail@example.test https://evil.example.test/",
    "zero\u200bwidth \ud800 lone \U000e0001 tag \x00\x85\u2028",
    "`",
    "  ",
    "\\`x\\` &lt;b&gt; $x^2$ :smile: ~~gone~~ **bold** _it_ 1. one",
    "日本語の鍵の名前はとても長いのでここで折り返される必要がありますよね",
    "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef",
    "x" * 190,
    f"token {CANARY}",
)

TITLES = {
    "GHA101": "GitHub account has no 2FA",
    "GHA103": "GitHub SSH key is unused",
    "GHA104": "GitHub SSH key is weak",
    "GHA108": "GitHub email address is not verified",
    "GHT102": "GitHub token never expires",
    "GHT105": "GitHub token has scopes that no check needs",
    "GHB101": "Default branch is not protected",
    "GHB103": "Default branch requires too few approvals",
    "GHR102": "Push protection is off",
    "GHR103": "Dependabot alerts are off",
    "GHR108": "Deploy key can push",
    "NPA101": "npm account has no 2FA",
    "NPA103": "npm 2FA is weaker than two passkeys or security keys",
    "NPT101": "npm token can write packages without 2FA",
    "NPT106": "npm token never expires",
    "NPP107": "Provenance of the newest release is missing or wrong",
}

TEXTS: dict[str, tuple[str, Severity, str, str]] = {
    "GHA101": (
        "account-two-factor-enabled",
        Severity.CRITICAL,
        "Two-factor authentication is on for the account.",
        "One stolen password is enough to push to every repository. It happens often.",
    ),
    "GHA103": (
        "ssh-key-in-use",
        Severity.MEDIUM,
        "Every SSH key of the account is in use.",
        "A key that nobody misses is a key whose theft nobody notices.",
    ),
    "GHA104": (
        "ssh-key-strong",
        Severity.HIGH,
        "Every SSH key is of a strong type and size.",
        "A short key can be computed from its public half.",
    ),
    "GHA108": (
        "email-verified",
        Severity.MEDIUM,
        "Every e-mail address of the account is verified.",
        "An address that is not yours can reset your password.",
    ),
    "GHT102": (
        "token-expires",
        Severity.HIGH,
        "The token that hardenme was given expires.",
        "A token without an end stays usable for whoever finds it.",
    ),
    "GHT105": (
        "token-scopes-minimal",
        Severity.HIGH,
        "The token holds no scope that the audit does not need.",
        "What the token may do, a thief of the token may do.",
    ),
    "GHB101": (
        "branch-protected",
        Severity.HIGH,
        "The default branch is protected by at least one active rule.",
        "Whoever can push can rewrite what everybody installs.",
    ),
    "GHB103": (
        "branch-requires-approval",
        Severity.INFO,
        "A change to the default branch needs somebody else's approval.",
        "Nobody sees a bad change before it is merged.",
    ),
    "GHR102": (
        "repo-push-protection",
        Severity.HIGH,
        "Push protection refuses commits that hold a secret.",
        "A secret that was pushed once has to be replaced.",
    ),
    "GHR103": (
        "repo-dependabot-alerts",
        Severity.MEDIUM,
        "Dependabot alerts are on.",
        "Known holes in dependencies stay unseen.",
    ),
    "GHR108": (
        "deploy-key-read-only",
        Severity.HIGH,
        "Every deploy key is read-only.",
        "A deploy key has no owner, no second factor and no end.",
    ),
    "NPA101": (
        "npm-two-factor-enabled",
        Severity.CRITICAL,
        "Two-factor authentication is on for the npm account.",
        "One stolen password is enough to publish every package.",
    ),
    "NPA103": (
        "npm-two-factor-webauthn",
        Severity.HIGH,
        "The npm account's second factor is a security key or a passkey.",
        "Typed codes can be phished.",
    ),
    "NPT101": (
        "npm-token-without-bypass",
        Severity.CRITICAL,
        "No npm token that can publish bypasses two-factor authentication.",
        "Such a token publishes without anybody at a keyboard.",
    ),
    "NPT106": (
        "npm-token-expires",
        Severity.HIGH,
        "Every npm token expires soon enough.",
        "A token without an end stays usable for whoever finds it.",
    ),
    "NPP107": (
        "package-provenance",
        Severity.MEDIUM,
        "The newest release carries provenance.",
        "Nobody can tell which source and which workflow it was built from.",
    ),
}


def atom(endpoint: str, status: int = 200, pages: int = 1) -> Atom:
    return Atom(endpoint, status, AT, pages_read=pages, pages_expected=pages)


def finding(
    code: str,
    subject: Subject,
    outcome: Outcome,
    *,
    within: Subject | None = None,
    label: str = "",
    endpoint: str = "GET /user",
) -> Finding:
    slug, severity, *_ = TEXTS[code]
    if isinstance(outcome, Failed) and outcome.severity is not None:
        severity = outcome.severity
    status = 403 if isinstance(outcome, Unknown) else 200
    return Finding(
        code=code,
        slug=slug,
        title=TITLES[code],
        subject=subject,
        within=within or subject,
        label=visible(label),
        outcome=outcome,
        severity=severity,
        sources=(atom(endpoint, status),),
    )


def report_of(findings: Iterable[Finding], *, partial: str = "") -> Report:
    known = tuple(sorted(findings, key=lambda one: (one.code, one.subject)))
    lost = sum(isinstance(one.outcome, Unknown | Errored) for one in known)
    asked = sum(not isinstance(one.outcome, Manual) for one in known)
    return Report(
        version="0.1.0",
        started=AT,
        targets=("me", "npm:@acorn"),
        profile="solo",
        profile_chosen=True,
        identities=(
            Identity("github", "api.github.example.test", "mallow", "classic", "GITHUB_TOKEN"),
            Identity("npm", "registry.example.test", "mallow", "session", "~/.npmrc"),
        ),
        findings=known,
        checks={
            code: CheckText(code, slug, TITLES[code], severity, summary, why, "See the page.", "")
            for code, (slug, severity, summary, why) in TEXTS.items()
        },
        coverage=Coverage(
            known=asked - lost,
            asked=asked,
            checks=len(TEXTS),
            not_selected={"asked for with --network-lookups only": 2},
            notes=("Organizations that require single sign-on are left out of lists.",),
        ),
        traffic=Traffic({"api.github.example.test": 24, "registry.example.test": 7}, 12, 2.418),
        fail_on=Severity.HIGH,
        partial=partial,
    )


def repository(name: str) -> Subject:
    return Subject("github", "repo", f"mallow/{name}")


def unprotected(name: str) -> Finding:
    repo = repository(name)
    return finding(
        "GHB101",
        repo,
        Failed(
            "no active rule covers the default branch `main`",
            {"branch": "main", "rules": 0},
            Fix(
                step="Add a branch ruleset that targets the default branch.",
                page=f"{WEB}/{repo.name}/settings/rules",
                needs="administration of the repository",
                undo="Delete the ruleset on the same page.",
            ),
        ),
        endpoint=f"GET /repos/{repo.name}/rules/branches/main",
    )


def without_alerts(name: str) -> Finding:
    repo = repository(name)
    return finding(
        "GHR103",
        repo,
        Failed(
            "Dependabot alerts are off",
            {"hasVulnerabilityAlertsEnabled": False},
            Fix(
                step="Enable Dependabot alerts.",
                page=f"{WEB}/{repo.name}/settings/security_analysis",
                command=f"gh api --method PUT repos/{repo.name}/vulnerability-alerts",
                needs="administration of the repository",
                undo=f"gh api --method DELETE repos/{repo.name}/vulnerability-alerts",
            ),
        ),
        endpoint="POST /graphql",
    )


def old_key(number: int, label: str) -> Finding:
    return finding(
        "GHA103",
        Subject("github", "ssh-key", str(number)),
        Failed(
            f'"{label}" was last used {number} days ago',
            {"last_used": "2025-10-20T00:00:00Z"},
            Fix(
                step=f'Delete the key "{label}", or use it.',
                page=f"{WEB}/settings/keys",
                command=f"gh api --method DELETE user/keys/{number}",
                needs="the account itself",
                undo="Add the public key again.",
            ),
        ),
        within=USER,
        label=label,
        endpoint="GET /user/keys",
    )


def deploy_key(number: int, name: str, label: str) -> Finding:
    repo = repository(name)
    return finding(
        "GHR108",
        Subject("github", "deploy-key", str(number)),
        Failed(
            "the key can push",
            {"read_only": False},
            Fix(
                step="Delete the key and add it again without write access.",
                page=f"{WEB}/{repo.name}/settings/keys",
                needs="administration of the repository",
                undo="Add it again with write access.",
            ),
        ),
        within=repo,
        label=label,
        endpoint=f"GET /repos/{repo.name}/keys",
    )


def bypassing_token(key: str, label: str) -> Finding:
    return finding(
        "NPT101",
        Subject("npm", "token", key),
        Failed(
            "the token can publish and bypasses two-factor authentication",
            {"bypass_2fa": True, "permissions": ["package:write"]},
            Fix(
                step="Revoke it, and publish through a trusted publisher.",
                page=f"{NPM_WEB}/settings/mallow/tokens",
                command=f"npm token revoke {key}",
                needs="the npm account, with its second factor",
                undo="Make a new token; what used the old one needs it.",
            ),
        ),
        within=NPM_USER,
        label=label,
        endpoint="GET /-/npm/v1/tokens",
    )


def no_provenance(name: str) -> Finding:
    package = Subject("npm", "package", f"@acorn/{name}")
    return finding(
        "NPP107",
        package,
        Failed(
            "the newest release, 1.4.2, has no provenance",
            {"version": "1.4.2", "provenance": False},
            Fix(
                step="Set up a trusted publisher and release from its workflow.",
                page=f"{NPM_WEB}/package/{package.name}/access",
                needs="write access to the package",
                undo="Remove the trusted publisher on the same page.",
            ),
        ),
        endpoint=f"GET /{package.name}",
    )


def account_findings() -> list[Finding]:
    needs_user = Unknown(Reason.NOT_PERMITTED, "the scope user (classic token)", "403 Forbidden")
    fix = Fix(
        step="Enable two-factor authentication with a security key or a passkey.",
        page=f"{WEB}/settings/security",
        needs="the account itself, at the keyboard",
        undo="Switch it off on the same page.",
    )
    token = Subject("github", "token", "classic")
    tokens = Fix(
        step="Make a fine-grained token with read permissions and a term of 30 days.",
        page=f"{WEB}/settings/tokens",
        needs="the account itself",
        undo="Delete the new token.",
    )
    return [
        finding("GHA101", USER, Failed("two-factor authentication is off", {"2fa": False}, fix)),
        finding(
            "GHT102", token, Failed("no expiry", {"expiry": None}, tokens), within=USER, label=""
        ),
        finding(
            "GHT105",
            token,
            Failed(
                "not needed: admin:org, delete_repo, workflow",
                {"surplus": ["admin:org", "delete_repo", "workflow"]},
                tokens,
                severity=Severity.CRITICAL,
            ),
            within=USER,
        ),
        finding(
            "GHA104",
            Subject("github", "ssh-key", "400"),
            Passed("ssh-ed25519", {"algorithm": "ssh-ed25519"}),
            within=USER,
            label="laptop",
        ),
        finding(
            "GHA108", Subject("github", "email", "mallow@example.test"), needs_user, within=USER
        ),
        finding(
            "NPA101",
            NPM_USER,
            Unknown(Reason.NEEDS_PRESENCE, "a one-time password of the npm account"),
        ),
        finding(
            "NPA103",
            NPM_USER,
            Manual(
                "Is the second factor a security key or a passkey, and is a spare one kept apart?",
                f"{NPM_WEB}/settings/mallow/profile",
            ),
        ),
        finding("NPT106", Subject("npm", "token", "3f9c"), Errored("KeyError"), within=NPM_USER),
        finding(
            "NPT106",
            Subject("npm", "token", "77aa"),
            Attested("expires next week", "mallow", datetime(2027, 2, 1, tzinfo=UTC)),
            within=NPM_USER,
            label="ci",
        ),
        finding(
            "GHB103",
            repository("notes"),
            NotApplicable("the repository is empty", {"isEmpty": True}),
        ),
    ]


REPOSITORIES = ("web", "api", "tool", "site", "docs", "left-pad", "parser", "cli", "theme", "old")


def maintainer() -> Report:
    """About 45 findings, like an account that was never looked after."""
    findings = account_findings()
    findings += [unprotected(name) for name in REPOSITORIES]
    findings += [without_alerts(name) for name in REPOSITORIES[:8]]
    findings += [old_key(401, "old laptop"), old_key(402, "build server")]
    findings += [deploy_key(9001, "web", "deploy"), deploy_key(9002, "api", "ci")]
    findings += [bypassing_token("a1b2c3", "release"), bypassing_token("d4e5f6", "")]
    findings += [no_provenance(name) for name in ("core", "cli", "theme")]
    findings += [
        finding(
            "GHR102",
            repository(name),
            Unknown(Reason.NOT_PERMITTED, "administration:read (fine-grained token)", "404"),
        )
        for name in REPOSITORIES[:4]
    ]
    findings += [
        finding("GHR102", repository(name), Passed("on", {"status": "enabled"}))
        for name in REPOSITORIES[4:]
    ]
    return report_of(findings)


def hostile() -> Report:
    """Every hostile text in every place that a provider can fill."""
    findings: list[Finding] = []
    for number, text in enumerate(HOSTILE):
        own = Subject("github", "ssh-key", f"{number}{text}")
        repo = Subject("github", "repo", f"mallow/{text}")
        fix = Fix(
            step=f"Delete {text}",
            page=f"{WEB}/{text}/settings",
            command=f"gh api user/keys/{text}",
            needs=f"{text} owner",
            undo=f"undo {text}",
        )
        findings += [
            finding("GHA103", own, Failed(f"x {text}", {text: text}, fix), within=USER, label=text),
            finding("GHB101", repo, Failed(text.strip() or "x", {"a": [text]}, fix), label=text),
            finding("GHR102", repo, Unknown(Reason.NOT_VISIBLE, f"see {text}", text), label=text),
            finding("NPA103", repo, Manual(f"Is {text} yours?", f"{WEB}/{text}"), label=text),
            finding("NPT106", own, Attested(f"is {text}", text, AT), within=repo, label=text),
            finding("NPA101", repo, NotApplicable(f"not {text}", {"b": text}), label=text),
            finding("GHR108", repo, Passed(f"ok {text}", {"c": text}), label=text),
            finding("GHT102", own, Errored(f"Key{number}Error"), label=text),
        ]
    report = report_of(findings, partial=f"stopped at {HOSTILE[0]} and {HOSTILE[3]}")
    return Report(
        version=report.version,
        started=report.started,
        targets=HOSTILE,
        profile=report.profile,
        profile_chosen=False,
        identities=tuple(Identity("github", text, text, text, text) for text in ("", *HOSTILE)),
        findings=report.findings,
        checks=report.checks,
        coverage=Coverage(1, 3, 4, dict.fromkeys(HOSTILE, 1), HOSTILE),
        traffic=Traffic(dict.fromkeys(HOSTILE, 1), 0, 0.5),
        fail_on=Severity.LOW,
        allowed_unknown=HOSTILE,
        partial=report.partial,
        warnings=HOSTILE,
        inventory=tuple(map(_hostile_place, HOSTILE)),
        carried=LastKnown(findings[:8], tuple(map(_hostile_place, HOSTILE))),
    )


def _hostile_place(text: str) -> Place:
    subject = Subject("github", "repo", f"mallow/{text}")
    state = {text: text, "several": (text, text), "none": None}
    item = InventoryItem(text, subject, text, text, state)
    return Place(subject, {text: Unknown(Reason.NOT_VISIBLE, f"see {text}")}, (item,))


def large(subjects: int) -> Report:
    """Ten findings for each of so many subjects, half of them failed."""
    findings: list[Finding] = []
    for number in range(subjects):
        name = f"repository-{number:05}"
        findings += [unprotected(name), without_alerts(name), deploy_key(number, name, name)]
        findings += [bypassing_token(f"{number:06x}", name), no_provenance(name)]
        findings += [
            finding(code, repository(name), Passed("held", {"on": True}))
            for code in ("GHB103", "GHR102", "GHR108")
        ]
        findings += [
            finding("NPT106", repository(name), Unknown(Reason.NOT_PERMITTED, "more rights")),
            finding("NPA101", repository(name), Unknown(Reason.NOT_VISIBLE, f"see {name}")),
        ]
    return report_of(findings)


COUNTED = re.compile(r"\band [\d,]+ more\b|\(?[\d,]+ more actions?, alike|[\d,]+ more steps\b")
"""Words that stand in the place of what is not shown."""


def entries_of(markdown: str, title: str) -> int:
    """How many entries a section of Markdown has, those counted that are left out."""
    shown = markdown.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    more = re.findall(r"and (\d+) more \w+:|\*\*([\d,]+) more entries", shown)
    left = sum(int((one or other).replace(",", "")) for one, other in more)
    return left + len(re.findall(r"^- (?!and \d)", shown, re.MULTILINE))
