"""Reads the delivery logs of webhooks, and keeps what shows that someone did something."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import takewhile
from typing import Any

from hardenme.collectors.answer import nothing
from hardenme.collectors.declared import read as declared_fields
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.pages import LINK, PER_PAGE
from hardenme.collectors.github.refusal import refusal, sso_left_out
from hardenme.collectors.price import Per, Price
from hardenme.collectors.protocol import Collector
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github.deliveries import HookDelivery, OrganizationDelivery, RepositoryDelivery
from hardenme.facts.github.hooks import OrganizationHook, RepositoryHook, Webhook, parted
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError, Reason, Unknown

KEPT = timedelta(days=3)
"""How long GitHub keeps a delivery."""
MOST_PAGES = 10
FAILURES = 3
"""How many in a row that did not arrive are more than an accident."""
AT_ONCE = timedelta(minutes=10)
"""Between two that someone had sent again, where they count as one."""
NEAREST = 8
"""Deliveries next to the webhook's last change of which the address is looked up."""
SERIES = 8
"""Deliveries that someone had sent again of which the address is looked up, the newest."""
NOT_LOOKED_UP = "a look at {number} on the webhook's page: to which host each of them went"
ACCESS = frozenset(
    [
        "branch_protection_configuration.disabled",
        "branch_protection_rule.deleted",
        "branch_protection_rule.edited",
        "deploy_key.created",
        "member.added",
        "member.edited",
        "membership.added",
        "meta.deleted",
        "organization.member_added",
        "organization.member_invited",
        "personal_access_token_request.approved",
        "public",
        "repository.publicized",
        "repository.transferred",
        "repository_ruleset.deleted",
        "repository_ruleset.edited",
        "security_and_analysis",
        "team.added_to_repository",
        "team.edited",
    ]
)
"""Events that give access or remove a safeguard, with their action."""


class _Log:
    """The deliveries of one webhook, the newest first.

    Attributes:
        rows: each as its fields, some of which may be unknown.
        evidence: the answers.
        missing: why it is not all of the log.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[str, dict[str, Any]]] = []
        self.evidence: tuple[Atom, ...] = ()
        self.missing: Unknown | None = None


def _log(github: GitHub, kind: type[HookDelivery], path: str) -> _Log:
    """All pages of a log, up to the age at which GitHub drops deliveries."""
    found, source = _Log(), f"GET {path}"
    url = f"{github.session.base}{path}?per_page={PER_PAGE}"
    for _ in range(MOST_PAGES):
        try:
            response = github.session.get_url(url, store=False)
            data = response.json() if response.ok else None
        except NoAnswerError as error:
            found.missing = error.unknown
            return found
        found.evidence = (*found.evidence, response.atom)
        if not response.ok:
            found.missing = refusal(response, kind.requirement, github.kind)
        elif (left_out := sso_left_out(response)) is not None:
            found.missing = left_out
        elif not isinstance(data, list):
            needed = f"{source} must answer with a list"
            found.missing = Unknown(Reason.MALFORMED, needed, evidence=(response.atom,))
        else:
            _add(found, kind, source, data)
        links = {rel: at for at, rel in LINK.findall(response.headers.get("link", ""))}
        url = links.get("next", "")
        if found.missing is not None or not url or _old(found, response.atom.observed_at):
            return found
    needed = f"more than the newest {len(found.rows):,} deliveries of {source}"
    found.missing = Unknown(Reason.INCOMPLETE, needed, evidence=found.evidence)
    return found


def _add(found: _Log, kind: type[HookDelivery], source: str, data: Sequence[Any]) -> None:
    """Take a page. What it must show of each delivery and does not makes the log incomplete."""
    for raw in data:
        item = Item(raw, source)
        try:
            number = item.identity("id")
        except NotKnownError as error:
            found.missing = found.missing or error.unknown
            continue
        told = declared_fields(kind, item)
        unread = next((one for one in told.values() if isinstance(one, Unknown)), None)
        found.missing = found.missing or unread
        found.rows.append((number, told))


def _old(found: _Log, now: datetime) -> bool:
    at = found.rows[-1][1]["delivered_at"] if found.rows else None
    return isinstance(at, datetime) and now - at > KEPT


def _first_failure(rows: Sequence[tuple[str, dict[str, Any]]]) -> str:
    """The first of those that did not arrive, where one before them did; empty if there is none."""
    failed = list(takewhile(lambda row: row[1]["arrived"] is False, rows))
    before = rows[len(failed)][1]["arrived"] if len(failed) < len(rows) else None
    return failed[-1][0] if before is True and len(failed) >= FAILURES else ""


def _sent_again(rows: Sequence[tuple[str, dict[str, Any]]]) -> list[str]:
    """The first delivery of each series that someone had sent again."""
    found: list[str] = []
    before: datetime | None = None
    for number, told in reversed(rows):
        at = told["delivered_at"]
        if told["redelivery"] is True and isinstance(at, datetime):
            if before is None or at - before > AT_ONCE:
                found.append(number)
            before = at
    return found


def _before_change(rows: Sequence[tuple[str, dict[str, Any]]], changed: datetime) -> list[str]:
    """The deliveries from before the webhook was changed, which may have gone elsewhere."""
    return [
        number
        for number, told in rows
        if isinstance(told["delivered_at"], datetime) and told["delivered_at"] < changed
    ]


def _nearest(before: Sequence[str]) -> list[str]:
    """Those that are looked up: the nearest to the change, and ever fewer of the others.

    They are the same ones in each run, though the oldest leave the log.
    """
    return [
        number
        for place, number in enumerate(before)
        if place < NEAREST or (place + 1).bit_count() == 1
    ]


def _elsewhere(github: GitHub, kind: type[HookDelivery], path: str, host: str) -> str | Unknown:
    """The host that a delivery went to, if that is not the webhook's. The rest is not kept."""
    try:
        response = github.get(path, store=False)
        if not response.ok:
            return refusal(response, kind.requirement, github.kind)
        data = response.json()
    except NoAnswerError as error:
        return error.unknown
    address = data.get("url") if isinstance(data, dict) else None
    try:
        found = parted(address)[1] if isinstance(address, str) else ""
    except ValueError:
        found = ""
    if not found:
        needed = "the address of each delivery that is looked up"
        return Unknown(Reason.MALFORMED, needed, evidence=(response.atom,))
    return "" if found == host else found


def _not_looked_up(numbers: Collection[str], seen: tuple[Atom, ...]) -> dict[str, Unknown]:
    """Why it is not known where the others went."""
    deliveries = "1 delivery" if len(numbers) == 1 else f"{len(numbers):,} deliveries"
    needed = NOT_LOOKED_UP.format(number=deliveries)
    return dict.fromkeys(numbers, Unknown(Reason.INCOMPLETE, needed, evidence=seen))


def deliveries(
    kind: type[HookDelivery],
    hooks: type[Webhook],
    github: GitHub,
    scope: Subject,
    store: FactStore,
) -> Iterator[Answer[Any]]:
    """GET …/hooks/{hook_id}/deliveries, and of a few of them the address that they went to."""
    hook = store.fact(hooks, scope)
    if hook is None:
        yield nothing(kind, scope, Unknown(Reason.NOT_ASKED, "the webhook"))
        return
    unknown = hook.unknown_fields()
    needed = ("number", "host", "updated_at")
    lost = next((unknown[name] for name in needed if name in unknown), None)
    if lost is not None:
        yield nothing(kind, scope, lost)
        return
    path = kind.endpoint.at(hook.within.name, hook_id=hook.number)
    log = _log(github, kind, path)
    failing = _first_failure(log.rows)
    before, again = _before_change(log.rows, hook.updated_at), _sent_again(log.rows)
    went: dict[str, Any] = {
        number: _elsewhere(github, kind, f"{path}/{number}", hook.host)
        for number in dict.fromkeys((*_nearest(before), *again[-SERIES:]))
    }
    went |= _not_looked_up({*before, *again} - went.keys(), log.evidence)
    missing = log.missing or next((one for one in went.values() if type(one) is Unknown), None)
    facts = tuple(
        kind(
            subject=Subject("github", kind.endpoint.kind, f"{scope.name}/{number}"),
            within=hook.within,
            label=_label(told),
            web=github.web,
            **told,
            failing=number == failing,
            elsewhere=went.get(number, ""),
        )
        for number, told in log.rows
        if number == failing
        or number in again
        or _is_host(went.get(number))
        or _label(told) in ACCESS
    )
    yield Answer(kind, scope, facts, log.evidence, missing)


def _is_host(found: Any) -> bool:
    return isinstance(found, str) and bool(found)


def _label(told: dict[str, Any]) -> str:
    """The event with its action, as GitHub's page names it."""
    parts = (told["event"], told["action"])
    return ".".join(part for part in parts if isinstance(part, str))


def _collector(name: str, kind: type[HookDelivery], hooks: type[Webhook]) -> Collector:
    prices = (Price(Per.ITEM, at_most=True),)
    read = partial(deliveries, kind, hooks)
    return Collector(name, (kind,), read, of=(hooks,), priced=prices)


COLLECTORS = (
    _collector("deliveries of the organization's webhooks", OrganizationDelivery, OrganizationHook),
    _collector("deliveries of repositories' webhooks", RepositoryDelivery, RepositoryHook),
)
