"""What can be wrong with a repository that is sound otherwise: one weakness, one code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hardenme.sandbox.github.scenario.keys import public_key
from hardenme.sandbox.github.scenario.rulebook import ADMIN_ROLE
from hardenme.sandbox.github.world import (
    ActionsPolicy,
    BypassActor,
    DeployKey,
    Environment,
    Hook,
    Repository,
    Secret,
    SecretAlert,
    VulnerabilityAlert,
)

Apply = Callable[[Repository, datetime], None]
TOKEN = "npm_CANARYseeded000000000000000000000000"  # noqa: S105  # visibly false, and worth nothing


@dataclass(frozen=True, slots=True)
class Weakness:
    """One thing that is wrong.

    Attributes:
        code: the check that has to find it.
        apply: makes it so.
        unruled: the organization's rulesets have to leave the repository out.
    """

    code: str
    apply: Apply
    unruled: bool = False


def _without(rule: str) -> Apply:
    """A repository's own ruleset that lacks one rule."""

    def apply(repository: Repository, _now: datetime) -> None:
        for ruleset in repository.rulesets:
            ruleset.rules = [item for item in ruleset.rules if item.type != rule]

    return apply


def _pull_request(**parameters: Any) -> Apply:
    """A rule for pull requests that asks for less."""

    def apply(repository: Repository, _now: datetime) -> None:
        for ruleset in repository.rulesets:
            for item in ruleset.rules:
                if item.type == "pull_request":
                    item.parameters = {**(item.parameters or {}), **parameters}

    return apply


def _no_rules(repository: Repository, _now: datetime) -> None:
    repository.rulesets.clear()


def _not_enforced(repository: Repository, _now: datetime) -> None:
    for ruleset in repository.rulesets:
        ruleset.enforcement = "evaluate"


def _admins_pass(repository: Repository, _now: datetime) -> None:
    for ruleset in repository.rulesets:
        ruleset.bypass_actors.append(BypassActor("RepositoryRole", ADMIN_ROLE))


def _tags_move(repository: Repository, _now: datetime) -> None:
    """The organization's tag ruleset leaves it out by its name; nothing stands in for it."""
    repository.rulesets[:] = [item for item in repository.rulesets if item.target != "tag"]


def _secret_scanning_off(repository: Repository, _now: datetime) -> None:
    repository.security.secret_scanning = "disabled"  # noqa: S105  # a feature's state


def _push_protection_off(repository: Repository, _now: datetime) -> None:
    repository.security.secret_scanning_push_protection = "disabled"  # noqa: S105  # the same


def _alerts_off(repository: Repository, _now: datetime) -> None:
    repository.vulnerability_alerts_enabled = False


def _no_private_reporting(repository: Repository, _now: datetime) -> None:
    repository.private_vulnerability_reporting = False


def _lacks(*paths: str) -> Apply:
    def apply(repository: Repository, _now: datetime) -> None:
        for path in paths:
            repository.files.pop(path, None)

    return apply


def _committed_token(repository: Repository, _now: datetime) -> None:
    line = f"//registry.example.test/:_authToken={TOKEN}\n"
    repository.files[".npmrc"] = line.encode()


def _key(*, read_only: bool, used_days: int) -> Apply:
    def apply(repository: Repository, now: datetime) -> None:
        key = public_key("ssh-ed25519", repository.name)
        repository.deploy_keys.append(
            DeployKey(
                repository.id,
                "deploy",
                key,
                now - timedelta(days=400),
                read_only=read_only,
                added_by="linden",
                last_used=now - timedelta(days=used_days),
            )
        )

    return apply


def _hook(url: str, *, has_secret: bool) -> Apply:
    def apply(repository: Repository, now: datetime) -> None:
        then = now - timedelta(days=300)
        repository.hooks.append(Hook(repository.id, url, then, then, has_secret=has_secret))

    return apply


def _many_admins(repository: Repository, _now: datetime) -> None:
    repository.collaborators |= dict.fromkeys(
        ("maple", "birch", *(f"member-{number:04}" for number in range(1, 6))), "admin"
    )


def _outsider_maintains(repository: Repository, _now: datetime) -> None:
    repository.collaborators["guest"] = "maintain"


def _secret(name: str, days: int) -> Apply:
    def apply(repository: Repository, now: datetime) -> None:
        then = now - timedelta(days=days)
        repository.secrets.append(Secret(name, then, then))

    return apply


def _open_environment(repository: Repository, now: datetime) -> None:
    then = now - timedelta(days=100)
    repository.environments[:] = [Environment(repository.id, "release", then, then)]


def _forgotten(repository: Repository, now: datetime) -> None:
    repository.pushed_at = now - timedelta(days=800)
    _secret("DEPLOY_PASSPHRASE", 30)(repository, now)


def _critical_alert(repository: Repository, now: datetime) -> None:
    alert = VulnerabilityAlert(9, "sandglass", now - timedelta(days=60), "critical")
    repository.vulnerability_alerts.append(alert)


def _leaked_secret(repository: Repository, now: datetime) -> None:
    repository.secret_alerts.append(SecretAlert(9, now - timedelta(days=60)))


def _actions(**policy: Any) -> Apply:
    def apply(repository: Repository, _now: datetime) -> None:
        careful = {"allowed_actions": "selected", "sha_pinning_required": True}
        repository.actions = ActionsPolicy(**{**careful, **policy})

    return apply


SHA = "8f4b7f84864484a7bf31766abe9204da3cbe65b3"
CHECKOUT = f"actions/checkout@{SHA}"
WORKFLOWS = {
    "GHW201": """on: push
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: {contents: read}
    steps:
      - uses: somebody/some-action@v3
""",
    "GHW202": """on: pull_request_target
permissions: {}
jobs:
  test:
    runs-on: ubuntu-latest
    permissions: {contents: read}
    steps:
      - uses: CHECKOUT
        with:
          ref: ${{ github.event.pull_request.head.sha }}
          persist-credentials: false
      - run: make test
""",
    "GHW203": """on: push
permissions: write-all
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: make test
""",
    "GHW204": """on: issues
permissions: {}
jobs:
  greet:
    runs-on: ubuntu-latest
    permissions: {contents: read}
    steps:
      - run: echo "${{ github.event.issue.title }}"
""",
    "GHW205": """on:
  push:
    tags: ['v*']
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: release
    permissions: {contents: read, id-token: write}
    steps:
      - uses: CHECKOUT
        with: {persist-credentials: false}
      - uses: actions/cache@SHA
        with: {path: node_modules, key: modules}
      - run: npm publish --provenance
""",
    "GHW206": """on:
  push:
    tags: ['v*']
permissions: {}
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: release
    permissions: {contents: read, id-token: write}
    steps:
      - uses: somebody/release-notes@v1
      - run: npm publish --provenance
""",
    "GHW207": """on: issue_comment
permissions: {}
jobs:
  answer:
    runs-on: ubuntu-latest
    permissions: {contents: write, issues: write}
    steps:
      - uses: anthropics/claude-code-action@SHA
        with:
          anthropic_api_key: ${{ secrets.MODEL_KEY }}
""",
}
"""Workflow files that have one thing wrong with them."""


def _workflow(code: str) -> Apply:
    def apply(repository: Repository, _now: datetime) -> None:
        text = WORKFLOWS[code].replace("CHECKOUT", CHECKOUT).replace("SHA", SHA)
        repository.files[f".github/workflows/{code.lower()}.yml"] = text.encode()

    return apply


REPOSITORY: tuple[Weakness, ...] = (
    Weakness("GHB101", _no_rules, unruled=True),
    Weakness("GHB101", _not_enforced, unruled=True),
    Weakness("GHB102", _without("pull_request"), unruled=True),
    Weakness("GHB103", _pull_request(required_approving_review_count=0), unruled=True),
    Weakness("GHB104", _pull_request(dismiss_stale_reviews_on_push=False), unruled=True),
    Weakness("GHB105", _pull_request(require_last_push_approval=False), unruled=True),
    Weakness("GHB106", _pull_request(require_code_owner_review=False), unruled=True),
    Weakness("GHB107", _without("required_status_checks"), unruled=True),
    Weakness("GHB108", _without("non_fast_forward"), unruled=True),
    Weakness("GHB109", _without("deletion"), unruled=True),
    Weakness("GHB110", _admins_pass, unruled=True),
    Weakness("GHB111", _without("required_signatures"), unruled=True),
    Weakness("GHB112", _pull_request(required_review_thread_resolution=False), unruled=True),
    Weakness("GHB113", _without("required_linear_history"), unruled=True),
    Weakness("GHB115", _tags_move, unruled=True),
    Weakness("GHR101", _secret_scanning_off),
    Weakness("GHR102", _push_protection_off),
    Weakness("GHR103", _alerts_off),
    Weakness("GHR104", _critical_alert),
    Weakness("GHR105", _no_private_reporting),
    Weakness("GHR106", _lacks("SECURITY.md")),
    Weakness("GHR108", _key(read_only=False, used_days=3)),
    Weakness("GHR109", _key(read_only=True, used_days=300)),
    Weakness("GHR110", _hook("http://build.example.test/in", has_secret=True)),
    Weakness("GHR111", _hook("https://build.example.test/in", has_secret=False)),
    Weakness("GHR112", _many_admins),
    Weakness("GHR113", _outsider_maintains),
    Weakness("GHR116", _secret("NPM_TOKEN", 20)),
    Weakness("GHR118", _open_environment),
    Weakness("GHR120", _forgotten),
    Weakness("GHR121", _lacks(".github/CODEOWNERS")),
    Weakness("GHR122", _lacks("package-lock.json")),
    Weakness("GHR123", _lacks(".github/dependabot.yml")),
    Weakness("GHR124", _committed_token),
    Weakness("GHR126", _leaked_secret),
    Weakness("GHR127", _secret("DEPLOY_PASSPHRASE", 500)),
    Weakness("GHW101", _actions(allowed_actions="all")),
    Weakness("GHW102", _actions(sha_pinning_required=False)),
    Weakness("GHW103", _actions(default_workflow_permissions="write")),
    Weakness("GHW104", _actions(can_approve_pull_request_reviews=True)),
    *(Weakness(code, _workflow(code)) for code in WORKFLOWS),
)
"""All of them, in the order in which the weak repositories get theirs."""
