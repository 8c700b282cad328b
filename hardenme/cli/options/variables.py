"""The variables of the environment that concern a run, and what hardenme does with each.

Names are printed and never values. No variable sets an address: only options say whom to ask.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from hardenme.config.option import PREFIX
from hardenme.config.settings import BY_VARIABLE
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.text import visible

NOT_USED = "not used"
NO_SUCH = "hardenme has no such variable, and none sets an address"
MOST_ALIKE = 3
"""Unused variables of one prefix that are named one by one."""
LOOKED_AT = "not followed; the checks of this machine look at it"

KNOWN = tuple(
    (re.compile(pattern), text)
    for pattern, text in (
        (r"HARDENME_GITHUB_TOKEN", "token, bound to {github}"),
        (r"HARDENME_GITHUB_TOKEN__.+", "token for one owner's things, bound to {github}"),
        (r"HARDENME_NPM_TOKEN", "token, bound to {npm}"),
        (r"HARDENME_HEARTBEAT", "requested after a complete report"),
        (r"HARDENME_DEBUG", "sets --debug"),
        (r"HARDENME_NOTIFY", "addresses that messages go to"),
        *((re.escape(name), f"sets {item.name}") for name, item in BY_VARIABLE.items()),
        (r"HARDENME_.*", f"not used: {NO_SUCH}"),
        (r"GH_TOKEN|GITHUB_TOKEN", "{cloud}"),
        (r"GH_ENTERPRISE_TOKEN", "{enterprise}"),
        (r"NPM_TOKEN|NODE_AUTH_TOKEN", "{public}"),
        (
            r"GH_HOST|GITHUB_(?:API|SERVER|GRAPHQL)_URL",
            "ignored: --github-url alone names another GitHub",
        ),
        (r"GH_CONFIG_DIR", "where the checks of this machine look for gh's file"),
        (r"(?i:npm_config_userconfig)", "names the .npmrc in which a token is looked for"),
        (
            r"(?i:npm_config_(?:.*:)?registry)",
            "ignored: --npm-registry alone names another registry",
        ),
        (r"(?i:npm_config_.*)", LOOKED_AT),
        (r"(?i:https_proxy|all_proxy)", "used for https; see the proxies above"),
        (r"(?i:http_proxy)", "not used: plain http goes to this machine alone, and to no proxy"),
        (r"(?i:no_proxy)", "kept to: names what is asked without a proxy"),
        (
            r"\w*_CA_BUNDLE|SSL_CERT_\w+|GIT_SSL_CA\w+|NODE_EXTRA_CA_CERTS",
            "ignored: certificates come from {certificates}",
        ),
        (r"SSLKEYLOGFILE", "ignored: the keys of connections are written nowhere"),
        (r"NODE_TLS_REJECT_UNAUTHORIZED", f"certificates are always verified; {LOOKED_AT}"),
        (r"GIT_SSL_NO_VERIFY|PYTHONHTTPSVERIFY", "ignored: certificates are always verified"),
        (r"OPENSSL_CONF|OPENSSL_MODULES", "read by OpenSSL itself, before hardenme is asked"),
        (r"NETRC", "ignored: no password is taken from such a file"),
        (r"BROWSER", "the program that opens a page, when you press Enter for it"),
        (r"PYTHONPATH", "Python takes modules from there first: what lies there runs as hardenme"),
        (r"PYTHONHOME|PYTHONUSERBASE|PYTHONPLATLIBDIR", "shows Python where its modules are"),
        (
            r"PYTHON_KEYRING_BACKEND",
            "names the keyring's backend; one that is not the system's own is refused",
        ),
        (r"CREDENTIALS_DIRECTORY", "where systemd hands over tokens"),
        (r"PYTHON\w+", "read by Python itself"),
        (r"(?:GH|GITHUB|NPM|npm)_.*", NOT_USED),
    )
)
"""The first that fits decides; what none fits does not concern a run."""


OURS = re.compile(
    rf"{PREFIX}(?:GITHUB_TOKEN(?:__.+)?|NPM_TOKEN|HEARTBEAT|NOTIFY|DEBUG)"
    rf"|{'|'.join(map(re.escape, BY_VARIABLE))}"
)
"""The variables of hardenme that mean something."""
MOST_STRANGE = 5
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class AskedHosts:
    """Whom a run asks, as far as variables depend on it.

    Attributes:
        github: the address of GitHub's API.
        registry: the address of the registry.
        ca_file: certificate authorities in place of the usual ones; empty for these.
    """

    github: str
    registry: str
    ca_file: str = ""

    def words(self, certificates: str) -> dict[str, str]:
        """The values that fill in the texts of `KNOWN`."""
        github = urlsplit(self.github).hostname or ""
        npm = urlsplit(self.registry).hostname or ""
        cloud = github == "api.github.com" or github.endswith(".ghe.com")
        public = self.registry == REGISTRY
        return {
            "github": github,
            "npm": npm,
            "certificates": certificates,
            "cloud": _token(github, "GitHub's own hosts", bound=cloud),
            "enterprise": _token(github, "a GitHub Enterprise Server", bound=not cloud),
            "public": _token(npm, "npm's own registry", bound=public),
        }


def _token(host: str, meant: str, *, bound: bool) -> str:
    if bound:
        return f"token, bound to {host}"
    return f"not used: it is a token for {meant}, and {host} is asked"


def concerning(
    environ: Mapping[str, str], asked: AskedHosts, certificates: str
) -> Iterator[tuple[str, str]]:
    """The variables that concern a run, by name, each with what is done with it.

    Args:
        certificates: where its certificate authorities come from, in words.
    """
    words = asked.words(certificates)
    found = ((name, _effect(name, environ[name], words)) for name in sorted(environ))
    told = [(name, text) for name, text in found if text]
    for (text, prefix), group in groupby(told, lambda item: (item[1], _prefix(item[0]))):
        names = [name for name, _ in group]
        if text == NOT_USED and len(names) > MOST_ALIKE:
            yield f"{names[0]} … {prefix}*", f"{text}, nor are {len(names) - 1} more of its kind"
        else:
            yield from ((name, text) for name in names)


def strange(environ: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each variable that is named as hardenme's are, and means nothing.

    They include those by which someone may want to set an address: only options and the user's own
    file say whom to ask.
    """
    names = [n for n in sorted(environ) if n.startswith(PREFIX) and not OURS.fullmatch(n)]
    for name in names[:MOST_STRANGE]:
        near = difflib.get_close_matches(name[:LONGEST_NAME], BY_VARIABLE, 1, 0.8)
        hint = f"; did you mean {near[0]}?" if near else f": {NO_SUCH}"
        yield f"{visible(name, longest=LONGEST_NAME)} is not used{hint}"
    if len(names) > MOST_STRANGE:
        yield f"{len(names) - MOST_STRANGE} more variables that begin with {PREFIX} are not used"


def _effect(name: str, value: str, words: Mapping[str, str]) -> str:
    for pattern, text in KNOWN:
        if pattern.fullmatch(name):
            return text.format_map(words) if value.strip() else "not used: it is empty"
    return ""


def _prefix(name: str) -> str:
    return name.partition("_")[0] + "_"
