"""Whether a package's release has a tag in its repository."""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.facts.github.files import CONTENTS
from hardenme.facts.github.site import GitHubFact
from hardenme.facts.npm.history import ReleaseHistory
from hardenme.model.fact import Endpoint, given, key


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseTag(GitHubFact):
    """The tag of a recent release of an npm package (subject `npm:package/PACKAGE@VERSION`).

    It is looked for in the repository that the release before names: anyone who publishes a release
    can have it name another repository.

    Attributes:
        repository: as `owner/name`; empty if that release names none on GitHub.
        tag: the tag's name; empty for none.
        forms: the names that were looked for.
    """

    requirement = CONTENTS
    endpoint = Endpoint("/repos/{owner}/{repo}/git/matching-refs/tags/{tag}")
    noun = "tag of a recent release"
    listed_by = ReleaseHistory

    repository: str = given("the release that it is compared with")
    tag: str = key("ref")
    forms: tuple[str, ...] = given("what is looked for")
