"""The GitHub token that hardenme uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from hardenme.facts.github import endpoints
from hardenme.facts.github.site import GitHubFact
from hardenme.model.fact import key
from hardenme.model.permission import any_of, classic

CLASSIC = "classic"
FINE_GRAINED = "fine-grained"
OAUTH = "oauth"
APP_USER = "app-user"
INSTALLATION = "installation"
KINDS = (CLASSIC, FINE_GRAINED, OAUTH, APP_USER, INSTALLATION)
"""The kinds of token, decided by the prefix and by which family of headers an answer carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFact(GitHubFact):
    """The base of facts of the token that hardenme uses (subject `github:token/KIND`)."""

    roots = ("github:token",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token(TokenFact):
    """What any answer shows of the token.

    Attributes:
        kind: one of `KINDS`.
        login: the account that it acts for.
        expires_at: None if no expiry header came: a personal access token then never expires.
    """

    source = f"{endpoints.ACCOUNT.source} (headers)"

    kind: str = key("X-OAuth-Scopes")
    login: str = key("login")
    expires_at: datetime | None = key("github-authentication-token-expiration", nullable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenScopes(TokenFact):
    """The scopes of a classic token or an OAuth app's token; other kinds do not show them.

    Attributes:
        granted: as the header lists them: normalized, with the included ones left out.
    """

    source = f"{endpoints.ACCOUNT.source} (header X-OAuth-Scopes)"
    noun = "list of scopes for this kind of token"

    granted: frozenset[str] = key("X-OAuth-Scopes")


WITNESSES = {
    "merge_settings_shown": (
        f"{endpoints.REPOSITORY.source} (allow_squash_merge)",
        "contents:write",
    ),
    "creation_cap_shown": (endpoints.CREATION_CAP.source, "administration:write"),
    "code_quality_shown": (endpoints.CODE_QUALITY.source, "administration:write"),
    "ruleset_history_shown": (endpoints.RULESET_HISTORY.source, "administration:write"),
    "codespaces_secrets_shown": (endpoints.CODESPACES_SECRETS.source, "codespaces_secrets:write"),
    "organization_rulesets_shown": (
        endpoints.ORGANIZATION_RULESETS.source,
        "organization_administration:write",
    ),
}
"""What only a token that may write is shown: the request, and the permission that it proves.

Source: GitHub's list of permissions of fine-grained tokens, and its description of each endpoint.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenWriteProbe(TokenFact):
    """Whether GitHub answered a read that needs write access: nothing is ever changed.

    That one was refused proves nothing: a role, a plan or a feature may be what is missing. Once a
    permission is proved, the other reads that would prove it are not sent.

    Attributes:
        repository: the repository that was asked about.
        merge_settings_shown: keys that need both reading and writing of contents were present.
        creation_cap_shown: a setting that needs writing of administration was readable.
        code_quality_shown: the same of the set-up of code quality.
        ruleset_history_shown: the same of the versions of one of its rulesets.
        codespaces_secrets_shown: the names of secrets that need writing of them were readable.
        organization_rulesets_shown: a list that needs writing of the organization's administration
            was readable.
    """

    source = ", ".join(request for request, _ in WITNESSES.values())
    noun = "repository to ask about"

    gates = ("permissions/admin", "owner/type")

    repository: str = key("full_name")
    merge_settings_shown: bool = key("allow_squash_merge")
    creation_cap_shown: bool = key("enabled")
    code_quality_shown: bool = key("state")
    ruleset_history_shown: bool = key("version_id", "id", "source_type")
    codespaces_secrets_shown: bool = key("secrets", "secrets/name")
    organization_rulesets_shown: bool = key("enforcement")

    @property
    def shown(self) -> tuple[str, ...]:
        """The fields that were shown, of what is known: one witness is enough."""
        unknown = self.unknown_fields()
        return tuple(
            name for name in WITNESSES if name not in unknown and getattr(self, name) is True
        )

    @property
    def proved(self) -> tuple[str, ...]:
        """The permissions that this proves, like `administration:write`."""
        return tuple(sorted({WITNESSES[name][1] for name in self.shown}))


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenReach(TokenFact):
    """The private repositories that the token reaches.

    Any token gets an answer, even one that reaches none.

    Attributes:
        private_repositories: their `owner/name`.
    """

    endpoint = endpoints.PRIVATE

    private_repositories: tuple[str, ...] = key("full_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenVisibility(TokenFact):
    """How much of the account's own repositories the token shows.

    Attributes:
        visible: repositories of the account that a listing counts.
        owned: repositories that the account says it owns.
        sso_hidden: numbers of organizations that single sign-on left out of a list.
    """

    requirement = any_of({classic("user"), classic("read:org")})
    source = f"{endpoints.ACCOUNT.source}, {endpoints.MEMBERSHIPS.source} (header X-GitHub-SSO)"

    visible: int = key("totalCount")
    owned: int = key("public_repos", "owned_private_repos")
    sso_hidden: tuple[str, ...] = key("X-GitHub-SSO")
