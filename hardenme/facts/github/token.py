"""The GitHub token that hardenme was given (subject `github:token/KIND`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from hardenme.facts.github.site import GitHubFact
from hardenme.model.fact import key
from hardenme.model.permission import Requirement, any_of, classic

CLASSIC = "classic"
FINE_GRAINED = "fine-grained"
OAUTH = "oauth"
APP_USER = "app-user"
INSTALLATION = "installation"
KINDS = (CLASSIC, FINE_GRAINED, OAUTH, APP_USER, INSTALLATION)
"""The kinds of token, decided by the prefix and by which family of headers an answer carries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token(GitHubFact):
    """What any answer tells of the token.

    Attributes:
        kind: one of `KINDS`.
        login: the account that it acts for.
        expires_at: None where no expiry header came: a personal access token then never expires.
    """

    source: ClassVar[str] = "GET /user (headers)"

    kind: str = key("X-OAuth-Scopes")
    login: str = key("login")
    expires_at: datetime | None = key("github-authentication-token-expiration", nullable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenScopes(GitHubFact):
    """The scopes of a classic token or an OAuth app's token; other kinds do not tell.

    Attributes:
        granted: as the header lists them: normalized, with the included ones left out.
    """

    source: ClassVar[str] = "GET /user (header X-OAuth-Scopes)"
    noun: ClassVar[str] = "list of scopes for this kind of token"

    granted: frozenset[str] = key("X-OAuth-Scopes")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenWriteProbe(GitHubFact):
    """Whether a read that GitHub guards with write was answered: nothing is ever changed.

    Attributes:
        repository: the repository that was asked about.
        merge_settings_shown: keys that need both reading and writing of contents were present.
        creation_cap_shown: a setting that needs writing of administration was readable.
    """

    source: ClassVar[str] = "GET /repos/{owner}/{repo}/interaction-limits/pulls/creation-cap"
    noun: ClassVar[str] = "repository to ask about"

    repository: str = key("full_name")
    merge_settings_shown: bool = key("allow_squash_merge")
    creation_cap_shown: bool = key()

    @property
    def shown(self) -> tuple[str, ...]:
        """What was shown, of what is known: one witness is enough, whatever else is not known."""
        witnesses = {
            "allow_squash_merge": "merge_settings_shown",
            "pulls/creation-cap": "creation_cap_shown",
        }
        unknown = self.unknown_fields()
        return tuple(
            name
            for name, field in witnesses.items()
            if field not in unknown and getattr(self, field)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenReach(GitHubFact):
    """The private repositories that the token reaches.

    Any token is told, be it that it reaches none.

    Attributes:
        private_repositories: their `owner/name`.
    """

    source: ClassVar[str] = "GET /user/repos?visibility=private"

    private_repositories: tuple[str, ...] = key("full_name")


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSight(GitHubFact):
    """How much of the account's own repositories the token shows.

    Attributes:
        visible: repositories of the account that a listing counts.
        owned: repositories that the account says it owns.
        sso_hidden: numbers of organizations that single sign-on left out of a list.
    """

    requirement: ClassVar[Requirement] = any_of(classic("user"))
    source: ClassVar[str] = "GET /user, GET /user/memberships/orgs (header X-GitHub-SSO)"

    visible: int = key("totalCount")
    owned: int = key("public_repos", "owned_private_repos")
    sso_hidden: tuple[str, ...] = key("X-GitHub-SSO")
