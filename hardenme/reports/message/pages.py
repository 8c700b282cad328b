"""Where someone looks at a thing that came, went or changed, and who can do something about it."""

from __future__ import annotations

from urllib.parse import urlsplit

from hardenme.model.npm_address import REGISTRY
from hardenme.model.pages import GITHUB_WEB, NPM_WEB, github_page, npm_page, web_url
from hardenme.model.report import Identity, Report
from hardenme.model.subject import Subject
from hardenme.reports.inert import ADDRESS

YOU, OWNER, ADMIN, PUBLISHER = "you", "an owner", "an admin", "an owner of the package"
USER = {
    **dict.fromkeys(("SSH key", "SSH signing key", "GPG key"), "account-keys"),
    "email address": "account-emails",
    "membership": "account-organizations",
    "GitHub token": "account-classic-tokens",
}
"""Pages of one's own account, by what the inventory calls what is on them."""
ORGANIZATION = {
    "app": "org-installations",
    "fine-grained token of a member": "org-active-tokens",
    "member": "org-people",
    "organization": "org-security",
    **dict.fromkeys(("person with a role", "team with a role"), "org-roles"),
    "outside collaborator": "org-outside-collaborators",
    "owner": "org-owners",
    "pending invitation": "org-pending-invitations",
    "repository": "org-repositories",
    "runner group": "org-runner-groups",
    "secret": "org-secrets",
    "webhook": "org-hooks",
    **dict.fromkeys(("branch ruleset", "tag ruleset"), "org-rules"),
}
REPOSITORY = {
    "branch protection": "repo-branches",
    "deploy key": "repo-keys",
    "environment": "repo-environments",
    "release tag": "repo-tags",
    "secret": "repo-secrets",
    "self-hosted runners": "repo-runners",
    "webhook": "repo-hooks",
    "workflow": "repo-workflows",
    **dict.fromkeys(("branch ruleset", "tag ruleset"), "repo-rules"),
    **dict.fromkeys(("outside collaborator", "pending invitation"), "repo-access"),
}
GITHUB = {
    "user": (USER, "account-security", YOU),
    "org": (ORGANIZATION, "org-profile", OWNER),
    "repo": (REPOSITORY, "repo-settings", ADMIN),
}
"""By the kind of a place: its pages, the one for all else, and who can change what is on them."""


def place_of(kind: str, place: Subject, report: Report) -> tuple[str, str]:
    """The page that shows a thing and its like, and who can change it; empty if none is known.

    Args:
        kind: what the inventory calls it.
        report: of the run, which says at which host.
    """
    asked = [one.host for one in report.identities if one.provider == place.provider]
    # The pages of the demo's accounts would be those of the real hosts.
    hosts = [] if report.demo else asked
    if place.provider == "github" and place.kind in GITHUB:
        pages, usual, who = GITHUB[place.kind]
        web = web_url(hosts[0]) if hosts else GITHUB_WEB
        page = pages.get(kind, usual)
        return github_page(web, page, **{place.kind: place.name}), who
    if place.provider == "npm" and place.kind == "package":
        registry = hosts[0] if hosts else REGISTRY
        return npm_page(registry, "package-access", package=place.name), PUBLISHER
    return "", ""


def web_of(identity: Identity) -> str:
    """The address of the web pages of the host that an account is at."""
    if identity.provider == "npm":
        return NPM_WEB if identity.host == REGISTRY else identity.host
    return web_url(identity.host)


def is_ours(address: str, report: Report) -> bool:
    """Whether an address is a page of a host that the run asked, and nothing else.

    Only such an address is printed unchanged in a message. Any other may have been chosen by
    someone who wants it to be followed.
    """
    hosts = {urlsplit(web_of(one)).netloc for one in report.identities}
    return bool(ADDRESS.fullmatch(address)) and urlsplit(address).netloc in hosts
