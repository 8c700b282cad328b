"""The settings page of a fix on GitHub, and how a `gh` command names the host in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hardenme.model import commands
from hardenme.model.fact import Fact
from hardenme.model.pages import GITHUB_WEB, github_page
from hardenme.model.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class GitHubFact(Fact):
    """The base of facts from GitHub.

    Attributes:
        web: the address of the host's web pages, without a trailing slash.
    """

    asked_at = "github"

    web: str = GITHUB_WEB

    def placed(self, within: Subject | None = None) -> dict[str, Any]:
        """The fields by which another fact is about the same subject.

        Args:
            within: what it belongs to, where that is not the same.
        """
        place = {"subject": self.subject, "within": within or self.within, "label": self.label}
        return {**place, "web": self.web}

    def page(self, name: str, **names: str) -> str:
        """The address of a settings page.

        Args:
            name: a key of `GITHUB`.
            names: the `org`, or the `repo` as `owner/name`, that the page belongs to.
        """
        return github_page(self.web, name, **names)

    def file_page(self, repo: str, path: str, line: int = 0) -> str:
        """The address of a file on the default branch.

        Args:
            repo: as `owner/name`.
            path: of the file.
            line: the one to show; 0 for the whole file.
        """
        page = self.page("repo-file", repo=repo, path=path)
        return f"{page}#L{line}" if line else page

    def gh(self, *words: str) -> str:
        """A `gh` command for this host; each word is quoted for a shell."""
        return commands.gh(self.web, *words)

    def deletes(self) -> str:
        """The command that deletes what the fact is about; empty if the API has none."""
        path = commands.api_path(self.subject)
        return self.gh("api", "-X", "DELETE", path) if path else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFact(GitHubFact):
    """The base of facts of the token's own account (subject `github:user/LOGIN`)."""

    roots = ("github:user",)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationFact(GitHubFact):
    """The base of facts of an organization (subject `github:org/ORG`)."""

    roots = ("github:org",)


def full_name(fact: Any) -> str:
    """The `owner/name` of a repository's fact, or of a fact within one."""
    subject = fact.subject if fact.subject.kind == "repo" else fact.within
    return str(subject.name)
