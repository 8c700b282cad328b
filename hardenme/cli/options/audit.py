"""The options of `hardenme check`, checked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Self

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.origins import Settled
from hardenme.cli.options.subjects import suggestion
from hardenme.cli.options.trust_root import TrustRoot
from hardenme.collectors.transport.pace import Budget
from hardenme.config.table.access import (
    APP_ID,
    APP_KEY,
    AS,
    CA_FILE,
    GITHUB_URL,
    NPM_REGISTRY,
    TRUST_ROOT,
)
from hardenme.config.table.result import ALLOW_UNKNOWN, FAIL_ON, FORMAT, SAVE_FACTS
from hardenme.config.table.selection import (
    ARCHIVED,
    DEPTH,
    EXCLUDE,
    IGNORE,
    INCLUDE,
    INTERACTIVE,
    LOCAL,
    MAX_WAIT,
    MEMBER,
    NETWORK_LOOKUPS,
    PLAN,
    PROFILE,
    RATE_BUDGET,
    RESUME,
    SELECT,
    SINCE,
    TARGET,
    WORKERS,
)
from hardenme.engine.catalogue import catalogue, matches, select
from hardenme.engine.plan import Selection, plan
from hardenme.engine.target import Target
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.errors import UsageError
from hardenme.ground.names import LOGIN
from hardenme.model.check import Check
from hardenme.model.depth import Depth
from hardenme.model.profile import PROFILES
from hardenme.model.severity import Severity
from hardenme.model.unknown import Reason
from hardenme.reports import FORMATS

FEW, SWEEPING = 4, 8
"""Requests at once, and where an organization is swept."""


def demand_file(ca_file: str) -> None:
    """See to it that `--ca-file`, where it was given, names a file with certificates.

    Raises:
        UsageError: it names none, or holds none.
    """
    if not ca_file:
        return
    if not Path(ca_file).is_file():
        raise UsageError(f"--ca-file names no file: {ca_file}")
    from hardenme.collectors.transport.authorities import trusting  # noqa: PLC0415 (start-up)

    try:
        trusting(ca_file)
    except OSError:
        raise UsageError(
            f"--ca-file holds no certificate in PEM that can be read: {ca_file}"
        ) from None


@dataclass(frozen=True, slots=True)
class AppLogin:
    """A GitHub App that asks.

    Attributes:
        number: its ID.
        key: the file of its private key.
    """

    number: int
    key: Path


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What the user asked, checked against what there is.

    Attributes:
        targets: what to look at.
        plan: what to check.
        profile: by name; empty to choose.
        fail_on: the severity from which a failure counts.
        allow_unknown: what may stay unknown.
        include: patterns of repositories.
        exclude: patterns of repositories.
        archived: whether archived ones are looked at.
        local: whether `me` takes in this machine.
        as_login: the account that the GitHub token must be of.
        github_url: as the user named it.
        npm_registry: the registry's address.
        workers: requests at once.
        ca_file: certificate authorities in place of the usual ones.
        trust_root: what provenance is verified by; None for the public trust root.
        selection: what narrows what is looked at, as text; it stays the same when hardenme learns
            more checks.
        output_format: a key of `FORMATS`, or `ALERTS`.
        budget: how much the run may use of what GitHub allows; None for all of it.
        max_wait: seconds of a rate limit that are waited out.
        resume: whether a run that was stopped is gone on with.
        planned: whether the plan alone is wanted.
        member: whom the checklist is for; empty for everybody.
        since: the age in days up to which releases are judged; None for what the profile says.
        watch: whether it is a look at releases for a timer: nothing is asked of accounts, and it
            does not stand in the way of another run.
        app: the GitHub App that asks; None for none.
        interactive: whether the person at the terminal is asked for npm's second factor.
        settled: what files and variables said, beside the values of options.
        save_facts: the file to which what was read goes; None for nowhere.
        window: how far back it is asked what was done in repositories; None for not at all.
    """

    targets: tuple[Target, ...]
    plan: Selection
    profile: str
    fail_on: Severity
    allow_unknown: tuple[str, ...]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    archived: bool
    local: bool
    as_login: str
    github_url: str
    npm_registry: str
    workers: int
    ca_file: str
    trust_root: TrustRoot | None
    selection: str
    output_format: str
    budget: Budget | None
    max_wait: int
    resume: bool
    planned: bool
    member: str
    since: int | None
    watch: bool
    app: AppLogin | None
    interactive: bool
    settled: Settled
    save_facts: Path | None
    window: timedelta | None = None

    @classmethod
    def of(cls, given: OptionValues, *, watch: bool = False) -> Self:
        """Check what was given.

        Raises:
            UsageError: an option is not of its form.
        """
        try:
            return cls._of(given, watch=watch)
        except UsageError as error:
            raise UsageError(given.settled.hint(str(error))) from None

    @classmethod
    def _of(cls, given: OptionValues, *, watch: bool) -> Self:
        root = given[TRUST_ROOT]
        try:
            depth = Depth.parse(given[DEPTH])
            targets = tuple(dict.fromkeys(Target.parse(text) for text in given[TARGET] or ("me",)))
            checks = select(split(given[SELECT]), split(given[IGNORE]))
            fail_on = Severity.parse(given[FAIL_ON])
            trust_root = TrustRoot.read(root) if root else None
        except ValueError as error:
            raise UsageError(str(error)) from None
        demand_file(given[CA_FILE])
        _one_of("--profile", given[PROFILE], ("", *PROFILES))
        _one_of("--format", given[FORMAT], tuple(FORMATS))
        allowed = tuple(split(given[ALLOW_UNKNOWN]))
        for name in allowed:
            _allowable(name)
        opted_in = (NETWORK_LOOKUPS.option,) if given[NETWORK_LOOKUPS] else ()
        planned = plan(checks, opted_in, depth)
        narrowed(planned, checks, given)
        return cls(
            targets=targets,
            plan=planned,
            profile=given[PROFILE],
            fail_on=fail_on,
            allow_unknown=allowed,
            include=tuple(split(given[INCLUDE])),
            exclude=tuple(split(given[EXCLUDE])),
            archived=given[ARCHIVED],
            local=given[LOCAL],
            as_login=given[AS],
            github_url=given[GITHUB_URL],
            npm_registry=given[NPM_REGISTRY] or REGISTRY,
            workers=given[WORKERS] or _workers(targets),
            ca_file=given[CA_FILE],
            trust_root=trust_root,
            selection=_selection(given),
            output_format=given[FORMAT],
            budget=_budget(given[RATE_BUDGET]),
            max_wait=given[MAX_WAIT],
            resume=given[RESUME],
            planned=given[PLAN],
            member=_login(given[MEMBER]),
            since=given.where_it_is(SINCE),
            watch=watch,
            app=_app(given[APP_ID], given[APP_KEY], targets),
            interactive=given[INTERACTIVE],
            settled=given.settled,
            save_facts=_facts_file(given[SAVE_FACTS], resume=given[RESUME], plan=given[PLAN]),
        )

    def owners(self) -> tuple[str, ...]:
        """The GitHub owners that targets name, in lower case, each once."""
        return _owners(self.targets)


def narrowed(planned: Selection, checks: Sequence[Check], given: OptionValues) -> None:
    """Count in a plan the checks that are left out by what a file or a variable selects.

    Who gives an option sees what it leaves out; a file may be somebody else's, or forgotten.
    """
    settled = given.settled
    told = [[] if settled.narrowed(one.name) else split(given[one]) for one in (SELECT, IGNORE)]
    left_out = len(select(*told)) - len(checks)
    if left_out:
        planned.left_out[f"not selected by {settled.narrowed('select', 'ignore')}"] = left_out


def _selection(given: OptionValues) -> str:
    names = {"select": SELECT, "ignore": IGNORE, "include": INCLUDE, "exclude": EXCLUDE}
    lists = {name: sorted(split(given[option])) for name, option in names.items()}
    plain = {option.name: given[option] for option in (ARCHIVED, LOCAL, MEMBER, DEPTH)}
    return json.dumps({**lists, **plain})


def _owners(targets: Iterable[Target]) -> tuple[str, ...]:
    named = (target for target in targets if target.kind in {"github-owner", "github-repo"})
    return tuple(dict.fromkeys(target.name.partition("/")[0].lower() for target in named))


def _workers(targets: Iterable[Target]) -> int:
    """Requests at once: more where an organization's repositories are gone through."""
    sweeps = any(target.kind == "github-owner" for target in targets)
    return SWEEPING if sweeps else FEW


def _budget(text: str) -> Budget | None:
    if not text:
        return Budget()
    if text == "off":
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise UsageError(f"--rate-budget takes a number of requests an hour, or off; not {text!r}")
    return Budget(most=int(text))


def _facts_file(name: str, *, resume: bool, plan: bool) -> Path | None:
    if not name:
        return None
    if resume:
        raise UsageError(
            "--save-facts and --resume do not go together: what an earlier run read is gone"
        )
    if plan:
        raise UsageError("--save-facts keeps what was read, and --plan reads nothing")
    return Path(name)


def _login(text: str) -> str:
    if text and not LOGIN.fullmatch(text):
        raise UsageError(f"--member takes a GitHub login; not {text!r}")
    return text


def _app(number: int, key: str, targets: Iterable[Target]) -> AppLogin | None:
    if bool(number) != bool(key):
        raise UsageError("--app-id and --app-key go together: the app's ID and its private key")
    if not number:
        return None
    if not _owners(targets):
        raise UsageError("a GitHub App asks about organizations: name one, as github:ORG")
    try:
        return AppLogin(number, Path(key).expanduser())
    except RuntimeError:
        raise UsageError(f"--app-key {key}: there is no such home") from None


def split(names: Iterable[str]) -> list[str]:
    """The single names of options that take several, with commas between them or repeated."""
    return [part.strip() for name in names for part in name.split(",") if part.strip()]


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        names = ", ".join(name for name in allowed if name)
        near = suggestion(value, allowed)
        raise UsageError(f"{option} takes one of: {names}; not {value!r}{near}")


def _allowable(name: str) -> None:
    reasons = {reason.value for reason in Reason} | {"ERRORED"}
    if name.upper() in reasons:
        return
    if not any(matches(check.code, check.slug, name) for check in catalogue()):
        raise UsageError(
            f"--allow-unknown takes codes, slugs, families or one of: {', '.join(sorted(reasons))};"
            f" not {name!r}"
        )
