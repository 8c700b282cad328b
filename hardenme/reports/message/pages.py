"""Where somebody looks at a thing that came, went or changed, and who can do something about it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from hardenme.model.report import Identity, Report
from hardenme.model.subject import Subject
from hardenme.reports.inert import ADDRESS

API, WEB = "https://api.github.com", "https://github.com"
ENTERPRISE = "/api/v3"
"""What the address of an Enterprise Server's API ends with."""
NPM = "https://www.npmjs.com"
YOU, OWNER, ADMIN, PUBLISHER = "you", "an owner", "an admin", "an owner of the package"
USER = {
    **dict.fromkeys(("SSH key", "SSH signing key", "GPG key"), "settings/keys"),
    "e-mail address": "settings/emails",
    "membership": "settings/organizations",
    "GitHub token": "settings/tokens",
}
"""Settings pages of one's own account."""
ORGANIZATION = {
    "app": "organizations/{0}/settings/installations",
    "fine-grained token of a member": "organizations/{0}/settings/personal-access-tokens/active",
    "member": "orgs/{0}/people",
    "organization": "organizations/{0}/settings/security",
    "outside collaborator": "orgs/{0}/outside-collaborators",
    "owner": "orgs/{0}/people?query=role%3Aowner",
    "pending invitation": "orgs/{0}/people/pending_invitations",
    "repository": "orgs/{0}/repositories",
    "runner group": "organizations/{0}/settings/actions/runner-groups",
    "secret": "organizations/{0}/settings/secrets/actions",
    "webhook": "organizations/{0}/settings/hooks",
    **dict.fromkeys(("branch ruleset", "tag ruleset"), "organizations/{0}/settings/rules"),
}
REPOSITORY = {
    "branch protection": "{0}/settings/branches",
    "deploy key": "{0}/settings/keys",
    "environment": "{0}/settings/environments",
    "release tag": "{0}/tags",
    "secret": "{0}/settings/secrets/actions",
    "self-hosted runners": "{0}/settings/actions/runners",
    "webhook": "{0}/settings/hooks",
    "workflow": "{0}/commits/HEAD/.github/workflows",
    **dict.fromkeys(("branch ruleset", "tag ruleset"), "{0}/settings/rules"),
    **dict.fromkeys(("outside collaborator", "pending invitation"), "{0}/settings/access"),
}
GITHUB = {
    "user": (USER, "settings/security", YOU),
    "org": (ORGANIZATION, "organizations/{0}/settings/profile", OWNER),
    "repo": (REPOSITORY, "{0}/settings", ADMIN),
}
PACKAGE = "package/{0}/access"


def place_of(kind: str, place: Subject, report: Report) -> tuple[str, str]:
    """The page that shows a thing and its like, and who can change it; empty where none is known.

    Args:
        kind: what the inventory calls it.
        place: where it is.
        report: of the run, which says at which host.
    """
    if place.provider == "github" and place.kind in GITHUB:
        pages, usual, who = GITHUB[place.kind]
        path = pages.get(kind, usual).format(quote(place.name, safe="/", errors="surrogatepass"))
        web = next(map(web_of, _of(report, "github")), WEB)
        return f"{web}/{path}", who
    if place.provider == "npm" and place.kind == "package":
        name = quote(place.name, safe="/", errors="surrogatepass")
        return f"{NPM}/{PACKAGE.format(name)}", PUBLISHER
    return "", ""


def web_of(identity: Identity) -> str:
    """The address of the web pages of the host that an account is at."""
    if identity.provider == "npm":
        return NPM
    return WEB if identity.host == API else identity.host.removesuffix(ENTERPRISE)


def is_ours(address: str, report: Report) -> bool:
    """Whether an address is a page of a host that the run asked, and nothing else.

    Only such a one stands in a message as it is: whatever else looks like an address may have been
    chosen by somebody who wants it to be followed.
    """
    hosts = {urlsplit(web_of(one)).netloc for one in report.identities}
    return bool(ADDRESS.fullmatch(address)) and urlsplit(address).netloc in hosts


def _of(report: Report, provider: str) -> Iterable[Identity]:
    return (one for one in report.identities if one.provider == provider)
