"""Commands of `gh` and `npm` for the host in use, and how GitHub names what is taken away."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit

from hardenme.model.inventory import InventoryItem
from hardenme.model.npm_address import REGISTRY
from hardenme.model.shell import shell_words
from hardenme.model.subject import Subject

NUMBERED = {
    "ssh-key": "user/keys/{rest}",
    "ssh-signing-key": "user/ssh_signing_keys/{rest}",
    "gpg-key": "user/gpg_keys/{rest}",
    "repository-invitation": "user/repository_invitations/{rest}",
    "deploy-key": "repos/{owner}/{repo}/keys/{rest}",
    "repo-hook": "repos/{owner}/{repo}/hooks/{rest}",
    "collaborator-invitation": "repos/{owner}/{repo}/invitations/{rest}",
    "org-hook": "orgs/{owner}/hooks/{repo}",
    "org-invitation": "orgs/{owner}/invitations/{repo}",
    "sso-credential": "orgs/{owner}/credential-authorizations/{repo}",
}
"""What GitHub knows by a number, by the kind of its subject."""
NAMED = {
    "secret": "repos/{owner}/{repo}/actions/secrets/{rest}",
    "environment": "repos/{owner}/{repo}/environments/{rest}",
    "member": "orgs/{owner}/members/{repo}",
    "outside-collaborator": "orgs/{owner}/outside_collaborators/{repo}",
}
"""The same of what it knows by a name."""
SCOPES = (
    (re.compile(r"user/keys/"), "admin:public_key"),
    (re.compile(r"user/ssh_signing_keys/"), "admin:ssh_signing_key"),
    (re.compile(r"user/gpg_keys/"), "admin:gpg_key"),
    (re.compile(r"orgs/[^/]+/hooks/"), "admin:org_hook"),
    (re.compile(r"orgs/"), "admin:org"),
)
"""The scope of gh that a path needs in addition to `repo`, which it always has; the first match
counts."""
PARTS = 3
DEPLOY_KEY = "deploy key"
BY_ID = frozenset({"trusted publisher"})
"""Things of npm that go by an id which their name does not hold alone."""
REPOSITORY = "_OWNER_/_REPO_"
"""A placeholder for the repository that the reader fills in. No GitHub account can have this name,
so the command trusts no one if it is run unchanged."""
RULES_NOT_OFFERED = "Choose a plan with rules for private repositories"
"""How the fix of a private repository begins whose owner is on GitHub Free. Making it
public protects nothing, and cannot be undone."""
TWO_APPROVE = (
    "See that two people can approve, also as code owners: no one can merge alone then. Empty the"
    " ruleset's bypass list only after that"
)
"""How a fix says that no one is to bypass a ruleset."""
PAID = "GitHub Free has no rules for private repositories: it takes GitHub Pro, Team or Enterprise"
"""What such a fix says where it is not known which plan the owner has."""
TEAM = "GitHub Free has no rulesets of an organization: it takes GitHub Team or Enterprise"
"""The same of a ruleset of an organization."""
UNDER_INVESTIGATION = "Do not install: under investigation"
"""What everyone reads who installs a version that is deprecated: it accuses no one."""


def has_no_rules(step: str) -> bool:
    """Whether a step prints no command, since the owner's plan may have no rules."""
    return step.startswith(RULES_NOT_OFFERED) or step.endswith((PAID, TEAM))


def gh(web: str, *words: str) -> str:
    """A `gh` command; each word is quoted for a shell.

    Args:
        web: the address of the host's web pages.
        words: those after `gh`.
    """
    host = urlsplit(web).hostname or ""
    extra = ["--hostname", host] if words[0] == "api" and host != "github.com" else []
    return shlex.join(["gh", words[0], *extra, *words[1:]])


def scopes() -> tuple[str, ...]:
    """The scopes that `gh api` commands can need in addition to those that gh always has.

    All scopes of the table are included, so that a row of a later run has a command as well.
    Without the scope GitHub answers as if there were nothing to remove.
    """
    return tuple(sorted({name for _, name in SCOPES}))


def signed_in(web: str, more: Iterable[str]) -> str:
    """The command that signs gh in to the host with these scopes in addition to its own."""
    asked = ["--scopes", names] if (names := ",".join(more)) else []
    return gh(web, "auth", "login", "--hostname", urlsplit(web).hostname or "", "--web", *asked)


def unarchived(web: str, repository: str) -> str:
    """The command after which a repository that is archived takes changes again."""
    return gh(web, "api", "-X", "PATCH", f"repos/{repository}", "-F", "archived=false")


def signed_out(web: str) -> str:
    """The command that takes the host's token of gh from this device."""
    return gh(web, "auth", "logout", "--hostname", urlsplit(web).hostname or "")


PACKAGE_AT = {
    ("access", "grant"): 4,
    ("access", "set"): 3,
    ("deprecate",): 1,
    ("dist-tag", "add"): 2,
    ("owner", "add"): 3,
    ("owner", "rm"): 3,
    ("trust", "github"): 2,
    ("trust", "list"): 2,
    ("trust", "revoke"): 2,
    ("unpublish",): 1,
    ("view",): 1,
}
"""Commands of `npm` that name a package, and as which of their words; options do not count."""
REFUSED = re.compile(
    r"""
    [-_.] .*                              # invalid today; old packages have such names
    | (?: node_modules | favicon\.ico ) (?: @.* )?
    | [^@]+ \.(?: tgz | tar\.gz | tar ) (?: @.* )?   # taken for files
    | .+ @ .* \.(?: tgz | tar\.gz | tar )            # likewise, by the version
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Packages and versions that no `npm` command accepts, with or without `--` before them.

Source: validate-npm-package-name 7 and npm-package-arg 13, which npm 11 has.
"""


def npm_takes(package: str, version: str = "") -> bool:
    """Whether the `npm` client takes a name for a package's, and a version for one of it."""
    return not REFUSED.fullmatch(f"{package}@{version}" if version else package)


OPTION = re.compile(r"--[a-z]")


class CommandOption(str):
    """A word of ours that begins with dashes; no name from a provider is one."""

    __slots__ = ()


def options(*words: str) -> tuple[CommandOption, ...]:
    """Options of a command, as `npm` takes them among its words."""
    return tuple(map(CommandOption, words))


def npm(registry: str, *words: str) -> str:
    """An `npm` command for a registry, each word quoted; empty where `npm` refuses the package.

    Any other name that begins with a dash comes after `--`, so that it is read as a name.
    """
    extra = [] if registry == REGISTRY else ["--registry", registry]
    names = [one for one in words if not isinstance(one, CommandOption)]
    place = PACKAGE_AT.get(tuple(names[:1])) or PACKAGE_AT.get(tuple(names[:2]), len(names))
    if any(not npm_takes(word) for word in names[place : place + 1]):
        return ""
    at = next((at for at, one in enumerate(names) if one.startswith("-")), len(names))
    if at == len(names):
        return shlex.join(["npm", *words, *extra])
    ours = [one for one in words if isinstance(one, CommandOption)]
    return shlex.join(["npm", *names[:at], *ours, *extra, "--", *names[at:]])


def without_options(words: Sequence[str]) -> list[str]:
    """The words of an `npm` command without its options; every word after `--` is kept."""
    end = words.index("--") if "--" in words else len(words)
    found = list(words[:end])
    if "--registry" in found:
        at = found.index("--registry")
        del found[at : at + 2]
    return [one for one in found if not OPTION.match(one)] + list(words[end + 1 :])


def api_path(subject: Subject) -> str:
    """The path by which GitHub's API deletes what a subject names; empty if it has none."""
    owner, repo, rest = [*subject.name.split("/", 2), "", ""][:PARTS]
    kind = subject.kind
    if kind == "org-secret":
        kept_for, name = (repo, rest) if rest else ("actions", repo)
        return f"orgs/{owner}/{kept_for}/secrets/{quote(name, safe='')}"
    if kind == "environment-secret":
        environment, _, name = rest.rpartition("/")
        place = quote(environment, safe="", errors="surrogatepass")
        return f"repos/{owner}/{repo}/environments/{place}/secrets/{name}"
    if kind in NUMBERED:
        pattern, last = NUMBERED[kind], subject.name.rpartition("/")[2]
        if not (last.isascii() and last.isdigit()):
            return ""
        return pattern.format(owner=owner, repo=repo, rest=last)
    if kind in NAMED:
        rest = quote(rest, safe="", errors="surrogatepass")
        return NAMED[kind].format(owner=owner, repo=repo, rest=rest)
    return ""


NO_COMMAND = "npm refuses the name in every command: use the page, or ask npm support"
"""The message about a package whose name the client does not accept."""


def present(*commands: str) -> tuple[str, ...]:
    """The commands that exist: `npm` has none for a package that it refuses."""
    return tuple(one for one in commands if one)


def lines(commands: Iterable[str]) -> str:
    """Commands that run independently, as one text; empty ones are left out."""
    return "\n".join(present(*commands))


def tokens_disallowed(package: str) -> tuple[str, ...]:
    """The words of npm that let no token publish a package."""
    return ("access", "set", "mfa=publish", package)


def tag_moved(package: str, version: str, tag: str) -> tuple[str, ...]:
    """The words of npm that have a dist-tag point to a version."""
    return ("dist-tag", "add", f"{package}@{version}", tag)


def move_of_tag(line: str) -> tuple[str, str, str] | None:
    """The package, dist-tag and version of a command that moves a tag; None for another command."""
    match without_options(shell_words(line)):
        case ["npm", "dist-tag", "add", spec, tag]:
            package, _, version = spec.rpartition("@")
            return package, tag, version
    return None


def deprecated(package: str, version: str) -> tuple[str, ...]:
    """The words of npm that mark a version as not to be installed."""
    return ("deprecate", f"{package}@{version}", UNDER_INVESTIGATION)


AFTER_RELEASE = "After a release through the new one was seen"
"""When a trusted publisher goes that another one replaces, at the start of a sentence."""


STAGES = "Have its job run `npm stage publish` in its environment"
"""What a workflow needs whose publisher may only stage: npm refuses its npm publish then, and a run
that does not name the environment."""


REMOVED = "`npm trust list {}` shows its id: remove it with that and `npm trust revoke`"
"""How a trusted publisher is removed whose id is not known yet; `{}` is the package."""


def publisher_removed(package: str, publisher: str) -> tuple[str, ...]:
    """The words of npm that end a trusted publisher, by its id."""
    return ("trust", "revoke", CommandOption(f"--id={publisher}"), package)


def second_environment(name: str) -> str:
    """The environment of a publisher that replaces one of the same workflow.

    npm takes no second publisher of the same workflow and environment. With an environment of its
    own, the new one is there, and a release through it is seen, before the old one goes.
    """
    return f"{name}-staged"


def ref_moved(repository: str, ref: str, commit: str) -> tuple[str, ...]:
    """The words of `gh` that have a branch or a tag point to a commit.

    Args:
        repository: as `owner/name`.
        ref: as `heads/NAME` or `tags/NAME`.
        commit: its id.
    """
    path = f"repos/{repository}/git/refs/{quote(ref, safe='/', errors='surrogatepass')}"
    return ("api", "-X", "PATCH", path, "-f", f"sha={commit}", "-F", "force=true")


def releasers(organization: str, packages: str) -> str:
    """How a team of those who release takes over packages, as an imperative sentence.

    It comes before another team loses them.

    Args:
        packages: them, in words.
    """
    team = f"{organization}:release"
    return (
        f"Create a team of those who release (`npm team create {team}`), add each of them (`npm"
        f" team add {team}` and the login), give it {packages} (`npm access grant read-write"
        f" {team}` and the package)"
    )


def ending(web: str, registry: str, place: Subject, item: InventoryItem) -> str:
    """The command that ends a thing that a run saw; empty if there is none.

    Args:
        web: the address of GitHub's web pages.
        registry: the registry's address.
    """
    if item.identity == item.subject.name and item.kind in BY_ID:
        # Its id was not shown. The name takes its place, and a command with the name revokes
        # nothing.
        return ""
    match item.kind:
        case "npm token":
            return npm(registry, "token", "revoke", item.identity)
        case "staged version":
            return npm(registry, "stage", "reject", item.identity)
        case "trusted publisher":
            return npm(registry, *publisher_removed(place.name, item.identity))
    path = api_path(item.subject) if place.provider == "github" else ""
    return gh(web, "api", "-X", "DELETE", path) if path else ""


def ending_found(web: str, place: Subject, item: InventoryItem) -> str:
    """The command that prints the one that ends a deploy key; empty if none is needed or known.

    A batch of GitHub's API has no number of a key. A key is never changed, so that the time when
    it was added finds it.

    Args:
        web: the address of GitHub's web pages.
    """
    added = item.state.get("created_at")
    if item.kind != DEPLOY_KEY or api_path(item.subject) or not isinstance(added, str):
        return ""
    path = f"repos/{place.name}/keys"
    printed = f"{gh(web, 'api', '-X', 'DELETE', path)}/\\(.id)"
    wanted = f'.[] | select(.created_at == "{added}") | "{printed}"'
    return gh(web, "api", "--paginate", path, "--jq", wanted)
