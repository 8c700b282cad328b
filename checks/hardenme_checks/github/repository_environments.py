"""Checks of what guards publishing: environments, and where the secrets for it are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from hardenme.facts.github.environments import (
    ENVIRONMENT,
    NAMED,
    ORGANIZATION,
    Environment,
    EnvironmentGuards,
    EnvironmentSecret,
    EnvironmentSelection,
    WorkflowSecret,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.secret_name import (
    Likeness,
    names_publish_environment,
    npm_token_likeness,
    publish_likeness,
)
from hardenme.facts.github.site import full_name
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict

ADMIN = "repository admin"
OWNER = "organization owner"
ARCHIVED = NotApplicable("archived: no workflow runs", {"isArchived": True})


@dataclass(frozen=True, slots=True)
class _Lack:
    """What an environment lacks: what follows, what the evidence calls it, and what to do."""

    said: str
    name: str
    step: str


NO_REVIEW = _Lack(
    "nobody has to approve a deployment",
    "required reviewers",
    'tick "Required reviewers" and name people or teams',
)
SELF_REVIEW = _Lack(
    "people can approve their own deployments", "no self-review", 'tick "Prevent self-review"'
)


def _page(secret: WorkflowSecret) -> str:
    """Where the secret is kept."""
    name = secret.repository
    if secret.kept_by == ORGANIZATION:
        return secret.page("org-secrets", org=name.partition("/")[0])
    page = "repo-environments" if secret.kept_by == ENVIRONMENT else "repo-secrets"
    return secret.page(page, repo=name)


def _delete(secret: WorkflowSecret, step: str) -> Fix:
    """The fix that ends with deleting the secret where it is kept."""
    needs = OWNER if secret.kept_by == ORGANIZATION else ADMIN
    fix = Fix(
        step,
        page=_page(secret),
        command=secret.gh("api", "-X", "DELETE", secret.address),
        needs=needs,
        undo="Make a new value at its provider and add the secret again",
    )
    return replace(fix, wider=fix) if secret.kept_by == ORGANIZATION else fix


@check(
    "GHR116",
    "repo-npm-token-absent",
    title="Secret looks like a long-lived npm token",
    severity=Severity.HIGH,
    since="0.1",
)
def repo_npm_token_absent(secret: WorkflowSecret) -> Verdict:
    """The secret is not named like a token for npm.

    ## Why
    A token among the secrets can be read by any workflow that a thief gets to run, and publishes
    from anywhere. That is how nx was taken in August 2025. Trusted publishing needs no token.

    ## Fix
    Set up a trusted publisher for the package on npm and see one release go through. Then revoke
    the token on npm and delete the secret. Deleting the secret alone leaves the token alive.

    ## Limits
    Goes by the words in the name: `NODE_AUTH_TOKEN`, or NPM and a word like TOKEN or KEY. A name
    that is only near, such as `NPM_PROD` or `PUBLISH_TOKEN`, is a question. It cannot see whether
    such a token only reads, nor a token under another name. Secrets of environments, and those of
    the organization that reach the repository, are read by `--depth deep`.
    """
    seen: Seen = {"name": secret.name, "kept_by": secret.kept_by}
    likeness = npm_token_likeness(secret.name)
    if likeness is Likeness.NONE:
        return Passed("not named like a token for npm", seen)
    fix = _delete(
        secret, "Set up trusted publishing, revoke the token on npm, then delete the secret"
    )
    if likeness is Likeness.NEAR:
        question = f"Does the secret {secret.name} hold something other than a token for npm?"
        return Manual(question, _page(secret), fix)
    return Failed("named like a long-lived token for npm", seen, fix=fix)


@check(
    "GHR117",
    "publish-secret-in-environment",
    title="Publishing secret is readable by every workflow",
    severity=Severity.MEDIUM,
    since="0.1",
)
def publish_secret_in_environment(secret: WorkflowSecret) -> Verdict:
    """A secret that publishes is kept in an environment, not for every workflow.

    ## Why
    Every workflow that somebody with write access adds on a branch reads the secrets of the
    repository. Those of an environment are read by its jobs alone, once its rules let them.

    ## Fix
    Add the secret to the environment of the release job, see one release go through, then delete it
    here. Better still, publish without a secret (GHR116).

    ## Limits
    Goes by the words in the name, such as NPM_TOKEN or RELEASE_KEY. A name that is only near, such
    as NPM_PROD, weighs less. Whether the environment is guarded is another check's question:
    GHR118.
    """
    seen: Seen = {"name": secret.name, "kept_by": secret.kept_by}
    likeness = publish_likeness(secret.name)
    if likeness is Likeness.NONE:
        return NotApplicable("not named like a secret that publishes", seen)
    if secret.kept_by == ENVIRONMENT:
        return Passed(f"kept in the environment {secret.environment}", seen)
    return Failed(
        f"every workflow can read it: it is kept by the {secret.kept_by}",
        seen,
        fix=_delete(
            secret, "Add the secret to the environment that publishes, then delete it here"
        ),
        severity=Severity.LOW if likeness is Likeness.NEAR else None,
    )


def _publishes(environment: Environment, secrets: Every[EnvironmentSecret]) -> bool:
    """Whether an environment publishes, by its name or by the names of its secrets."""
    return names_publish_environment(environment.name) or any(
        publish_likeness(secret.name) is not Likeness.NONE for secret in secrets
    )


def _open_to(whom: str) -> _Lack:
    return _Lack(
        f"it is open to {whom}",
        "a selection of branches and tags",
        'under "Selected branches and tags" name only those that you release from',
    )


@check(
    "GHR118",
    "publish-environment-guarded",
    title="Publishing environment lacks protection rules",
    severity=Severity.HIGH,
    since="0.1",
)
def publish_environment_guarded(  # noqa: PLR0913, PLR0917 (what guards an environment)
    environment: Environment,
    repository: Repository,
    secrets: Every[EnvironmentSecret] | Unknown,
    guards: EnvironmentGuards | Unknown,
    selection: EnvironmentSelection | Unknown,
    limits: Limits,
) -> Verdict | Unknown:
    """An environment that publishes waits for somebody else's approval, on named branches or tags.

    ## Why
    Whoever can push a branch can write a workflow for the environment and get its secrets, and the
    trust that a registry puts in it. An approval by a second person stops one stolen account.

    ## Fix
    Choose required reviewers and prevent self-review, and select the branches and tags that may
    deploy. Then say on npm that the trusted publisher must come from this environment.

    ## Limits
    Takes an environment to publish by a word in its name, such as release, npm or production, or by
    the name of a secret in it. One of another name is not seen. Patterns that together name nearly
    every branch or tag select nothing, and neither do protected branches where a rule protects each
    new branch. A pattern of tags is worth as much as the rules for tags (GHB115). Whether
    administrators can bypass the rules (`can_admins_bypass`) is named here, and judged by GHR128.
    Where only the ban on self-review is missing, it weighs less; in the solo profile it passes.
    """
    if repository.archived:
        return ARCHIVED
    if isinstance(secrets, Unknown):
        return secrets
    if not _publishes(environment, secrets):
        return NotApplicable("not named like one that publishes", {"name": environment.name})
    lacking = _rules_lacking(environment, limits)
    if lacking and (lacking != [SELF_REVIEW] or isinstance(guards, Unknown)):
        # That one rule is missing is known, whatever else is not.
        return _unguarded(environment, lacking)
    if isinstance(guards, Unknown):
        return guards
    if guards.branches == NAMED and not guards.patterns:
        seen: Seen = {"deploys": NAMED, "policies": 0}
        return NotApplicable("nothing may deploy to it", seen)
    if isinstance(selection, Unknown):
        return selection
    return _by_its_guards(environment, guards, selection, limits)


def _by_its_guards(
    environment: Environment,
    guards: EnvironmentGuards,
    selection: EnvironmentSelection,
    limits: Limits,
) -> Verdict:
    """What the rules of an environment that has them are worth."""
    seen: Seen = {"reviewers": guards.reviewers, "deploys": guards.branches}
    if guards.branches == NAMED:
        seen["policies"] = sorted(guards.patterns)
    alone = limits.solo or (environment.prevents_self_review and guards.prevents_self_review)
    lacking = [
        *([] if guards.reviewers else [NO_REVIEW]),
        *([] if alone else [SELF_REVIEW]),
        *([_open_to(selection.open_to)] if selection.open_to else []),
    ]
    if lacking:
        return _unguarded(environment, lacking)
    rules = "reviewers," if limits.solo else "reviewers, no self-review,"
    message = f"guarded by {rules} and selected branches or tags"
    if guards.shows_bypass:
        seen["can_admins_bypass"] = True
        message = f"{message}; administrators can bypass these rules (GHR128)"
    return Passed(message, seen)


def _rules_lacking(environment: Environment, limits: Limits) -> list[_Lack]:
    """Which of the three rules an environment does not have at all."""
    lacking = []
    if not environment.reviewed:
        lacking.append(NO_REVIEW)
    elif not limits.solo and not environment.prevents_self_review:
        lacking.append(SELF_REVIEW)
    if not environment.limited:
        lacking.append(_open_to("every branch and tag"))
    return lacking


def _unguarded(environment: Environment, lacking: Sequence[_Lack]) -> Failed:
    steps = ", and ".join(one.step for one in lacking)
    return Failed(
        ", and ".join(one.said for one in lacking),
        {"name": environment.name, "lacking": [one.name for one in lacking]},
        fix=Fix(
            f"Configure the environment: {steps}",
            page=environment.page("repo-environments", repo=full_name(environment)),
            needs=f"{ADMIN}; on a private repository a plan with environment rules",
            undo="Untick it on the same page",
        ),
        severity=Severity.MEDIUM if list(lacking) == [SELF_REVIEW] else None,
    )


@check(
    "GHR128",
    "environment-binds-admins",
    title="Admins can bypass the rules of a publishing environment",
    severity=Severity.HIGH,
    since="0.1",
)
def environment_binds_admins(
    environment: Environment,
    repository: Repository,
    secrets: Every[EnvironmentSecret] | Unknown,
    guards: EnvironmentGuards | Unknown,
) -> Verdict | Unknown:
    """Administrators cannot bypass the rules of an environment that publishes.

    ## Why
    An administrator can start a waiting job without anybody's approval, unless this is switched
    off. The stolen account of one is then enough to publish.

    ## Fix
    Untick "Allow administrators to bypass configured protection rules", and save the rules.

    ## Limits
    Asked for environments that publish, as GHR118 takes them. Rests on `can_admins_bypass`, which
    GitHub serves without documenting it. Where a server does not show it, a person can look:
    `hardenme attest GHR128` records the answer.
    """
    if repository.archived:
        return ARCHIVED
    if isinstance(secrets, Unknown):
        return secrets
    if not _publishes(environment, secrets):
        return NotApplicable("not named like one that publishes", {"name": environment.name})
    if isinstance(guards, Unknown):
        return guards
    seen: Seen = {"name": environment.name, "can_admins_bypass": guards.admins_bypass}
    if not guards.admins_bypass:
        return Passed("administrators are bound by its rules", seen)
    return Failed(
        "administrators can bypass its rules",
        seen,
        fix=Fix(
            'Untick "Allow administrators to bypass configured protection rules", and save the'
            " rules",
            page=environment.page("repo-environments", repo=full_name(environment)),
            needs=ADMIN,
            undo="Tick it on the same page",
        ),
    )


CHECKS = (
    repo_npm_token_absent,
    publish_secret_in_environment,
    publish_environment_guarded,
    environment_binds_admins,
)
