"""What a user can name on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hardenme.ground.errors import UsageError
from hardenme.ground.names import FULL_NAME, LOGIN, PACKAGE, SCOPE
from hardenme.model.subject import Subject

PAGE = re.compile(
    r"(?:https?://)?(?:www\.)?github\.com/(?P<name>[^/?#]+(?:/[^/?#]+?)?)(?:\.git)?(?:[/?#].*)?"
)
"""The address of an owner or a repository."""

ROOTS = {
    "me": ("github:user", "github:token", "npm:user", "local:workstation"),
    "local": ("local:workstation",),
    "github-repo": ("github:repo",),
    "npm-package": ("npm:package",),
    "npm-scope": ("npm:org",),
}
"""The kinds of subject that a target leads to, but for an owner on GitHub, who may be either."""

ALONE = {
    "github-repo": ("github", "repo"),
    "npm-package": ("npm", "package"),
    "npm-scope": ("npm", "org"),
}
"""The provider and the kind of the one subject that a target names."""

FORMS = "me, github:NAME, github:OWNER/REPO, npm:@SCOPE, npm:PACKAGE, local"


@dataclass(frozen=True, slots=True)
class Target:
    """A target, as the user named it.

    Attributes:
        text: the user's own words.
        kind: `me`, `github-owner`, `github-repo`, `npm-scope`, `npm-package` or `local`.
        name: what it names within its kind; empty for `me` and `local`.
        number: GitHub's ID of the organization that is meant; empty for whichever has the name.
    """

    text: str
    kind: str
    name: str = ""
    number: str = ""

    @property
    def provider(self) -> str:
        """Which provider is asked; empty for `me`, which asks all."""
        return "" if self.kind == "me" else self.kind.partition("-")[0]

    @property
    def subject(self) -> Subject | None:
        """The one subject that it names; None if it takes asking, or where it names several."""
        named = ALONE.get(self.kind)
        return None if named is None else Subject(*named, self.name)

    @classmethod
    def of_organization(cls, login: str, number: str) -> Target:
        """The organization with an ID, as long as it has this login."""
        return cls(f"github:{login}", "github-owner", login, number)

    @classmethod
    def parse(cls, text: str) -> Target:
        """Read a target.

        Raises:
            UsageError: it is none, with the forms that there are.
        """
        if text in {"me", "local"}:
            return cls(text, text)
        provider, _, name = text.partition(":")
        if provider == "github":
            if LOGIN.fullmatch(name):
                return cls(text, "github-owner", name)
            if FULL_NAME.fullmatch(name):
                return cls(text, "github-repo", name)
        if provider == "npm":
            if SCOPE.fullmatch(name):
                return cls(text, "npm-scope", name.removeprefix("@"))
            if PACKAGE.fullmatch(name):
                return cls(text, "npm-package", name)
        raise UsageError(f"unknown target {text!r}; {_meant(text)}")


def _meant(text: str) -> str:
    """What a text that names no target may have meant, by its form alone; else all the forms."""
    found = PAGE.fullmatch(text)
    word = text if found is None else found["name"]
    on_npm = found is None and any(form.fullmatch(word) for form in (PACKAGE, SCOPE))
    package = on_npm and word == word.lower()
    login = bool(LOGIN.fullmatch(word))
    if package and login:
        return f"did you mean npm:{word}? A GitHub account or organization is github:{word}"
    if package:
        return f"did you mean npm:{word}?"
    if login or FULL_NAME.fullmatch(word):
        return f"did you mean github:{word}?"
    return f"a target is one of: {FORMS}"
