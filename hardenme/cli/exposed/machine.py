"""What this machine shows of a version, and the credentials that are on it."""

from __future__ import annotations

from collections.abc import Callable

from hardenme.cli.exposed.question import ExposureQuestion
from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.local import COLLECTORS
from hardenme.collectors.local.packages.search import machine_packages
from hardenme.collectors.local.workstation import THIS, Workstation
from hardenme.exposure.credentials import KINDS, credentials
from hardenme.exposure.machine import machine_exposure
from hardenme.ground.places import state_folder
from hardenme.model.machine_exposure import MachineExposure
from hardenme.store.token_index import TokenIndex

OTHERS = tuple(
    """
    .yarnrc.yml .bunfig.toml .pypirc .cargo/credentials.toml .gem/credentials .docker/config.json
    .config/containers/auth.json .aws/credentials .aws/config .azure/msal_token_cache.json
    .kube/config .config/gcloud/application_default_credentials.json .config/gcloud/credentials.db
    .vault-token .terraform.d/credentials.tfrc.json .gnupg/private-keys-v1.d
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Files below the home that hold credentials as a rule; only that they are there is looked at."""


def on_this_machine(
    question: ExposureQuestion, station: Workstation, say: Callable[[str], None]
) -> MachineExposure:
    """Look at the caches, the installed packages, and the folders that were named.

    Args:
        say: takes what is being looked at.
    """
    found = machine_packages(station, question.folders, question.packages, say)
    return machine_exposure(found.places, found.rows, found.faults, reach(station), question.start)


def reach(station: Workstation) -> tuple[str, ...]:
    """The credentials that a package could read that ran here, what can publish first."""
    store = FactStore()
    answers = [
        answer
        for one in COLLECTORS
        if set(one.gives) & KINDS.keys()
        for answer in one.read(station, THIS, store)
    ]
    index = TokenIndex(state_folder())
    stored = index.entries()
    there = [f"~/{name}" for name in OTHERS if (station.home / name).exists()]
    faults = [f"the list of tokens in the keyring ({index.fault})"] if index.fault else []
    return credentials(answers, stored, (*faults, *there))
