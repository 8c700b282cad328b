"""The options of `hardenme check`, checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from hardenme.engine.catalogue import SelectionError, catalogue, matches, select
from hardenme.engine.plan import Plan, plan
from hardenme.engine.target import Target, TargetError
from hardenme.facts.mail import OPT_IN as NETWORK_LOOKUPS
from hardenme.facts.npm.site import REGISTRY
from hardenme.model.profile import PROFILES
from hardenme.model.severity import Severity
from hardenme.model.unknown import Reason
from hardenme.reports import FORMATS


class UsageError(Exception):
    """An option that is not of its form; the text says what is."""


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
        output_format: a key of `FORMATS`.
    """

    targets: tuple[Target, ...]
    plan: Plan
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
    output_format: str

    @classmethod
    def of(cls, **raw: Any) -> Self:
        """Check the raw options.

        Raises:
            UsageError: one is not of its form.
        """
        try:
            targets = tuple(dict.fromkeys(Target.parse(text) for text in raw["targets"]))
            checks = select(_split(raw["select"]), _split(raw["ignore"]))
            fail_on = Severity.parse(raw["fail_on"])
        except (TargetError, SelectionError, ValueError) as error:
            raise UsageError(str(error)) from None
        if raw["ca_file"] and not Path(raw["ca_file"]).is_file():
            raise UsageError(f"--ca-file names no file: {raw['ca_file']}")
        _one_of("--profile", raw["profile"], ("", *PROFILES))
        _one_of("--format", raw["output_format"], tuple(FORMATS))
        allowed = tuple(_split(raw["allow_unknown"]))
        for name in allowed:
            _allowable(name)
        opted_in = (NETWORK_LOOKUPS,) if raw["network_lookups"] else ()
        return cls(
            targets=targets,
            plan=plan(checks, opted_in),
            profile=raw["profile"],
            fail_on=fail_on,
            allow_unknown=allowed,
            include=tuple(_split(raw["include"])),
            exclude=tuple(_split(raw["exclude"])),
            archived=raw["archived"],
            local=raw["local"],
            as_login=raw["as_login"],
            github_url=raw["github_url"],
            npm_registry=raw["npm_registry"] or REGISTRY,
            workers=raw["workers"],
            ca_file=raw["ca_file"],
            output_format=raw["output_format"],
        )


def _split(names: Iterable[str]) -> list[str]:
    return [part.strip() for name in names for part in name.split(",") if part.strip()]


def _one_of(option: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        names = ", ".join(name for name in allowed if name)
        raise UsageError(f"{option} takes one of: {names}; not {value!r}")


def _allowable(name: str) -> None:
    reasons = {reason.value for reason in Reason} | {"ERRORED"}
    if name.upper() in reasons:
        return
    if not any(matches(check.code, check.slug, name) for check in catalogue()):
        raise UsageError(
            f"--allow-unknown takes codes, slugs, families or one of: {', '.join(sorted(reasons))};"
            f" not {name!r}"
        )
