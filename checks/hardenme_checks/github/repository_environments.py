"""Checks of publishing environments, and of where publishing secrets are stored."""

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
from hardenme.facts.github.site import full_name
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.fact import Every
from hardenme.model.given import Limits
from hardenme.model.secret_name import (
    Likeness,
    names_publish_environment,
    npm_token_likeness,
    publish_likeness,
)
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict

ADMIN = "repository admin"
OWNER = "organization owner"
TRUSTED_INSTEAD = "Set up trusted publishing, revoke the token on npm, then delete the secret"
ARCHIVED = NotApplicable("archived: no workflow runs", {"isArchived": True})


@dataclass(frozen=True, slots=True)
class _Lack:
    """What an environment lacks: what follows, its name in the evidence, what to do and undo."""

    message: str
    name: str
    step: str
    undo: str


NO_REVIEW = _Lack(
    "deployments need no approval",
    "required reviewers",
    'tick "Required reviewers" and name them',
    'untick "Required reviewers"',
)
NO_REVIEW_BY_OTHERS = replace(
    NO_REVIEW,
    step='tick "Required reviewers" and name them, and tick "Prevent self-review" where a second'
    " person can approve",
)
EVERYTHING = "every branch and tag"
SELF_REVIEW = _Lack(
    "people can approve their own deployments",
    "no self-review",
    'tick "Prevent self-review", once a second person can approve',
    'untick "Prevent self-review"',
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
        undo="Create a new value at the provider and add the secret again",
    )
    return replace(fix, wider=fix) if secret.kept_by == ORGANIZATION else fix


@check(
    "GHR116",
    "repo-npm-token-absent",
    title="Secret looks like a long-lived npm token",
    severity=Severity.HIGH,
    since="0.1",
    asks=True,
)
def repo_npm_token_absent(secret: WorkflowSecret) -> Verdict:
    """No secret has the name of an npm token.

    ## Why
    A workflow that an attacker controls can read the token and publish, as in August 2025 at nx.
    Trusted publishing needs no token.

    ## Fix
    1. Set up a trusted publisher on npm, and publish one release with it.
    2. Revoke the token on npm, then delete the secret. Deleting the secret alone leaves the token
       valid.

    ## Limits
    - Goes by the name: `NODE_AUTH_TOKEN`, or NPM with a word like TOKEN. Less certain names, like
      `NPM_PROD`, are a question.
    - Does not show whether the token is read-only, and misses other names.
    - Reads secrets of environments and of the organization with `--depth deep` only.
    """
    seen: Seen = {"name": secret.name, "kept_by": secret.kept_by}
    likeness = npm_token_likeness(secret.name)
    if likeness is Likeness.NONE:
        return Passed("its name is not that of an npm token", seen)
    fix = _delete(secret, TRUSTED_INSTEAD)
    if likeness is Likeness.NEAR:
        question = f"Does the secret {secret.name} hold something other than an npm token?"
        return Manual(question, _page(secret), fix)
    return Failed("its name is that of a long-lived npm token", seen, fix=fix)


@check(
    "GHR117",
    "publish-secret-in-environment",
    title="Publishing secret is readable by every workflow",
    severity=Severity.MEDIUM,
    since="0.1",
)
def publish_secret_in_environment(secret: WorkflowSecret) -> Verdict:
    """Publishing secrets are stored in an environment.

    ## Why
    Anyone with write access can add a workflow on a branch and read the repository's secrets.

    ## Fix
    Add the secret to the release job's environment, publish one release with it, then delete it
    here. Better still, use no secret (GHR116).

    ## Limits
    - Goes by the name, such as NPM_TOKEN or RELEASE_KEY. NPM_PROD is less certain, and less severe.
    - GHR118 checks the environment's protection.
    """
    seen: Seen = {"name": secret.name, "kept_by": secret.kept_by}
    likeness = publish_likeness(secret.name)
    if likeness is Likeness.NONE:
        return NotApplicable("its name is not that of a publishing secret", seen)
    if secret.kept_by == ENVIRONMENT:
        return Passed(f"stored in the environment {secret.environment}", seen)
    # What trusted publishing replaces is not moved first.
    replaced = npm_token_likeness(secret.name) is Likeness.CERTAIN
    step = "Add the secret to the publishing environment, then delete it here"
    return Failed(
        f"every workflow can read it: it is stored in the {secret.kept_by}",
        seen,
        fix=_delete(secret, TRUSTED_INSTEAD if replaced else step),
        severity=Severity.LOW if likeness is Likeness.NEAR else None,
    )


def _publishes(environment: Environment, secrets: Every[EnvironmentSecret]) -> bool:
    """Whether an environment publishes, by its name or by the names of its secrets."""
    return names_publish_environment(environment.name) or any(
        publish_likeness(secret.name) is not Likeness.NONE for secret in secrets
    )


def _open_to(whom: str) -> _Lack:
    former = (
        'choose "No restriction"' if whom == EVERYTHING else "name the former branches and tags"
    )
    return _Lack(
        f"{whom} can deploy to it",
        "a selection of branches and tags",
        'under "Selected branches and tags" name only those that you release from',
        f"{former} again",
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
    """A publishing environment requires review and allows only selected branches or tags.

    ## Why
    Anyone who can push a branch can add a workflow that uses the environment to publish.

    ## Fix
    1. Tick "Required reviewers" and name them. Tick "Prevent self-review" where a second person can
       approve: else no release is ever approved.
    2. Choose "Selected branches and tags" and name those that you release from.
    3. Have the trusted publisher on npm name this environment (NPP103).

    ## Limits
    - Recognizes publishing environments by their name, like release or npm, or by a secret's name.
    - Patterns that match nearly everything do not count.
    - "Protected branches" does not count if a rule protects each new branch.
    - A tag pattern is only as good as the rules for tags (GHB115).
    - GHR128 checks bypass by admins.
    - Missing self-review prevention alone is medium. The solo profile does not require it.
    """
    if repository.archived:
        return ARCHIVED
    if isinstance(secrets, Unknown):
        return secrets
    if not _publishes(environment, secrets):
        return NotApplicable(
            "its name and secrets are not those of a publishing environment",
            {"name": environment.name},
        )
    lacking = _rules_lacking(environment, limits)
    if lacking and (lacking != [SELF_REVIEW] or isinstance(guards, Unknown)):
        # That one rule is missing is known, whatever else is not.
        return _unguarded(environment, lacking)
    if isinstance(guards, Unknown):
        return guards
    if guards.branches == NAMED and not guards.patterns:
        seen: Seen = {"deploys": NAMED, "policies": 0}
        return NotApplicable("no branch or tag can deploy to it", seen)
    if isinstance(selection, Unknown):
        return selection
    return _by_its_guards(environment, guards, selection, limits)


def _by_its_guards(
    environment: Environment,
    guards: EnvironmentGuards,
    selection: EnvironmentSelection,
    limits: Limits,
) -> Verdict:
    """The verdict on the rules of an environment that has them."""
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
    rules = "required reviewers" if limits.solo else "required reviewers, prevented self-review"
    message = f"protected by {rules} and selected branches or tags"
    if guards.shows_bypass:
        seen["can_admins_bypass"] = True
        message = f"{message}; admins can bypass these rules (GHR128)"
    return Passed(message, seen)


def _rules_lacking(environment: Environment, limits: Limits) -> list[_Lack]:
    """Which of the three rules an environment does not have at all."""
    lacking = []
    if not environment.reviewed:
        lacking.append(NO_REVIEW if limits.solo else NO_REVIEW_BY_OTHERS)
    elif not limits.solo and not environment.prevents_self_review:
        lacking.append(SELF_REVIEW)
    if not environment.limited:
        lacking.append(_open_to(EVERYTHING))
    return lacking


def _unguarded(environment: Environment, lacking: Sequence[_Lack]) -> Failed:
    steps = ", and ".join(one.step for one in lacking)
    return Failed(
        ", and ".join(one.message for one in lacking),
        {"name": environment.name, "lacking": [one.name for one in lacking]},
        fix=Fix(
            f"Configure the environment: {steps}",
            page=environment.page("repo-environments", repo=full_name(environment)),
            needs=f"{ADMIN}; on a private repository a plan with environment rules",
            undo=f"On the same page, {', and '.join(one.undo for one in lacking)}",
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
    """Admins cannot bypass the rules of a publishing environment.

    ## Why
    An admin can start a waiting job without approval, so one stolen admin account can publish.

    ## Fix
    Untick "Allow administrators to bypass configured protection rules", and save the rules.

    ## Limits
    - Checks the publishing environments that GHR118 recognizes.
    - Reads `can_admins_bypass`, which GitHub does not document. If your server does not send it,
      answer with `hardenme attest GHR128`.
    """
    if repository.archived:
        return ARCHIVED
    if isinstance(secrets, Unknown):
        return secrets
    if not _publishes(environment, secrets):
        return NotApplicable(
            "its name and secrets are not those of a publishing environment",
            {"name": environment.name},
        )
    if isinstance(guards, Unknown):
        return guards
    seen: Seen = {"name": environment.name, "can_admins_bypass": guards.admins_bypass}
    if not guards.admins_bypass:
        return Passed("admins cannot bypass its rules", seen)
    return Failed(
        "admins can bypass its rules",
        seen,
        fix=Fix(
            'Untick "Allow administrators to bypass configured protection rules", and save the'
            " rules",
            page=environment.page("repo-environments", repo=full_name(environment)),
            needs=ADMIN,
            undo="Tick it on the same page",
        ),
    )
