"""Incidents that happened on npm, played again with invented names.

Each module has one incident: an honest history, the releases of the attack with all that anyone
could see of them, and the repositories on GitHub beside it. An `Incident` gives both worlds as
they were at any moment. What the public accounts of an incident leave open, such as single hours
of the honest releases, is made up and seeded, so that every run sees the same.
"""

from __future__ import annotations

from tests.worlds.incidents import (
    axios,
    chalk,
    eslint_config_prettier,
    mastra,
    nx,
    shai_hulud,
    tanstack,
)
from tests.worlds.incidents.story import Incident

__all__ = ["FROM_A_QUIET_DAY", "INCIDENTS", "Incident"]

INCIDENTS: dict[str, Incident] = {
    incident.name: incident
    for incident in (
        eslint_config_prettier.INCIDENT,
        nx.INCIDENT,
        chalk.INCIDENT,
        axios.INCIDENT,
        tanstack.INCIDENT,
        mastra.INCIDENT,
    )
}
"""By name, in the order in which they happened."""
FROM_A_QUIET_DAY: dict[str, Incident] = {
    name: {**INCIDENTS, "shai-hulud": shai_hulud.INCIDENT, "tanstack": tanstack.FEW}[name]
    for name in ("eslint-config-prettier", "nx", "chalk", "shai-hulud", "tanstack")
}
"""Those that are played to the last row of the ledger: what takes writes is small enough for it."""
