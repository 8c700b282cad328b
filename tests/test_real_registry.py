"""The audit against a real registry: what it does not tell is unknown, and nothing is invented."""

from __future__ import annotations

import pytest

from hardenme.collectors.npm.client import Npm
from hardenme.engine.audit import audit
from hardenme.engine.catalogue import select
from hardenme.engine.clients import Clients
from hardenme.engine.plan import plan
from hardenme.engine.progress import Silent
from hardenme.engine.run_config import RunConfig
from hardenme.engine.target import Target
from hardenme.model.finding import Finding
from hardenme.model.secret import Secret
from tests.running import QUICK
from tests.sandbox.verdaccio import Verdaccio, verdaccio

__all__ = ["verdaccio"]

pytestmark = [pytest.mark.verdaccio, pytest.mark.second_tier("a real registry")]


def findings(registry: Verdaccio, token: str, target: str) -> dict[tuple[str, str], Finding]:
    secret = Secret(token) if token else None
    clients = Clients(None, Npm.connect(registry.url, secret, bounds=QUICK))
    families = ("NPA", "NPT", "NPP", "NPO", "PUB", "REL")
    order = RunConfig((Target.parse(target),), plan(select(families)), local=False)
    report = audit(order, clients, Silent())
    assert not [item for item in report.findings if item.result == "errored"]
    return {(item.code, str(item.subject)): item for item in report.findings}


def test_a_session_sees_the_account(verdaccio: Verdaccio) -> None:
    found = findings(verdaccio, verdaccio.token, "me")
    account = f"npm:user/{verdaccio.user}"
    assert found["NPA101", account].result == "failed"
    tokens = {subject for code, subject in found if code == "NPT101"}
    assert len(tokens) == 2
    # This registry has no second factor to skip, so it does not tell whether a token skips one.
    results = {found["NPT101", subject].result for subject in tokens}
    assert results == {"passed", "unknown"}


def test_a_listed_token_is_not_believed_about_the_second_factor(verdaccio: Verdaccio) -> None:
    found = findings(verdaccio, verdaccio.writing, "me")
    assert found["NPA101", f"npm:user/{verdaccio.user}"].result == "unknown"


def test_a_rejected_token_leaves_the_public_part(verdaccio: Verdaccio) -> None:
    found = findings(verdaccio, "npm_CANARYnotarealtoken0000000000000000", "me")
    assert {item.result for item in found.values()} <= {"unknown", "manual"}


def test_a_package_without_a_token(verdaccio: Verdaccio) -> None:
    found = findings(verdaccio, "", f"npm:{verdaccio.package}")
    subject = f"npm:package/{verdaccio.package}"
    assert found["NPP114", subject].result in {"passed", "failed"}
    assert found["NPP107", subject].result == "unknown"
    assert found["NPP109", subject].result == "unknown"
    assert found["PUB101", subject].result != "passed"
    # It does not tell who may publish and signs nothing, so nothing can be said of either.
    assert found["NPP113", subject].result == "unknown"
    newest = next(item for (code, _), item in found.items() if code == "REL101")
    assert newest.result != "failed"
