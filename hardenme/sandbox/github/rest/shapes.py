"""The JSON of users, organizations and repositories in GitHub's several sizes."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import PermittedRequest, moment
from hardenme.sandbox.github.permits import Permit
from hardenme.sandbox.github.world import ROLES, Organization, Repository, Role, User

USER_LINKS = (
    "followers", "following{/other_user}", "gists{/gist_id}", "starred{/owner}{/repo}",
    "subscriptions", "orgs", "repos", "events{/privacy}", "received_events",
)  # fmt: skip
REPOSITORY_LINKS = (
    "forks", "keys{/key_id}", "collaborators{/collaborator}", "teams", "hooks",
    "issues/events{/number}", "events", "assignees{/user}", "branches{/branch}", "tags",
    "git/blobs{/sha}", "git/tags{/sha}", "git/refs{/sha}", "git/trees{/sha}", "statuses/{sha}",
    "languages", "stargazers", "contributors", "subscribers", "subscription", "commits{/sha}",
    "git/commits{/sha}", "comments{/number}", "issues/comments{/number}", "contents/{+path}",
    "compare/{base}...{head}", "merges", "{archive_format}{/ref}", "downloads",
    "issues{/number}", "pulls{/number}", "milestones{/number}",
    "notifications{?since,all,participating}", "labels{/name}", "releases{/id}", "deployments",
)  # fmt: skip
LINK_NAMES = {
    "orgs": "organizations_url",
    "issues/events": "issue_events_url",
    "issues/comments": "issue_comment_url",
    "git/blobs": "blobs_url",
    "git/tags": "git_tags_url",
    "git/refs": "git_refs_url",
    "git/trees": "trees_url",
    "git/commits": "git_commits_url",
    "": "archive_url",
}
CONTENTS_WRITE = Permit(scopes=("repo",), permissions=(("contents:write",),), role="write")
SECURITY_READ = Permit(scopes=("repo",), permissions=(("administration:read",),), role="admin")


def _links(base: str, templates: tuple[str, ...]) -> dict[str, str]:
    """A `…_url` key for each of an object's sub-resources."""
    found = {}
    for template in templates:
        plain = template.split("{")[0].rstrip("/")
        found[LINK_NAMES.get(plain, f"{plain}_url")] = f"{base}/{template}"
    return found


def simple_user(call: PermittedRequest, user: User) -> dict[str, Any]:
    """A user as other objects show it."""
    base = f"{call.api}/users/{user.login}"
    return {
        "login": user.login,
        "id": user.id,
        "node_id": user.node_id,
        "avatar_url": f"{call.web}/avatars/u/{user.id}",
        "gravatar_id": "",
        "url": base,
        "html_url": f"{call.web}/{user.login}",
        **_links(base, USER_LINKS),
        "type": "User",
        "user_view_type": "public",
        "site_admin": user.site_admin,
    }


def account_of(call: PermittedRequest, login: str) -> dict[str, Any]:
    """A user or an organization as an owner: the same keys, another type."""
    organization = call.world.organization(login)
    if organization is None:
        return simple_user(call, _known(call, login))
    standin = User(organization.login, organization.id, organization.created_at)
    return simple_user(call, standin) | {
        "node_id": organization.node_id,
        "type": "Organization",
    }


def _known(call: PermittedRequest, login: str) -> User:
    user = call.world.user(login)
    if user is None:
        raise LookupError(f"the scenario names a user that it does not have: {login}")
    return user


def named_user(call: PermittedRequest, login: str) -> dict[str, Any]:
    """The user of a login that the scenario names."""
    return simple_user(call, _known(call, login))


def simple_organization(call: PermittedRequest, organization: Organization) -> dict[str, Any]:
    """An organization as lists show it."""
    base = f"{call.api}/orgs/{organization.login}"
    return {
        "login": organization.login,
        "id": organization.id,
        "node_id": organization.node_id,
        "url": base,
        "repos_url": f"{base}/repos",
        "events_url": f"{base}/events",
        "hooks_url": f"{base}/hooks",
        "issues_url": f"{base}/issues",
        "members_url": f"{base}/members{{/member}}",
        "public_members_url": f"{base}/public_members{{/member}}",
        "avatar_url": f"{call.web}/avatars/u/{organization.id}",
        "description": organization.description,
    }


def role_flags(role: Role | None) -> dict[str, bool]:
    """A role as the `permissions` object; no one's role still reads what is public."""
    names = ("pull", "triage", "push", "maintain", "admin")
    held = ROLES.index(role) if role else 0
    return {name: index <= held for index, name in enumerate(names)}


def minimal_repository(call: PermittedRequest, repository: Repository) -> dict[str, Any]:
    """A repository as lists show it; `security_and_analysis` only to its administrators."""
    base = f"{call.api}/repos/{repository.full_name}"
    page = f"{call.web}/{repository.full_name}"
    data: dict[str, Any] = {
        "id": repository.id,
        "node_id": repository.node_id,
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
        "owner": account_of(call, repository.owner),
        "html_url": page,
        "description": repository.description,
        "fork": repository.fork,
        "url": base,
        **_links(base, REPOSITORY_LINKS),
        "created_at": moment(repository.created_at),
        "updated_at": moment(repository.pushed_at),
        "pushed_at": moment(repository.pushed_at),
        "git_url": page.replace("http:", "git:", 1) + ".git",
        "ssh_url": f"ssh://git@{page.split('//', 1)[1]}.git",
        "clone_url": f"{page}.git",
        "svn_url": page,
        "homepage": None,
        "mirror_url": None,
        "size": sum(map(len, repository.files.values())) // 1024,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": None,
        "license": None,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": False,
        "forks_count": 0,
        "archived": repository.archived,
        "disabled": repository.disabled,
        "open_issues_count": 0,
        "allow_forking": repository.allow_forking,
        "is_template": repository.template,
        "web_commit_signoff_required": repository.web_commit_signoff_required,
        "topics": [],
        "visibility": repository.visibility,
        "forks": 0,
        "open_issues": 0,
        "watchers": 0,
        "default_branch": repository.default_branch or "main",
    }
    if call.caller.token and call.caller.token.kind != "installation":
        data["permissions"] = role_flags(call.caller.role(repository))
    if call.caller.denial(SECURITY_READ, repository) is None:
        data["security_and_analysis"] = {
            name: {"status": getattr(repository.security, name)}
            for name in repository.security.__slots__
        }
    return data


def listed_repository(call: PermittedRequest, repository: Repository) -> dict[str, Any]:
    """A repository of `/user/repos`: that list does not show `security_and_analysis`."""
    data = minimal_repository(call, repository)
    data.pop("security_and_analysis", None)
    return data


def full_repository(call: PermittedRequest, repository: Repository) -> dict[str, Any]:
    """A repository by itself; only those who may write contents see how it merges."""
    data = minimal_repository(call, repository) | {"subscribers_count": 0, "network_count": 0}
    data["temp_clone_token"] = None
    if call.world.organization(repository.owner):
        data["organization"] = account_of(call, repository.owner)
    if call.caller.denial(CONTENTS_WRITE, repository) is None:
        data |= {
            "allow_squash_merge": True,
            "allow_merge_commit": True,
            "allow_rebase_merge": True,
            "allow_auto_merge": False,
            "allow_update_branch": False,
            "delete_branch_on_merge": False,
            "use_squash_pr_title_as_default": False,
            "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
            "squash_merge_commit_message": "COMMIT_MESSAGES",
            "merge_commit_title": "MERGE_MESSAGE",
            "merge_commit_message": "PR_TITLE",
        }
    return data
