"""A maintainer with everything in order: `hazel`, with a token that only reads.

`willow-works` is an organization that hazel owns together with `rowan` and works in.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from hardenme.sandbox.github.scenario.keys import public_key
from hardenme.sandbox.github.scenario.rulebook import (
    firm_protection,
    release_tags,
    strict_branch,
)
from hardenme.sandbox.github.world import (
    ActionsPolicy,
    DeployKey,
    Email,
    Environment,
    FeedEntry,
    GpgKey,
    Organization,
    OrganizationSettings,
    Release,
    Repository,
    Ruleset,
    SecurityAndAnalysis,
    SshKey,
    Token,
    User,
    World,
)

FINE_GRAINED = "github_pat_CANARYhazel00000_" + "0" * 54
ORGANIZATION = "github_pat_CANARYwillow0000_" + "0" * 54
CLASSIC = "ghp_CANARYhazel000000000000000000000000000"
OWN_PERMISSIONS = (
    "keys", "git_signing_ssh_public_keys", "gpg_keys", "emails", "user_events", "metadata",
    "administration", "actions", "environments", "secrets", "contents", "vulnerability_alerts",
    "repository_hooks",
)  # fmt: skip
ORGANIZATION_PERMISSIONS = (
    "organization_administration", "members", "organization_secrets", "metadata",
    "organization_custom_org_roles", "organization_custom_roles",
    "administration", "actions", "environments", "secrets", "contents", "vulnerability_alerts",
    "repository_hooks",
)  # fmt: skip
RELEASE = b"""\
name: release
on:
  push:
    tags: ['v*']
permissions: {}
concurrency:
  group: release
  cancel-in-progress: false
jobs:
  release:
    name: stage the release
    runs-on: ubuntu-24.04
    environment: release
    permissions:
      contents: read  # to check out
      id-token: write  # by which npm knows the workflow
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - uses: actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0
        with:
          node-version: 24
          package-manager-cache: false
      - run: npm ci --ignore-scripts
      - run: npm stage publish
"""


def hardened_maintainer(now: datetime) -> World:
    """The world of hazel.

    Its tokens: `FINE_GRAINED` reads hazel's own account and repositories, `ORGANIZATION` those of
    willow-works (a fine-grained token has one owner). `CLASSIC` has the scopes that a classic token
    needs for the account. All expire in 30 days.

    Args:
        now: the clock; every age is reckoned from it.
    """
    names = ["lantern", "compass", "almanac"]
    own = [_repository("hazel", name, 4101 + index, now) for index, name in enumerate(names)]
    own[2].visibility, own[2].private_vulnerability_reporting = "private", False
    own[1].rulesets = [release_tags(7112, "hazel/compass", now)]
    own[1].protection = [firm_protection(5101)]
    return World(
        now=now,
        users=_users(now),
        organizations=[_organization(now)],
        repositories=[*own, _repository("willow-works", "basket", 4110, now, rules=False)],
        tokens=tokens(now),
        fine_grained_reads_two_factor=True,
    )


def tokens(now: datetime) -> list[Token]:
    """The credentials of hazel."""
    until = now + timedelta(days=30)
    return [
        Token(
            FINE_GRAINED,
            "fine-grained",
            "hazel",
            permissions=dict.fromkeys(OWN_PERMISSIONS, "read"),
            owner="hazel",
            expires_at=until,
        ),
        Token(
            ORGANIZATION,
            "fine-grained",
            "hazel",
            permissions=dict.fromkeys(ORGANIZATION_PERMISSIONS, "read"),
            owner="willow-works",
            expires_at=until,
        ),
        Token(
            CLASSIC,
            "classic",
            "hazel",
            scopes=frozenset(
                {
                    "user", "read:org", "read:public_key", "read:gpg_key",
                    "read:ssh_signing_key", "repo",
                }
            ),
            expires_at=until,
        ),
    ]  # fmt: skip


def _users(now: datetime) -> list[User]:
    def ago(days: float) -> datetime:
        return now - timedelta(days=days)

    hazel = User(
        login="hazel",
        id=1101,
        created_at=ago(2900),
        name="Hazel",
        plan="pro",
        emails=[Email("hazel@mail.example", primary=True, visibility="private")],
        ssh_keys=[
            SshKey(511, "laptop", public_key("ssh-ed25519", "hazel-1"), ago(200), ago(1)),
            SshKey(512, "tablet", public_key("ssh-rsa", "hazel-2", 4096), ago(300), ago(12)),
        ],
        ssh_signing_keys=[SshKey(521, "signing", public_key("ssh-ed25519", "hazel-3"), ago(200))],
        gpg_keys=[
            GpgKey(
                721,
                "6F1C2D3E4B5A6978",
                ago(100),
                expires_at=now + timedelta(days=265),
                name="release key",
                emails=[("hazel@mail.example", True)],
                subkeys=[
                    GpgKey(
                        722,
                        "1A2B3C4D5E6F7081",
                        ago(100),
                        expires_at=now + timedelta(days=265),
                        can_encrypt=True,
                        can_sign=False,
                    )
                ],
                can_certify=True,
            )
        ],
        events=[
            FeedEntry(9101, "PushEvent", "hazel/lantern", ago(1)),
            FeedEntry(9102, "PushEvent", "willow-works/basket", ago(4)),
        ],
        contributions={"willow-works": ago(4)},
    )
    return [hazel, User("rowan", 1102, ago(2500)), User("linden", 1103, ago(900))]


def _organization(now: datetime) -> Organization:
    rules: Ruleset = strict_branch(7120, "willow-works", now)
    rules.source_type = "Organization"
    tags = release_tags(7121, "willow-works", now)
    tags.source_type, tags.bypass_actors = "Organization", []
    return Organization(
        login="willow-works",
        id=2101,
        created_at=now - timedelta(days=1800),
        members={"hazel": "admin", "rowan": "admin", "linden": "member"},
        public_members=frozenset({"hazel"}),
        plan="team",
        verified=True,
        settings=OrganizationSettings(
            two_factor_requirement_enabled=True,
            default_repository_permission="none",
            members_can_create_public_repositories=False,
            members_can_delete_repositories=False,
            members_can_change_repo_visibility=False,
            members_can_invite_outside_collaborators=False,
            web_commit_signoff_required=True,
            deploy_keys_enabled_for_repositories=False,
        ),
        actions=_actions(),
        rulesets=[rules, tags],
    )


def _actions() -> ActionsPolicy:
    return ActionsPolicy(allowed_actions="selected", sha_pinning_required=True)


def _repository(
    owner: str, name: str, number: int, now: datetime, *, rules: bool = True
) -> Repository:
    """A repository without a gap; without `rules` it relies on its organization's."""

    def ago(days: float) -> datetime:
        return now - timedelta(days=days)

    source = f"{owner}/{name}"
    return Repository(
        owner,
        name,
        number,
        ago(1000),
        ago(3),
        collaborators={"rowan": "admin"} if owner == "hazel" else {},
        rulesets=[
            strict_branch(number + 3000, source, now),
            release_tags(number + 3010, source, now),
        ]
        if rules
        else [],
        deploy_keys=[
            DeployKey(
                number + 2000,
                "read-only mirror",
                public_key("ssh-ed25519", f"{name}-mirror"),
                ago(150),
                added_by="hazel",
                last_used=ago(2),
            )
        ]
        if owner == "hazel"
        else [],
        environments=[
            Environment(
                number + 2100,
                "release",
                ago(150),
                ago(150),
                reviewers=["rowan"],
                prevent_self_review=True,
                branch_policy="custom",
                policies=[("tag", "v*")],
                admins_bypass=False,
            )
        ],
        actions=_actions(),
        security=SecurityAndAnalysis("enabled", "enabled", "enabled", "enabled", "enabled"),
        vulnerability_alerts_enabled=True,
        private_vulnerability_reporting=True,
        immutable_releases=True,
        immutable_subject=True,
        releases=[Release(number + 2200, "v2.0.0", ago(20), "hazel", immutable=True)],
        files={
            "SECURITY.md": b"Report in private.\n",
            ".github/CODEOWNERS": b"* @hazel\n",
            ".github/workflows/release.yml": RELEASE,
            "package.json": _manifest(source),
            "package-lock.json": b"{}\n",
        },
    )


def _manifest(source: str) -> bytes:
    """The `package.json` of the next release."""
    said = {
        "name": f"@hazel-grove/{source.partition('/')[2]}",
        "version": "2.2.0",
        "repository": {"type": "git", "url": f"git+https://github.com/{source}.git"},
        "publishConfig": {"access": "public"},
    }
    return json.dumps(said).encode()
