"""Reads whether the repositories that packages and trusted publishers name still have that name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read
from hardenme.collectors.fact_store import FactStore, named_repository
from hardenme.collectors.github.asking import fetch
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import refusal, scopes
from hardenme.collectors.protocol import Collector
from hardenme.collectors.transport.origin import Origin
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.facts.github import endpoints
from hardenme.facts.github.named import GONE, OWNER_GONE, RENAMED, THERE, NamedRepository
from hardenme.facts.github.token import CLASSIC
from hardenme.facts.npm.package import PackageRepository
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer, Fact
from hardenme.model.pages import GITHUB_WEB
from hardenme.model.permission import NOTHING
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

ABSENT = 404
MANAGED = "_"
"""Part of the names of accounts that an enterprise manages, and of no others. No one outside sees
them, and no one else can take their names."""


def repository(github: GitHub | None, scope: Subject, store: FactStore) -> Iterator[Answer[Any]]:
    """GET /repos/{owner}/{repo}, once for each repository; then of its owner, if it is not seen."""
    namer: Fact | None = store.fact(TrustedPublisher, scope) or store.fact(PackageRepository, scope)
    name = named_repository(namer) if namer is not None else ""
    if github is None or not _is_npms(github):
        why = Unknown(Reason.NOT_PERMITTED, "a token of github.com, whose names npm knows")
        yield nothing(NamedRepository, scope, why)
        return
    if namer is None or not name:
        needed = "the name of a repository on GitHub"
        yield nothing(NamedRepository, scope, Unknown(Reason.NOT_ASKED, needed))
        return
    found = _state_of(github, name)
    if isinstance(found, Unknown):
        yield nothing(NamedRepository, scope, found)
        return
    state, current, atoms = found
    fact = NamedRepository(
        subject=scope,
        within=namer.within,
        label=name,
        web=github.web,
        named=name,
        state=state,
        current=current,
    )
    yield Answer(NamedRepository, scope, (fact,), atoms)


def _is_npms(github: GitHub) -> bool:
    """Whether this GitHub is the one whose repositories npm knows; one on this machine counts."""
    origin = Origin.of(github.web)
    return origin == Origin.of(GITHUB_WEB) or origin.on_this_machine


def _state_of(github: GitHub, name: str) -> tuple[str, str, tuple[Atom, ...]] | Unknown:
    """What is known about a name: its state, its current form, and the answers."""
    try:
        response = github.get(endpoints.REPOSITORY.at(name))
    except NoAnswerError as error:
        return error.unknown
    if response.status == ABSENT:
        return _absent(github, name, response)
    told = fetch(github, endpoints.REPOSITORY.at(name), NamedRepository.requirement)
    if isinstance(told, Unknown):
        return told
    current: Any = read(NamedRepository, told[1], "current")["current"]
    if isinstance(current, Unknown):
        return current
    same = current.lower() == name.lower()
    return THERE if same else RENAMED, current, (response.atom,)


def _absent(
    github: GitHub, name: str, response: Response
) -> tuple[str, str, tuple[Atom, ...]] | Unknown:
    """A 404 may hide a private repository; of an account that is not there it hides nothing."""
    hidden = refusal(response, NamedRepository.requirement, github.kind)
    owner = name.partition("/")[0]
    try:
        account = github.get(endpoints.USER.at(username=owner))
    except NoAnswerError as error:
        return error.unknown
    if account.status == ABSENT and MANAGED not in owner:
        return OWNER_GONE, "", (response.atom, account.atom)
    own = fetch(github, endpoints.ACCOUNT.at(), NOTHING)
    if isinstance(own, Unknown) or not account.ok:
        return hidden
    login = str(own[1].data.get("login", "")).lower()
    held = scopes(own[0].headers.get("x-oauth-scopes", ""))
    if login == owner.lower() and github.kind == CLASSIC and "repo" in held:
        return GONE, "", (response.atom, own[0].atom)
    return hidden


COLLECTORS = (
    Collector(
        "repositories that npm names",
        (NamedRepository,),
        repository,
        of=(TrustedPublisher, PackageRepository),
    ),
)
