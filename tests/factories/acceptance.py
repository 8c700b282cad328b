"""An attempt to release that nothing refuses: by a trusted publisher, by a token, and by hand."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from hardenme.derive.acceptance.attempt import Attempt
from hardenme.facts.attested import PublishingAccess
from hardenme.facts.github.actions import RepositoryActions
from hardenme.facts.github.release_job import (
    PublishCommand,
    ReleaseJob,
    ReleaseMaker,
    ReleaseWorkflow,
    Trigger,
)
from hardenme.facts.github.selected_actions import SelectedActionsPolicy
from hardenme.facts.github.source_manifest import (
    FolderManifest,
    SourceManifest,
    WorkspaceFiles,
)
from hardenme.model.known import field
from hardenme.model.subject import Subject
from hardenme.model.way import Way
from tests.factories.github import REPO, repository
from tests.factories.github_files import npmrc, updates
from tests.factories.github_repository import administrators, workflow_secret
from tests.factories.github_tags import newest_tags, tag_rulesets
from tests.factories.github_workflow import lock, workflow_state
from tests.factories.github_workflow import workflow as whole
from tests.factories.given import LOST, NOW, ago, every, made
from tests.factories.npm import PACKAGE, newest_release, npm_account, npm_token, npm_two_factor
from tests.factories.npm_organization import past_release, release_history
from tests.factories.npm_paths import (
    HOME,
    OF_PACKAGE,
    PUBLISHER,
    collaborators,
    package_repository,
    there,
    trusted_publisher,
)
from tests.factories.npm_proof import release_provenance

PLACE: dict[str, Any] = {"subject": REPO, "within": REPO, "label": REPO.name}
COMMIT = "a" * 40
command = made(PublishCommand, client="npm", text="npm publish", npm="bundled", node="24")
"""`npm publish` on the newest Node 24."""
job = made(
    ReleaseJob,
    name="publish",
    identity=(True,),
    environment="",
    runner=("ubuntu-latest",),
    actions=("actions/checkout@v7", "actions/setup-node@v7"),
    commands=(command(),),
)
"""A job on a runner of GitHub's, with the identity token."""
manifest = made(
    SourceManifest,
    PLACE,
    there=True,
    name=PACKAGE,
    version="1.5.0",
    private=False,
    repository=f"git+https://github.com/{HOME}.git",
    access="public",
    to_registry="",
    tag="",
    provenance="",
    directory="",
    extensions=False,
    workspaces=(),
)
"""The next version of the package."""


def folder_manifest(folder: str = "packages/catkin", **said: Any) -> FolderManifest:
    """The same in a folder of a monorepo."""
    root = manifest(**said)
    subject = Subject("github", "manifest", f"{HOME}/{folder}")
    own = {one.name: field(root, one.name) for one in fields(root) if one.name not in PLACE}
    return FolderManifest(subject=subject, within=REPO, label=folder, folder=folder, **own)


workspace_files = made(WorkspaceFiles, PLACE, pnpm=None, lerna=None)
"""Neither pnpm nor lerna is told of workspaces."""


def monorepo(**said: Any) -> dict[str, Any]:
    """The parts of an attempt to release a package of a monorepo, with a private root."""
    return {
        "home": package_repository(directory="packages/catkin"),
        "manifest": manifest(name="root", private=True, workspaces=("packages/*",)),
        "folders": every(folder_manifest(**said)),
        "workspaces": workspace_files(),
    }


actions = made(RepositoryActions, PLACE, allowed="all", pinned=False, enabled=True)
"""Actions are on, and all are allowed."""
selected = made(SelectedActionsPolicy, PLACE, github_owned=True, verified=False, patterns=())
"""GitHub's own actions are selected."""
access = made(PublishingAccess, OF_PACKAGE, package=PACKAGE, disallows_tokens=False)
"""The package takes tokens, as a person said."""
TAG = Trigger("push", tags=("v*",))
MAKER = ReleaseMaker("googleapis/release-please-action", "GITHUB_TOKEN")


FILES = ("release.yml", "publish.yml")
"""The names that the workflow files of the tests have."""


def of_file(fact: Any, file: str) -> Any:
    """A fact about a workflow file, of the file with this name."""
    return replace(fact, subject=Subject("github", "workflow", f"{HOME}/{file}"), label=file)


def release_workflow(
    *jobs: ReleaseJob, file: str = "release.yml", **fields: Any
) -> ReleaseWorkflow:
    """A workflow that tags start."""
    given: dict[str, Any] = {
        "subject": Subject("github", "workflow", f"{HOME}/{file}"),
        "within": REPO,
        "label": file,
        "file": file,
        "blob": COMMIT,
        "triggers": (TAG,),
        "jobs": jobs or (job(),),
        "makers": (),
        "unfollowed": (),
    }
    return ReleaseWorkflow(**given | fields)


def attempt(**parts: Any) -> Attempt:
    """A release by a trusted publisher without an environment, which published the newest one."""
    publisher = trusted_publisher(environment=None, may_publish=True)
    at = ago(5)
    newest = past_release("1.4.0", at, trusted_publisher=f"oidc:{PUBLISHER}")
    flow = parts.pop("workflow", release_workflow())
    given: dict[str, Any] = {
        "package": PACKAGE,
        "way": Way.PUBLISHER,
        "now": NOW,
        "publisher": publisher,
        "publishers": every(publisher),
        "named": there(),
        "repository": repository(),
        "workflow": flow,
        "job": job(),
        "command": command(),
        "states": every(*(workflow_state(file=file) for file in FILES)),
        "files": every(*(of_file(whole(), file) for file in FILES)),
        "locks": every(*(of_file(lock(), file) for file in FILES)),
        "workflows": every(flow) if isinstance(flow, ReleaseWorkflow) else every(missing=flow),
        "environments": every(),
        "guards": every(),
        "actions": actions(),
        "selected": selected(),
        "tags": newest_tags("v1.4.0", "v1.3.0"),
        "tag_rulesets": tag_rulesets(),
        "updates": updates(settings=()),
        "npmrc": npmrc(committed=False),
        "administrators": administrators(),
        "home": package_repository(),
        "manifest": manifest(),
        "folders": every(missing=LOST),
        "workspaces": LOST,
        "history": release_history(past_release("1.3.0", ago(30)), newest),
        "newest": newest_release(approver=None, published_at=at),
        "provenance": release_provenance(ref="refs/tags/v1.4.0"),
        "staged": every(),
        "tokens": every(),
        "access": access(),
        "collaborators": collaborators("hazel", "rowan"),
        "secrets": every(),
        "account": npm_account(),
        "factor": npm_two_factor(),
        "released_blob": COMMIT,
        "blob": COMMIT,
    }
    return Attempt(**given | parts)


TOKEN: dict[str, Any] = {
    "package_write": True,
    "bypass": True,
    "cidr": (),
    "created_at": ago(40),
    "last_used": ago(1),
    "expires_at": None,
}


def token_attempt(**parts: Any) -> Attempt:
    """A release by the one account's token in a secret, which published the newest one."""
    at = ago(5)
    run = command(secrets=("NPM_TOKEN",))
    given: dict[str, Any] = {
        "way": Way.SECRET,
        "secret": "NPM_TOKEN",
        "job": job(identity=(False,), commands=(run,)),
        "command": run,
        "publishers": every(),
        "newest": newest_release(
            trusted_publisher=False, publisher="hazel", approver=None, published_at=at
        ),
        "history": release_history(past_release("1.3.0", ago(30)), past_release("1.4.0", at)),
        "provenance": release_provenance(outcome="absent"),
        "tokens": every(npm_token(**TOKEN)),
        "collaborators": collaborators("hazel"),
        "secrets": every(workflow_secret("NPM_TOKEN")),
    }
    return attempt(**given | parts)


def hand_attempt(**parts: Any) -> Attempt:
    """A release by hand."""
    return attempt(**{"way": Way.PERSON, **parts})
