"""Looks for the tags of a package's recent releases in its repository."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from hardenme.collectors.answer import nothing
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import refusal, sso_left_out
from hardenme.collectors.npm.releases import looked_at
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.origin import Origin
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github.release_tags import ReleaseTag
from hardenme.facts.npm.lineage import Lineage
from hardenme.ground.names import FULL_NAME, PACKAGE
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.pages import GITHUB_WEB
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown

SOON, LATE = timedelta(hours=1), timedelta(days=1)
"""A tag may follow its release. Within the hour it is looked for each time, within the day once an
hour; that there was none after a day is kept."""
PACKAGE_TAGS = ("{0}@{1}", "{0}-v{1}", "{0}/v{1}", "{0}-{1}", "{0}/{1}", "{0}@v{1}", "{0}_v{1}")
"""How a repository of many packages names a tag."""


@dataclass(slots=True)
class _Forms:
    """The names that a tag may have, each kind found by one request; the usual one first."""

    package: str
    order: list[str] = field(default_factory=lambda: ["v", "scoped", "plain", "beside"])

    def of(self, version: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """The kind, the prefix to ask for, and the names that count."""
        bare = self.package.rpartition("/")[2]
        scoped = f"{self.package}@{version}"
        kinds = {
            "v": (f"v{version}", (f"v{version}",)),
            "plain": (version, (version,)),
            "beside": (bare, tuple(form.format(bare, version) for form in PACKAGE_TAGS)),
        }
        if bare != self.package:
            kinds["scoped"] = (scoped, (scoped,))
        return ((kind, *kinds[kind]) for kind in tuple(self.order) if kind in kinds)

    def hit(self, kind: str) -> None:
        """Try this kind first from now on."""
        self.order.remove(kind)
        self.order.insert(0, kind)


@dataclass(slots=True)
class _Search:
    """The search for one release's tag."""

    github: GitHub
    repository: str
    published: datetime
    now: datetime
    atoms: list[Atom] = field(default_factory=list)

    def find(self, forms: _Forms, version: str) -> str:
        """The name of the tag; empty for none.

        Raises:
            NotKnownError: an answer did not come.
        """
        open_: list[tuple[str, str, tuple[str, ...]]] = []
        for kind, prefix, names in forms.of(version):
            kept = self.github.kept(self._path(prefix))
            if kept is not None and (tag := self._among(kept, names)):
                forms.hit(kind)
                return tag
            if kept is None or not self._counts(kept.observed_at):
                open_.append((kind, prefix, names))
        for kind, prefix, names in open_:
            if tag := self._among(self._ask(self._path(prefix)), names):
                forms.hit(kind)
                return tag
        return ""

    def _path(self, prefix: str) -> str:
        # What is in a tag's name is a path of its own.
        return ReleaseTag.endpoint.at(self.repository, tag="") + quote(prefix, safe="/@")

    def _counts(self, seen: datetime) -> bool:
        """Whether it still counts that there was no tag at that time."""
        after = seen - self.published
        return after >= LATE or (after >= SOON and self.now - seen < SOON)

    def _ask(self, path: str) -> Response:
        try:
            response = self.github.get(path, renew=True)
        except NoAnswerError as error:
            raise NotKnownError(error.unknown) from None
        why = None
        if not response.ok:
            why = refusal(response, ReleaseTag.requirement, self.github.kind)
        why = why or sso_left_out(response)
        if why is not None:
            raise NotKnownError(why)
        return response

    def _among(self, response: Response, names: tuple[str, ...]) -> str:
        self.atoms.append(response.atom)
        try:
            found = response.json()
        except NoAnswerError as error:
            raise NotKnownError(error.unknown) from None
        wanted = {f"refs/tags/{name}": name for name in names}
        refs = [one.get("ref") if isinstance(one, dict) else None for one in _listed(found)]
        for ref in refs:
            if isinstance(ref, str) and ref in wanted:
                return wanted[ref]
        if not isinstance(found, list) or not all(isinstance(ref, str) for ref in refs):
            raise NotKnownError(_strange(response))
        if 'rel="next"' in response.headers.get("link", ""):
            why = Unknown(Reason.INCOMPLETE, "a repository whose tags fit one answer")
            raise NotKnownError(why)
        return ""


def release_tags(github: GitHub | None, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}/git/matching-refs/tags/{tag}, four for a release at most.

    A tag that was found in an earlier run is there: it is not asked for again.
    """
    found = looked_at(store, scope)
    why = found if isinstance(found, Unknown) else _not_asked(github)
    if why is not None or github is None or isinstance(found, Unknown):
        yield nothing(ReleaseTag, scope, why or _NO_TOKEN)
        return
    forms = _Forms(scope.name)
    facts: list[ReleaseTag] = []
    atoms: list[Atom] = list(found.evidence)
    for place, release in found.recent:
        tag: Any = ""
        looked: tuple[str, ...] = ()
        repository: Any = _repository(found.lineage, place)
        if isinstance(repository, Unknown):
            tag = repository
        elif repository:
            search = _Search(github, repository, release.published_at, found.now)
            looked = tuple(names[0] for _, _, names in forms.of(release.version))
            tag = _searched(search, forms, found.lineage, place)
            atoms += search.atoms
        subject = Subject("npm", "package", f"{scope.name}@{release.version}")
        facts.append(
            ReleaseTag(
                subject=subject,
                within=scope,
                label=subject.name,
                web=github.web,
                repository=repository,
                tag=tag,
                forms=looked,
            )
        )
    yield Answer(ReleaseTag, scope, tuple(facts), tuple(dict.fromkeys(atoms)))


_NO_TOKEN = Unknown(Reason.NOT_PERMITTED, "a GitHub token", "no GitHub token")


def _not_asked(github: GitHub | None) -> Unknown | None:
    """Why GitHub is not asked: packages name repositories of github.com, not of another server.

    A server on this machine is treated as github.com.
    """
    if github is None:
        return _NO_TOKEN
    origin = Origin.of(github.web)
    if origin == Origin.of(GITHUB_WEB) or origin.on_this_machine:
        return None
    return Unknown(Reason.NOT_ASKED, "a token for github.com, where the package's repository is")


def _repository(lineage: Lineage, place: int) -> Any:
    """Where the release that this one is compared with was made; empty for no such place."""
    try:
        name = (lineage.follows(place)[0] or lineage.releases[place]).repository
    except NotKnownError as error:
        return error.unknown
    return name if FULL_NAME.fullmatch(name) else ""


def _searched(search: _Search, forms: _Forms, lineage: Lineage, place: int) -> Any:
    bare = forms.package.rpartition("/")[2]
    if not PACKAGE.fullmatch(bare):
        return Unknown(Reason.MALFORMED, "a name that npm would give to a package")
    try:
        lineage.version(place)
        return search.find(forms, lineage.releases[place].version)
    except NotKnownError as error:
        return error.unknown


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _strange(response: Response) -> Unknown:
    return Unknown(
        Reason.MALFORMED,
        f"{response.endpoint} must answer with a list of tags",
        evidence=(response.atom,),
    )


COLLECTORS = (
    Collector(
        "tags of releases",
        (ReleaseTag,),
        release_tags,
    ),
)
