"""What `hardenme person` is asked, checked: about whom, why, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import run_config
from hardenme.derive.handover import FACTS, PersonLeaving
from hardenme.engine.plan import with_facts
from hardenme.engine.run_config import RunConfig
from hardenme.ground.errors import UsageError
from hardenme.ground.names import LOGIN, NPM_ACCOUNT
from hardenme.model.handover import Mode

WHOM = "say whose access: hardenme person LOGIN"
ONE = "say why, by one of: --leaves, --stolen, --hands-over-to LOGIN"


def wanted(  # noqa: PLR0913 (each is an option of the command line)
    login: str,
    *,
    leaves: bool,
    stolen: bool,
    successor: str,
    npm: str,
    npm_successor: str,
    same_person: Sequence[str],
) -> PersonLeaving:
    """About whom, and why.

    Raises:
        UsageError: an option is not of its form, or they go against each other.
    """
    if not login:
        raise UsageError(WHOM)
    for name in filter(None, (login, successor)):
        if not LOGIN.fullmatch(name):
            raise UsageError(f"not a GitHub login: {name!r}")
    if successor.lower() == login.lower():
        raise UsageError("no one hands over to themselves")
    if leaves + stolen + bool(successor) != 1:
        raise UsageError(ONE)
    linked = {}
    for text in same_person:
        name, equals, other = text.partition("=")
        if not (name and equals and other) or "=" in other:
            raise UsageError(f"--same-person takes GITHUB=NPM; not {text!r}")
        linked[name.strip().lower()] = other.strip()
    mode = Mode.STOLEN if stolen else Mode.HANDS_OVER if successor else Mode.LEAVES
    npm = npm or linked.get(login.lower(), "")
    npm_successor = npm_successor or linked.get(successor.lower(), "")
    _demand_npm(npm, npm_successor)
    return PersonLeaving(login, npm, mode, successor, npm_successor)


def _demand_npm(name: str, successor: str) -> None:
    """See to it that both can be accounts on npm, and are two.

    Raises:
        UsageError: one cannot be, or they are the same.
    """
    for one in filter(None, (name, successor)):
        if not NPM_ACCOUNT.fullmatch(one):
            raise UsageError(f"not the name of an npm account: {one!r}")
    if name and name.lower() == successor.lower():
        raise UsageError("--npm and --npm-successor name the same account")


def asked(given: OptionValues) -> RunConfig:
    """What the run asks.

    Raises:
        UsageError: one is not of its form.
    """
    config = run_config(given)
    return replace(config, selection=with_facts(config.selection, FACTS))
