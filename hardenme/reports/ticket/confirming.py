"""Commands that only read, and show whether a printed command did what it is for."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence

from hardenme.reports.calls import ProgramCall

SAME = re.compile(
    r".*/(?:rulesets|vulnerability-alerts|immutable-releases|enforce_admins|default-setup|config"
    r"|private-vulnerability-reporting|fork-pr-contributor-approval|customization/sub)"
    r"|orgs/[^/]+/memberships/[^/]+|orgs/[^/]+/actions/runner-groups/\d+|.*/actions/permissions"
    r"(?:/[a-z-]+)?"
)
"""Paths that are read as they are written."""
LISTED = re.compile(
    r"(?P<list>.*/(?:actions/secrets|environments/[^/]+/secrets|invitations|keys"
    r"|credential-authorizations|members|outside_collaborators|gpg_keys))/[^/]+"
)
"""Paths of one thing of a list. The list is read: several of them cannot be read by themselves."""
ACCESS = re.compile(r"repos/[^/]+/[^/]+/collaborators/[^/]+")
ROLE = re.compile(
    r"(?P<roles>orgs/[^/]+/organization-roles)/(?P<kind>users|teams)/[^/]+/(?P<id>\d+)"
)
WHOLE = re.compile(r"repos/[^/]+/[^/]+|orgs/[^/]+")
FIELD = re.compile(r"(?P<name>[a-z_]+)[\[=].*")
ADDRESSES = "user/email/visibility"
PLACE = re.compile(r"\{(-?\d+)\}")
REGISTRY = "--registry"
TAGGED = ("dist-tag", "add")
NPM: dict[tuple[str, ...], tuple[str, ...]] = {
    ("access", "grant", "read-only"): ("access", "list", "collaborators", "{4}"),
    TAGGED: ("dist-tag", "ls", "{2}"),
    ("deprecate",): ("view", "{1}", "deprecated"),
    ("org", "rm"): ("org", "ls", "{2}"),
    ("owner", "rm"): ("owner", "ls", "{3}"),
    ("profile", "enable-2fa"): ("profile", "get"),
    ("token", "revoke"): ("token", "list"),
    ("trust", "github"): ("trust", "list", "{2}"),
    ("trust", "revoke"): ("trust", "list", "{-1}"),
}
"""What shows it at npm, by the first words of the command; `{N}` is its word N."""
READING = (("npm", "audit", "signatures"), ("npm", "token", "list"))
"""Commands of fixes that only read, and so show it themselves."""
EXPECTED: tuple[tuple[str, str], ...] = (
    (r"\?filter=2fa_", "does not list those people any more"),
    (r" --jq ", "prints the values that were chosen"),
    (r"/rulesets$", "lists each ruleset that was added, and that it is active"),
    (r"/vulnerability-alerts$", "prints nothing if they are on, and an error 404 if they are off"),
    (r"/permission$", "prints the role that was chosen"),
    (r"/memberships/|/user/emails|user/emails$", "prints what was chosen"),
    (r" --paginate$", "does not list what was removed"),
    (r"^gh api ", "prints the values that were chosen"),
    (r"^npm token list --json", "lists only what is needed"),
    (r"^npm audit signatures", "reports no invalid or missing signature"),
    (r"^npm token list", "does not list the tokens that were revoked"),
    (r"^npm trust list", "lists the publishers that were set up, and none that was removed"),
    (r"^npm profile get", 'prints "auth-and-writes" for 2FA'),
    (r"^npm dist-tag ls", "shows each tag at its new version"),
    (r"^npm view \S+ deprecated", "prints the text of the deprecation"),
    (r"^npm (?:owner|org) ls", "does not list who was removed"),
    (r"^npm access list collaborators", 'lists "read-only" for who must not publish'),
    (r"^npm config get", "prints the value that was set"),
)
"""What a command prints when all is done, by a pattern of it; the first that fits."""


def confirmed_by(calls: Iterable[ProgramCall]) -> tuple[str, ...]:
    """The commands that show it, each once; none for what only a page shows."""
    return tuple(dict.fromkeys(shlex.join(words) for call in calls for words in _shown(call.words)))


def expected(command: str) -> str:
    """What a command that only reads prints when the change is made; empty if nothing is known."""
    return next((text for pattern, text in EXPECTED if re.search(pattern, command)), "")


def _shown(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    if words[0] == "gh":
        yield from _of_gh(words[1:])
    elif words[:3] == ("npm", "config", "set"):
        for setting in (word.partition("=")[0] for word in words[3:] if "=" in word):
            if not setting.startswith("-"):
                yield ("npm", "config", "get", setting)
    elif words[:3] in READING:
        yield tuple(words)
    elif words[0] == "npm":
        yield from _of_npm(words[1:])


def _of_gh(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    rest = list(words)
    host: tuple[str, ...] = ()
    if "--hostname" in rest:
        at = rest.index("--hostname")
        host = tuple(rest[at : at + 2])
        del rest[at : at + 2]
    if rest[:2] != ["api", "-X"]:
        return
    start = ("gh", "api", *host)
    path = rest[3]
    if path == ADDRESSES:
        yield (*start, "user/emails")
    elif rest[2] == "DELETE" and (role := ROLE.fullmatch(path)):
        yield (*start, f"{role['roles']}/{role['id']}/{role['kind']}", "--paginate")
    elif rest[2] == "DELETE" and (thing := LISTED.fullmatch(path)):
        yield (*start, thing["list"], "--paginate")
    elif ACCESS.fullmatch(path):
        yield (*start, f"{path}/permission")
    elif WHOLE.fullmatch(path):
        fields = (FIELD.fullmatch(word) for word in rest[4:])
        names = dict.fromkeys(f".{found['name']}" for found in fields if found)
        if names:
            yield (*start, path, "--jq", ", ".join(names))
    elif SAME.fullmatch(path) and rest[2] != "DELETE":
        yield (*start, path)


def _of_npm(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    registry = tuple(words[-2:]) if REGISTRY in words[-2:-1] else ()
    plain = words[: len(words) - len(registry)]
    for begins, shows in NPM.items():
        if tuple(plain[: len(begins)]) == begins:
            places = ((word, PLACE.fullmatch(word)) for word in shows)
            told = ["npm", *(plain[int(at[1])] if at else word for word, at in places)]
            if begins == TAGGED:
                # The package without the version.
                told[-1] = f"{told[-1][:1]}{told[-1][1:].partition('@')[0]}"
            yield (*told, *registry)
