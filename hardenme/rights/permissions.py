"""The least token of every kind for a selection of checks and targets, computed from the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields

from hardenme.engine.plan import Selection, of_repository, on_npm, sources
from hardenme.engine.target import ROOTS, Target
from hardenme.facts.github.permissions import CHANGES, PLACES, in_link, place_of
from hardenme.facts.github.token import CLASSIC, FINE_GRAINED, INSTALLATION, OAUTH
from hardenme.facts.npm.account import GRANULAR, SESSION, NpmAccount
from hardenme.facts.npm.rights import OF_PACKAGES, ONE_TIME_PASSWORD
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.check import Check
from hardenme.model.fact import RAW, Fact
from hardenme.model.least import ALL, PUBLIC, SELECTED, Gap, LeastToken, Permissions, Right, Role
from hardenme.model.pages import GITHUB_WEB
from hardenme.model.permission import Requirement
from hardenme.rights.holders import HOLDERS, HolderVisibility, TokenHolder
from hardenme.rights.least import Rights, least, meets
from hardenme.rights.needs import PROVIDERS, Kinds, Needs, Reach
from hardenme.rights.token_creation import made


def guarded(check: Check) -> Iterator[tuple[str, Requirement]]:
    """The guarded keys that a check's facts are read from, with what shows them to a token.

    The requested facts show which keys are guarded; the check's own facts show, field by field,
    from which keys they were made.
    """
    needs = {key: need for kind in sources(check.facts) for key, need in kind.guarded_keys.items()}
    own = (item for kind in check.facts for item in fields(kind))
    seen = {key for item in own for key in item.metadata.get(RAW, ())}
    yield from ((key, needs[key]) for key in sorted(seen & needs.keys()))


ALONE = {
    "local": frozenset({"local"}),
    "github": frozenset({"github", "attested"}),
    "npm": PROVIDERS - {"local"},
}
"""Who is asked where only targets of a provider are looked at."""
PLACES_IN_ORDER = ("", *PLACES)
OWNER_ROOTS = ("github:org",)
"""What an owner on GitHub is taken for: of another person's account only what is public shows."""
PACKAGE = "{package}"
"""Contained in the source of what npm shows about a package."""
OTP = "npm asks for a one-time password: add --interactive"
NO_ROLE = "an app has no role, and without one GitHub may show less and not say so"
ANOTHER_OWNER = "if another owner has the package's repository, this needs that owner's token"
QUESTION = "no API shows it: look at the page and answer with `hardenme attest`"


@dataclass(slots=True)
class _Use:
    """What one credential is used for.

    Attributes:
        owner: whose data it reads; empty for the account's own.
        targets: what is looked at with it.
        needs: of the checks that ask with it; only the facts that it is asked for.
    """

    owner: str = ""
    targets: list[Target] = field(default_factory=list)
    needs: list[Needs] = field(default_factory=list)


def permissions(
    plan: Selection,
    targets: Iterable[Target],
    *,
    web: str = GITHUB_WEB,
    registry: str = REGISTRY,
    days: int = 30,
) -> Permissions:
    """Say the least tokens for a plan, without asking anyone.

    Args:
        plan: what is checked, and how deep.
        targets: what is looked at; an owner on GitHub is taken for an organization.
        web: the address of GitHub's web pages.
        registry: the address of the npm registry.
        days: after how many a token ends, where that can be filled in.
    """
    named = tuple(dict.fromkeys(targets))
    found = {target: needs_of(plan, target) for target in named}
    github = _by_owner(found, "github")
    npm = [use for use in _by_owner(found, "npm").values() if _takes(use)]
    everything = [one for needs in found.values() for one in needs]
    free = [one for one in everything if all(map(_is_free, one.all))]
    concerned = {one.check.code for one in everything}

    def token(kind: str, uses: Iterable[_Use], address: str) -> Iterator[LeastToken]:
        uses = list(uses)
        if uses:
            yield _token(HOLDERS[kind], uses, address, days)

    tokens = [
        *(item for use in github.values() for item in token(FINE_GRAINED, [use], web)),
        *(item for use in github.values() if use.owner for item in token(INSTALLATION, [use], web)),
        *token(CLASSIC, github.values(), web),
        *token(OAUTH, github.values(), web),
        *token(SESSION, npm, registry),
        *token(GRANULAR, npm, registry),
    ]
    return Permissions(
        targets=tuple(target.text for target in named),
        depth=str(plan.depth),
        checks=tuple(sorted(concerned)),
        tokens=tuple(tokens),
        free=_codes(free),
        public=_codes(one for one in free if any(map(_is_public, one.all))),
        person=tuple(_person(everything)),
        unconcerned=tuple(sorted({check.code for check in plan.checks} - concerned)),
        left_out=dict(plan.left_out),
    )


def needs_of(plan: Selection, target: Target) -> list[Needs]:
    """What the checks need that have something to judge where a target is looked at."""
    providers = ALONE.get(target.provider, PROVIDERS)
    roots = ROOTS.get(target.kind, OWNER_ROOTS)
    joined = target.kind == "me" or target.provider == "npm"
    return Reach(roots, providers, plan.facts, joined=joined).of(plan.checks)


def _by_owner(found: dict[Target, list[Needs]], provider: str) -> dict[str, _Use]:
    """What each credential of a provider is used for; npm has one for everything."""
    uses: dict[str, _Use] = {}
    for target, needs in found.items():
        owner = target.name.partition("/")[0] if target.provider == provider == "github" else ""
        own = [_only(one, lambda kind: kind.asked_at == provider) for one in needs]
        own = [one for one in own if one.all]
        if own:
            use = uses.setdefault(owner.lower(), _Use(owner))
            use.targets.append(target)
            use.needs += own
    return uses


def _only(needs: Needs, keeps: Callable[[type[Fact]], bool]) -> Needs:
    return Needs(
        needs.check, frozenset(filter(keeps, needs.must)), frozenset(filter(keeps, needs.may))
    )


def _takes(use: _Use) -> bool:
    """Whether anything of it takes a token at all."""
    return any(not _is_free(kind) for one in use.needs for kind in one.all)


def _is_free(kind: type[Fact]) -> bool:
    """Whether a fact is shown without any token."""
    if kind.asked_at == "github" or kind is NpmAccount:
        return False
    return not kind.requirement.alternatives


def _codes(needs: Iterable[Needs]) -> tuple[str, ...]:
    return tuple(sorted({one.check.code for one in needs}))


def _person(needs: list[Needs]) -> Iterator[Gap]:
    """What a person has to be asked."""
    for whole in (True, False):
        present = _codes(one for one in needs if any(map(_is_proof, _part(one, whole=whole))))
        if present:
            yield Gap(OTP, present, whole)
    manual = _codes(one for one in needs if one.check.may_ask)
    if manual:
        yield Gap(QUESTION, manual, whole=False)


def _is_proof(kind: type[Fact]) -> bool:
    alternatives = kind.requirement.alternatives
    return any(item.name == ONE_TIME_PASSWORD for option in alternatives for item in option)


def _part(needs: Needs, *, whole: bool) -> Kinds:
    return needs.must if whole else needs.may


def _token(holder: TokenHolder, uses: list[_Use], address: str, days: int) -> LeastToken:
    """The least token of one kind for several uses together."""
    needs = [one for use in uses for one in use.needs]
    sight = HolderVisibility(holder, frozenset(kind for one in needs for kind in one.all))
    answered = [sight.readable(one) for one in needs if not sight.hides(one)]
    options = {kind: _options(holder, kind) for one in answered for kind in one.all}
    names = least(options.values(), holder.cost)
    owner = uses[0].owner if holder.of_one_owner else ""
    targets = tuple(dict.fromkeys(target for use in uses for target in use.targets))
    ways = made(holder.kind, names, owner=owner, web=address, days=days, targets=targets)
    reach = _reach(targets, names) if holder.of_one_owner else ""
    return LeastToken(
        provider=holder.provider,
        kind=holder.kind,
        owner=owner,
        web=address,
        targets=tuple(target.text for target in targets),
        checks=_codes(needs),
        answered=_codes(answered),
        rights=tuple(_rights(answered, options, names, _linked(holder, names, ways["link"]))),
        reach=reach if answered else "",
        repositories=tuple(target.name for target in targets) if reach == SELECTED else (),
        roles=tuple(_roles(answered, holder, names)),
        gaps=(*_gaps(needs, sight.unreadable), *_in_part(answered, holder, owner)),
        refused=(*_gaps(needs, sight.refused), *_guarded(answered, holder)),
        **(ways if answered else {}),
    )


def _options(holder: TokenHolder, kind: type[Fact]) -> tuple[Rights, ...]:
    """The rights that open a fact, or what of it is not open to anyone."""
    closed = OF_PACKAGES if _is_public(kind) else kind.requirement
    return holder.options(closed)


def _is_public(kind: type[Fact]) -> bool:
    """Whether npm shows a fact of a public package to anyone, and of a private one to who may."""
    return _is_free(kind) and kind.asked_at == "npm" and PACKAGE in kind.source


def _reach(targets: tuple[Target, ...], names: Rights) -> str:
    """Which repositories a token of one owner is to be given."""
    if not any(place_of(name) == "repository" for name in names):
        return PUBLIC
    return SELECTED if all(target.kind == "github-repo" for target in targets) else ALL


def _linked(holder: TokenHolder, names: Rights, link: str) -> Rights:
    """The rights that the prefilled page takes, where there is one."""
    if not link:
        return frozenset()
    return frozenset(filter(in_link, names)) if holder.kind == FINE_GRAINED else names


def _rights(
    needs: list[Needs], options: dict[type[Fact], tuple[Rights, ...]], names: Rights, linked: Rights
) -> Iterator[Right]:
    """Each right with the checks that cannot do without it: the rest of them does not suffice."""
    for name in sorted(names, key=lambda name: (PLACES_IN_ORDER.index(place_of(name)), name)):
        rest = names - {name}
        lost = {kind for kind, open_ in options.items() if open_ and not meets(rest, open_)}
        behind = set(filter(_is_public, lost))
        needed = _codes(one for one in needs if one.must & (lost - behind))
        more = _codes(one for one in needs if one.may & lost or one.all & behind)
        yield Right(
            name,
            place_of(name),
            needed,
            tuple(code for code in more if code not in needed),
            CHANGES.get(name, ""),
            linked=name in linked,
        )


def _roles(needs: list[Needs], holder: TokenHolder, names: Rights) -> Iterator[Role]:
    found: dict[str, list[Needs]] = {}
    for one in needs:
        for kind in one.must:
            for name in holder.roles(kind.requirement, names):
                found.setdefault(name, []).append(one)
    return (Role(name, _codes(found[name])) for name in sorted(found))


def _gaps(needs: list[Needs], why: Callable[[type[Fact]], str]) -> Iterator[Gap]:
    """What stays unknown, by why; first what leaves a check without any answer."""
    reasons = {kind: why(kind) for kind in {kind for one in needs for kind in one.all}}
    lost = set[str]()
    for whole in (True, False):
        found: dict[str, set[str]] = {}
        for one in needs:
            for kind in _part(one, whole=whole):
                if (reason := reasons[kind]) and one.check.code not in lost:
                    found.setdefault(reason, set()).add(one.check.code)
        for reason in sorted(found):
            yield Gap(reason, tuple(sorted(found[reason])), whole)
        lost = set[str]().union(*found.values())


def _in_part(needs: list[Needs], holder: TokenHolder, owner: str) -> Iterator[Gap]:
    """What tokens of one kind can read for some subjects, or some answers, and not for others."""
    if holder.kind == INSTALLATION:
        judged = _codes(one for one in needs if any(kind.judged_by_role for kind in one.all))
        if judged:
            yield Gap(NO_ROLE, judged, whole=False)
    elif holder.of_one_owner and not owner:
        joined = (one for one in needs if on_npm(one.check.subject_fact))
        others = _codes(one for one in joined if any(map(of_repository, one.all)))
        if others:
            yield Gap(ANOTHER_OWNER, others, whole=False)


def _guarded(needs: list[Needs], holder: TokenHolder) -> Iterator[Gap]:
    found: dict[str, list[Needs]] = {}
    for one in needs:
        for key, requirement in guarded(one.check):
            if rights := holder.refused(requirement):
                which = " or ".join(" and ".join(sorted(option)) for option in rights)
                why = f"{which}, which is what shows `{key}`"
                found.setdefault(why, []).append(one)
    return (Gap(why, _codes(found[why]), whole=False) for why in sorted(found))
