"""The repositories of `mallow` and of `acorn-labs`, each with weaknesses of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.rest.plain import REPO, weak_of
from hardenme.sandbox.github.scenario.keys import public_key
from hardenme.sandbox.github.scenario.rulebook import (
    firm_protection,
    loose_protection,
    rehearsal,
    strict_branch,
    with_bypass,
)
from hardenme.sandbox.github.world import (
    ActionsPolicy,
    DeployKey,
    Environment,
    Hook,
    Release,
    Repository,
    RepositoryInvitation,
    RepositorySecret,
    SecurityAndAnalysis,
    VulnerabilityAlert,
)

BIDI = "\u202eyek yolped\u202c"
PACKAGE = b'{"name": "ladle", "version": "1.4.0"}\n'


def repositories(now: datetime) -> list[Repository]:
    """Ten of mallow's, two of acorn-labs and one that someone offers mallow a part in."""
    return [*_published(now), *_half_protected(now), *_quiet(now), *_of_others(now)]


def _published(now: datetime) -> list[Repository]:
    """Repositories that publish a package."""
    return [_ladle(now), _whisk(now)]


def _hook(created: datetime) -> Hook:
    """A hook that sends without TLS and without a secret."""
    address = "http://hooks.example.test/ladle"
    return Hook(6101, address, created, created, insecure_ssl="1", has_secret=False)


def _ladle(now: datetime) -> Repository:

    def ago(days: float) -> datetime:
        return now - timedelta(days=days)

    return Repository(
        "mallow",
        "ladle",
        4001,
        ago(1400),
        ago(2),
        description="Serves soup",
        former_names=["mallow/soup-spoon"],
        collaborators={"oakley": "admin"},
        deploy_keys=[
            DeployKey(
                6001,
                "ci push",
                public_key("ssh-rsa", "ladle-ci", 2048),
                ago(600),
                read_only=False,
                added_by="mallow",
                last_used=ago(5),
            ),
            DeployKey(
                6002,
                BIDI,
                public_key("ssh-ed25519", "ladle-mirror"),
                ago(600),
                added_by="fern",
                last_used=ago(400),
            ),
        ],
        hooks=[_hook(ago(900))],
        secrets=[
            RepositorySecret("NPM_TOKEN", ago(700), ago(700)),
            RepositorySecret("CODECOV_TOKEN", ago(100), ago(100)),
        ],
        environments=[Environment(6201, "release", ago(300), ago(300))],
        actions=ActionsPolicy(
            default_workflow_permissions="write", can_approve_pull_request_reviews=True
        ),
        invitations=[RepositoryInvitation(6301, "wren", "mallow", ago(30), "admin")],
        vulnerability_alerts=[
            VulnerabilityAlert(1, "left-trim", ago(60), severity="critical"),
            VulnerabilityAlert(2, "right-trim", ago(50), state="fixed"),
        ],
        releases=[Release(6401, "v1.4.0", ago(40), "mallow")],
        files={
            "package.json": PACKAGE,
            "README.md": b"# ladle\n",
            ".github/workflows/release.yml": b"on: push\njobs: {}\n",
        },
        plain=weak_of(REPO),
    )


def _whisk(now: datetime) -> Repository:

    def ago(days: float) -> datetime:
        return now - timedelta(days=days)

    return Repository(
        "mallow",
        "whisk",
        4002,
        ago(1000),
        ago(30),
        protection=[loose_protection(5001)],
        secrets=[RepositorySecret("NODE_AUTH_TOKEN", ago(450), ago(450))],
        security=SecurityAndAnalysis("enabled"),
        vulnerability_alerts_enabled=True,
        private_vulnerability_reporting=True,
        files={"package.json": b'{"name": "whisk"}\n', "SECURITY.md": b"Write to us.\n"},
    )


def _half_protected(now: datetime) -> list[Repository]:
    """Repositories whose protection is not what it seems, and one where it is."""

    def ago(days: float) -> datetime:
        return now - timedelta(days=days)

    scanned = SecurityAndAnalysis("enabled", "enabled", "enabled")
    return [
        Repository(
            "mallow",
            "sieve",
            4003,
            ago(800),
            ago(10),
            rulesets=[rehearsal(7001, "mallow/sieve", now)],
            security=scanned,
            vulnerability_alerts_enabled=True,
        ),
        Repository(
            "mallow",
            "grater",
            4004,
            ago(700),
            ago(20),
            rulesets=[with_bypass(7002, "mallow/grater", now)],
            security=scanned,
            vulnerability_alerts_enabled=True,
        ),
        Repository(
            "mallow",
            "trivet",
            4005,
            ago(600),
            ago(6),
            rulesets=[strict_branch(7003, "mallow/trivet", now)],
            security=scanned,
            vulnerability_alerts_enabled=True,
            private_vulnerability_reporting=True,
            files={"SECURITY.md": b"Write to us.\n"},
        ),
    ]


def _quiet(now: datetime) -> list[Repository]:
    """A private one on the free plan, an archived one, an empty one, a fork, a forgotten one."""

    def ago(days: float) -> datetime:
        return now - timedelta(days=days)

    return [
        Repository(
            "mallow",
            "cellar",
            4006,
            ago(900),
            ago(15),
            visibility="private",
            protection=[firm_protection(5002)],
            secrets=[RepositorySecret("DEPLOY_PASSWORD", ago(800), ago(800))],
        ),
        Repository("mallow", "kettle", 4007, ago(2200), ago(1500), archived=True),
        Repository("mallow", "blank-slate", 4008, ago(5), ago(5), default_branch=None),
        Repository("mallow", "left-trim", 4009, ago(400), ago(399), fork=True),
        Repository(
            "mallow",
            "pantry",
            4010,
            ago(1800),
            ago(500),
            default_branch="master",
            deploy_keys=[
                DeployKey(6003, "old mirror", public_key("ssh-rsa", "pantry", 4096), ago(1700))
            ],
        ),
    ]


def _of_others(now: datetime) -> list[Repository]:
    def ago(days: float) -> datetime:
        return now - timedelta(days=days)

    return [
        Repository(
            "acorn-labs",
            "sapling",
            4011,
            ago(1000),
            ago(390),
            collaborators={"wren": "admin"},
        ),
        Repository("acorn-labs", "burr", 4013, ago(900), ago(395)),
        Repository(
            "wren",
            "nest",
            4012,
            ago(500),
            ago(3),
            invitations=[RepositoryInvitation(6302, "mallow", "wren", ago(30), "write")],
        ),
    ]
