"""`--all-organizations` and `--enterprise`: the targets of a run, as GitHub lists them."""

from __future__ import annotations

from collections.abc import Iterator

from hardenme.cli.audit.clients import Connection, github
from hardenme.cli.audit.tokens import AppLogin
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import with_organizations
from hardenme.collectors.github.organizations import (
    OrganizationList,
    organizations_in,
    organizations_of,
)
from hardenme.config.table.selection import (
    ALL_ORGANIZATIONS,
    ENTERPRISE,
    EXCLUDE_ORGANIZATION,
    INCLUDE_ORGANIZATION,
)
from hardenme.credentials.app import AppCredential
from hardenme.credentials.chain import TokenChain
from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.ground import names
from hardenme.ground.errors import CredentialError, HardenmeError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.model.text import visible
from hardenme.model.unknown import Reason, Unknown

CLASSIC = "a classic token with the scope read:org, or a GitHub App (--app-id, --app-key)"
OF_OWNER = "a classic token with the scope read:enterprise, of an owner of the enterprise"


def listed_organizations(
    given: OptionValues,
    config: RunConfig,
    connection: Connection,
    chain: TokenChain,
    login: AppLogin | None,
) -> RunConfig:
    """The run, of each organization that is listed and chosen by its name.

    What cannot be read stays a target, so that nothing of it counts as passed.

    Raises:
        CredentialError: there is no credential that lists any, or it is refused.
        UsageError: a name is not that of an enterprise.
        HardenmeError: no organization is listed or chosen.
    """
    lists = dict(_lists(given, connection, chain, login))
    entries = [
        entry
        for listed in lists.values()
        for entry in listed.entries
        if is_chosen(given, entry.login)
    ]
    if not entries:
        raise _nothing(lists)
    for entry in entries:
        if entry.suspended:
            given.console.say(
                f"the GitHub App is suspended on {entry.login}: nothing of it can be looked at"
            )
    missing = {listed.missing.needed: None for listed in lists.values() if listed.missing}
    why = f"not every organization was listed; it takes {'; '.join(missing)}" if missing else ""
    targets = [Target.of_organization(entry.login, entry.number) for entry in entries]
    return with_organizations(config, given, targets, why)


def is_chosen(given: OptionValues, login: str) -> bool:
    """Whether the options choose an organization of this name from a list."""
    chosen = RepositoryFilter(given[INCLUDE_ORGANIZATION], given[EXCLUDE_ORGANIZATION])
    return chosen.names(login)


def demand_list(given: OptionValues, *, asked: bool) -> None:
    """Demand that names of organizations are chosen from a list.

    Raises:
        UsageError: they are, and no list is asked for.
    """
    if not asked and (given[INCLUDE_ORGANIZATION] or given[EXCLUDE_ORGANIZATION]):
        raise UsageError(
            "--include-organization and --exclude-organization choose from --all-organizations or"
            " --enterprise NAME"
        )


def _lists(
    given: OptionValues, connection: Connection, chain: TokenChain, login: AppLogin | None
) -> Iterator[tuple[str, OrganizationList]]:
    """Each list that is asked for, by the option that asks for it.

    Raises:
        CredentialError: there is no credential that lists any, or it is refused.
        UsageError: a name is not that of an enterprise.
    """
    enterprises = given[ENTERPRISE]
    for name in enterprises:
        if not names.ENTERPRISE.fullmatch(name):
            raise UsageError(
                f"--enterprise {visible(name)}: the name is what follows /enterprises/ in its"
                " page's address"
            )
    if given[ALL_ORGANIZATIONS]:
        yield "--all-organizations", _of_credential(connection, chain, login)
    for name in enterprises:
        option = f"--enterprise {name}"
        found = chain.github(connection.github_url)
        if found is None:
            raise CredentialError(f"{option} needs {OF_OWNER}")
        yield option, organizations_in(github(connection, found.secret), name)


def _of_credential(
    connection: Connection, chain: TokenChain, login: AppLogin | None
) -> OrganizationList:
    if login is not None:
        app = AppCredential.from_file(login.number, login.key)
        return app.organizations(
            connection.github_url, bounds=connection.bounds, ca_file=connection.ca_file
        )
    found = chain.github(connection.github_url)
    if found is None:
        raise CredentialError(f"--all-organizations needs {CLASSIC}")
    return organizations_of(github(connection, found.secret))


def _nothing(lists: dict[str, OrganizationList]) -> HardenmeError:
    """Why there is no organization to look at."""
    for option, listed in lists.items():
        if listed.missing is not None:
            return _not_known(option, listed.missing)
    some = any(listed.entries for listed in lists.values())
    text = "no organization is of that name" if some else "no organization is listed"
    return HardenmeError(f"{' and '.join(lists)}: {text}", Exit.NOTHING_MATCHED)


def _not_known(option: str, missing: Unknown) -> HardenmeError:
    rejected = missing.reason in {Reason.REJECTED, Reason.NOT_PERMITTED}
    return HardenmeError(
        f"{option}: the organizations are not known; it takes {missing.needed}",
        Exit.NO_CREDENTIAL if rejected else Exit.UNKNOWN,
    )
