"""Names of settings that other tools have and hardenme has not, and what to do instead.

They are unknown like every name that is not in the table. Their message differs from that for
typing errors. Someone writes them to send a token elsewhere, or takes hardenme for another tool.
"""

from __future__ import annotations

from hardenme.config.trust import Guard

_NAMES = {
    Guard.ADDRESS: "api-base api-base-url api-host api-url base-url endpoint gh-host github-api"
    " github-host hostname github-api-url registry server server-url url",
    Guard.CERTIFICATES: "ca ca-bundle ca-certs cafile cert certificate insecure key no-verify"
    " skip-verify ssl-verify strict-ssl tls-verify verify verify-ssl",
    Guard.PROXY: "all-proxy http-proxy https-proxy no-proxy noproxy proxies proxy",
    Guard.CREDENTIAL: "-auth -auth-token access-token auth auth-token credential-helper credentials"
    " gh-token keyring keyring-backend netrc password secret token token-cmd token-command"
    " token-env user username",
    Guard.OUTPUT: "cache-dir cache-folder log-file output-dir output-file report-file state-dir",
    Guard.NOTIFICATION: "apprise email mail notify notifications slack smtp webhook webhook-url",
    Guard.PLUGIN: "catalogue checks-path extensions load plugin plugins python-path require"
    " requires script-shell",
    Guard.FILE: "config-file extend extends globalconfig import imports include includes"
    " inherit inherits userconfig",
}
NAMES: dict[str, Guard] = {name: guard for guard, names in _NAMES.items() for name in names.split()}
"""The names, in lower case and with dashes."""

INSTEAD = {
    Guard.ADDRESS: "github-url and npm-registry, in your own configuration file or as options",
    Guard.CERTIFICATES: "ca-file, in your own configuration file or as an option",
    Guard.PROXY: "the environment: HTTPS_PROXY and NO_PROXY",
    Guard.CREDENTIAL: "the keyring (hardenme auth login), the environment or --token-file",
    Guard.OUTPUT: "output, in your own configuration file or as an option",
    Guard.NOTIFICATION: "HARDENME_NOTIFY, or notify-file in your own configuration file",
    Guard.PLUGIN: "nowhere: hardenme loads no code but its own",
    Guard.FILE: "nowhere: a configuration file names no other",
}
"""Where one sets such a thing."""


def plain(name: str) -> str:
    """A name without regard to case, and to what separates its words."""
    return "-".join(name.casefold().replace("_", "-").split())
