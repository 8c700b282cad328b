"""`--all-organizations`: the targets of a run, as GitHub lists them to the credential in use."""

from __future__ import annotations

from hardenme.cli.audit.clients import Connection, github
from hardenme.cli.audit.tokens import AppLogin
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.run_config import with_organizations
from hardenme.collectors.github.organizations import OrganizationList, organizations_of
from hardenme.config.table.selection import EXCLUDE_ORGANIZATION, INCLUDE_ORGANIZATION
from hardenme.credentials.app import AppCredential
from hardenme.credentials.chain import TokenChain
from hardenme.engine.filter import RepositoryFilter
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.ground.errors import CredentialError, HardenmeError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.model.unknown import Reason

CLASSIC = "a classic token with the scope read:org, or a GitHub App (--app-id, --app-key)"


def every_organization(
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
        HardenmeError: no organization is listed or chosen.
    """
    listed = _listed(connection, chain, login)
    entries = [entry for entry in listed.entries if is_chosen(given, entry.login)]
    missing = listed.missing
    if not entries:
        raise _nothing(listed)
    for entry in entries:
        if entry.suspended:
            given.console.say(
                f"the GitHub App is suspended on {entry.login}: nothing of it can be looked at"
            )
    why = "" if missing is None else f"not every organization was listed; it takes {missing.needed}"
    targets = [Target.of_organization(entry.login, entry.number) for entry in entries]
    return with_organizations(config, given, targets, why)


def is_chosen(given: OptionValues, login: str) -> bool:
    """Whether the options choose an organization of this name from a list."""
    chosen = RepositoryFilter(given[INCLUDE_ORGANIZATION], given[EXCLUDE_ORGANIZATION])
    return chosen.names(login)


def demand_all_organizations(given: OptionValues, *, asked: bool) -> None:
    """Demand that names of organizations are chosen from a list.

    Raises:
        UsageError: they are, and no list is asked for.
    """
    if not asked and (given[INCLUDE_ORGANIZATION] or given[EXCLUDE_ORGANIZATION]):
        raise UsageError(
            "--include-organization and --exclude-organization choose from --all-organizations"
        )


def _listed(connection: Connection, chain: TokenChain, login: AppLogin | None) -> OrganizationList:
    if login is not None:
        app = AppCredential.from_file(login.number, login.key)
        return app.organizations(
            connection.github_url, bounds=connection.bounds, ca_file=connection.ca_file
        )
    found = chain.github(connection.github_url)
    if found is None:
        raise CredentialError(f"--all-organizations needs {CLASSIC}")
    return organizations_of(github(connection, found.secret))


def _nothing(listed: OrganizationList) -> HardenmeError:
    """Why there is no organization to look at."""
    if listed.missing is None:
        text = "no organization is of that name" if listed.entries else "no organization is listed"
        return HardenmeError(f"--all-organizations: {text}", Exit.NOTHING_MATCHED)
    needed = listed.missing.needed
    rejected = listed.missing.reason in {Reason.REJECTED, Reason.NOT_PERMITTED}
    return HardenmeError(
        f"--all-organizations: the organizations are not known; it takes {needed}",
        Exit.NO_CREDENTIAL if rejected else Exit.UNKNOWN,
    )
