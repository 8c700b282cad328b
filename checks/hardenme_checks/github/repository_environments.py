"""Checks of what guards publishing: environments, and where the secrets for it are kept."""

import re
from dataclasses import replace

from hardenme.facts.github.branch import ClassicProtection
from hardenme.facts.github.environments import (
    ENVIRONMENT,
    NAMED,
    ORGANIZATION,
    PROTECTED,
    Environment,
    EnvironmentGuards,
    EnvironmentSecret,
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
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Manual, NotApplicable, Passed, Verdict

ADMIN = "repository admin"
OWNER = "organization owner"
ARCHIVED = NotApplicable("archived: no workflow runs", {"isArchived": True})
ANY_NAME = re.compile(r"(branch|tag) [*/]+")
"""A pattern that lets every branch, or every tag, deploy."""
REVIEWERS = "required reviewers"
NO_SELF_REVIEW = "no self-review"
SELECTION = "a selection of branches and tags"


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


@check("GHR116", "repo-npm-token-absent", severity=Severity.HIGH, since="0.1")
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


@check("GHR117", "publish-secret-in-environment", severity=Severity.MEDIUM, since="0.1")
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


@check("GHR118", "publish-environment-guarded", severity=Severity.HIGH, since="0.1")
def publish_environment_guarded(
    environment: Environment,
    repository: Repository,
    secrets: Every[EnvironmentSecret] | Unknown,
    guards: EnvironmentGuards | Unknown,
    protection: ClassicProtection | Unknown,
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
    the name of a secret in it. One of another name is not seen. A pattern of tags is worth as much
    as the rules for tags (GHB115). Whether administrators can pass by is GHR128.
    """
    if repository.archived:
        return ARCHIVED
    if isinstance(secrets, Unknown):
        return secrets
    if not _publishes(environment, secrets):
        return NotApplicable("not named like one that publishes", {"name": environment.name})
    lacking = _rules_lacking(environment)
    if lacking:
        return _unguarded(environment, lacking)
    if isinstance(guards, Unknown):
        return guards
    seen: Seen = {"reviewers": guards.reviewers, "deploys": guards.branches}
    if guards.branches == NAMED:
        if not guards.patterns:
            return NotApplicable("nothing may deploy to it", seen | {"policies": 0})
        seen["policies"] = sorted(guards.patterns)
    open_to = _not_selected(guards, protection)
    if isinstance(open_to, Unknown):
        return open_to
    rules = {REVIEWERS: guards.reviewers, NO_SELF_REVIEW: guards.prevents_self_review}
    lacking = [*(name for name, holds in rules.items() if not holds), *open_to]
    if lacking:
        return _unguarded(environment, lacking)
    return Passed("guarded by reviewers, no self-review, and selected branches or tags", seen)


def _rules_lacking(environment: Environment) -> list[str]:
    """Which of the three rules an environment does not have at all."""
    lacking = []
    if not environment.reviewed:
        lacking.append(REVIEWERS)
    elif not environment.prevents_self_review:
        lacking.append(NO_SELF_REVIEW)
    if not environment.limited:
        lacking.append(SELECTION)
    return lacking


def _not_selected(
    guards: EnvironmentGuards, protection: ClassicProtection | Unknown
) -> list[str] | Unknown:
    """What a selection of branches and tags lacks to be one.

    GitHub lets every branch deploy where only protected branches may and none is protected.
    """
    if guards.branches == NAMED:
        everything = any(ANY_NAME.fullmatch(pattern) for pattern in guards.patterns)
        return ["patterns that leave some branch or tag out"] if everything else []
    if guards.branches != PROTECTED:
        return [SELECTION]
    if isinstance(protection, Unknown):
        return protection
    return [] if protection.rules else ["a protected branch, without which every branch counts"]


def _unguarded(environment: Environment, lacking: list[str]) -> Failed:
    return Failed(
        f"it lacks {', and '.join(lacking)}",
        {"name": environment.name, "lacking": lacking},
        fix=Fix(
            f"Configure the environment and set what it lacks: {', and '.join(lacking)}",
            page=environment.page("repo-environments", repo=full_name(environment)),
            needs=f"{ADMIN}; on a private repository a plan with environment rules",
            undo="Untick it on the same page",
        ),
    )


@check("GHR128", "environment-binds-admins", severity=Severity.MEDIUM, since="0.1")
def environment_binds_admins(
    environment: Environment, secrets: Every[EnvironmentSecret] | Unknown
) -> Verdict | Unknown:
    """Administrators cannot pass by the rules of an environment that publishes.

    ## Why
    An administrator can start a waiting job without anybody's approval, unless this is switched
    off. The stolen account of one is then enough to publish.

    ## Fix
    Untick Allow administrators to bypass configured protection rules, and save the rules.

    ## Limits
    No API shows the setting. Asked for environments that publish, as GHR118 takes them.
    """
    if isinstance(secrets, Unknown):
        return secrets
    if not _publishes(environment, secrets):
        return NotApplicable("not named like one that publishes", {"name": environment.name})
    return Manual(
        f"In the environment {environment.name}: is Allow administrators to bypass configured"
        " protection rules off?",
        environment.page("repo-environments", repo=full_name(environment)),
    )


CHECKS = (
    repo_npm_token_absent,
    publish_secret_in_environment,
    publish_environment_guarded,
    environment_binds_admins,
)
