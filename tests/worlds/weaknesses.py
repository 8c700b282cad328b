"""What can be wrong with a repository that is sound otherwise: one weakness, one code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hardenme.sandbox.github.scenario.keys import public_key
from hardenme.sandbox.github.scenario.rulebook import ADMIN_ROLE
from hardenme.sandbox.github.state.connected import Runner
from hardenme.sandbox.github.world import (
    ActionsPolicy,
    BypassActor,
    DeployKey,
    Environment,
    ForkWorkflows,
    Hook,
    Repository,
    RepositoryInvitation,
    RepositorySecret,
    RuleSuite,
    SecretAlert,
    VulnerabilityAlert,
)
from tests.worlds.weak_workflows import (
    FROM_BRANCHES,
    LOCKED,
    WORKFLOWS,
    workflow_text,
)

Apply = Callable[[Repository, datetime], None]
OPEN_FORKS = ForkWorkflows(True, True, True, False)  # noqa: FBT003 (all four switches)
"""Pull requests from forks of a private repository run with its secrets, and nobody is asked."""
TOKEN = "npm_CANARYseeded000000000000000000000000"  # visibly false, and worth nothing


@dataclass(frozen=True, slots=True)
class Weakness:
    """One thing that is wrong.

    Attributes:
        code: the check that has to find it.
        apply: makes it so.
        unruled: the organization's rulesets have to leave the repository out.
        bound: an organization whose settings bind its repositories does not let it be.
        private: the repository has to be private.
    """

    code: str
    apply: Apply
    unruled: bool = False
    bound: bool = False
    private: bool = False


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
    repository.security.secret_scanning = "disabled"  # a feature's state


def _push_protection_off(repository: Repository, _now: datetime) -> None:
    repository.security.secret_scanning_push_protection = "disabled"  # the same


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


def _session_hook(repository: Repository, _now: datetime) -> None:
    repository.files[".claude/settings.json"] = (
        b'{"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "make"}]}]}}\n'
    )


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
        repository.secrets.append(RepositorySecret(name, then, then))

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


def careful_actions(**changes: Any) -> ActionsPolicy:
    """Actions' settings of a repository, as careful as can be but for the changes."""
    careful = {
        "allowed_actions": "selected",
        "sha_pinning_required": True,
        "approval_policy": "all_external_contributors",
    }
    return ActionsPolicy(**{**careful, **changes})


def _actions(**changes: Any) -> Apply:
    def apply(repository: Repository, _now: datetime) -> None:
        repository.actions = careful_actions(**changes)

    return apply


def _bypassed(repository: Repository, now: datetime) -> None:
    suite = RuleSuite(repository.id, "linden", now - timedelta(days=3), result="bypass")
    repository.rule_suites.insert(0, suite)


def _not_scanned(repository: Repository, _now: datetime) -> None:
    repository.code_scanning = "not-configured"


def _invited_long_ago(repository: Repository, now: datetime) -> None:
    then = now - timedelta(days=200)
    repository.invitations.append(RepositoryInvitation(repository.id, "guest", "linden", then))


def _releases_change(repository: Repository, _now: datetime) -> None:
    repository.immutable_releases = False


def _named_subject(repository: Repository, _now: datetime) -> None:
    repository.immutable_subject = False


def _no_list_of_parts(repository: Repository, _now: datetime) -> None:
    repository.dependency_graph = False
    for release in repository.releases:
        release.assets = ["cone-1.0.0.tgz"]


def _own_runner(repository: Repository, _now: datetime) -> None:
    repository.runners.append(Runner(repository.id, "under-the-desk"))


def _workflow(code: str) -> Apply:
    def apply(repository: Repository, _now: datetime) -> None:
        repository.files[f".github/workflows/{code.lower()}.yml"] = workflow_text(code)

    return apply


def _released_from_branches(repository: Repository, _now: datetime) -> None:
    repository.files[".github/workflows/next.yml"] = FROM_BRANCHES.encode()


def _not_in_the_lock(repository: Repository, _now: datetime) -> None:
    folder = ".github/workflows/"
    repository.files[f"{folder}locked.yml"] = LOCKED.encode()
    repository.files[f"{folder}actions.lock"] = (
        f"version: v0.0.2\nworkflows: {{'{folder}locked.yml': []}}\ndependencies: {{}}\n".encode()
    )


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
    Weakness("GHB116", _bypassed),
    Weakness("GHB117", _released_from_branches),
    Weakness("GHR101", _secret_scanning_off),
    Weakness("GHR102", _push_protection_off),
    Weakness("GHR103", _alerts_off),
    Weakness("GHR104", _critical_alert),
    Weakness("GHR105", _no_private_reporting),
    Weakness("GHR106", _lacks("SECURITY.md")),
    Weakness("GHR107", _not_scanned),
    Weakness("GHR108", _key(read_only=False, used_days=3)),
    Weakness("GHR109", _key(read_only=True, used_days=300)),
    Weakness("GHR110", _hook("http://build.example.test/in", has_secret=True)),
    Weakness("GHR111", _hook("https://build.example.test/in", has_secret=False)),
    Weakness("GHR112", _many_admins),
    Weakness("GHR113", _outsider_maintains),
    Weakness("GHR114", _invited_long_ago),
    Weakness("GHR115", _releases_change, bound=True),
    Weakness("GHR116", _secret("NPM_TOKEN", 20)),
    Weakness("GHR117", _secret("RELEASE_KEY", 20)),
    Weakness("GHR118", _open_environment),
    Weakness("GHR119", _named_subject),
    Weakness("GHR120", _forgotten),
    Weakness("GHR121", _lacks(".github/CODEOWNERS")),
    Weakness("GHR122", _lacks("package-lock.json")),
    Weakness("GHR123", _lacks(".github/dependabot.yml")),
    Weakness("GHR124", _committed_token),
    Weakness("GHR125", _no_list_of_parts),
    Weakness("GHR126", _leaked_secret),
    Weakness("GHR127", _secret("DEPLOY_PASSPHRASE", 500)),
    Weakness("GHR130", _session_hook),
    Weakness("GHW101", _actions(allowed_actions="all"), bound=True),
    Weakness("GHW102", _actions(sha_pinning_required=False), bound=True),
    Weakness("GHW103", _actions(default_workflow_permissions="write"), bound=True),
    Weakness("GHW104", _actions(can_approve_pull_request_reviews=True), bound=True),
    Weakness("GHW105", _actions(approval_policy="first_time_contributors")),
    Weakness("GHW106", _actions(forks=OPEN_FORKS), bound=True, private=True),
    Weakness("GHW107", _own_runner),
    *(Weakness(code, _workflow(code)) for code in WORKFLOWS),
    Weakness("GHW208", _not_in_the_lock),
)
"""All of them, in the order in which the weak repositories get theirs."""
