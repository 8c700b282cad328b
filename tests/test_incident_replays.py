"""Incidents that happened, played again: what the releases checks say of each, and when."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from hardenme.sandbox.npm.incidents import INCIDENTS, Incident
from hardenme.sandbox.npm.server import npm_sandbox
from tests.sandbox.test_npm_client import Client

NAMES = tuple(INCIDENTS)
SOON = timedelta(minutes=5)


@pytest.fixture(params=NAMES)
def incident(request: pytest.FixtureRequest) -> Incident:
    return INCIDENTS[request.param]


def test_worlds_as_they_were(incident: Incident) -> None:
    """Before it nothing of the attack is out, then some, and at its end all of it."""
    assert incident.attacks(incident.calm_at) == ()
    first, whole = incident.attacks(incident.attack_at), incident.attacks(incident.over_at)
    assert first
    assert set(first) <= set(incident.attacks(incident.attack_at + SOON)) <= set(whole)
    calm, after = incident.npm(incident.calm_at), incident.npm(incident.over_at)
    out = {f"{p.name}@{v.version}" for p in after.packages for v in p.versions}
    before = {f"{p.name}@{v.version}" for p in calm.packages for v in p.versions}
    assert out - before == set(whole)
    assert all(
        incident.keeper.name in p.collaborators for p in calm.packages[: len(incident.lines)]
    )
    tagged = {
        tag
        for repository in incident.github(incident.over_at).repositories
        for tag in repository.tags
    }
    refs = {item.ref for line in incident.lines for item in line.issued if not item.attack}
    assert tagged == refs
    for line in incident.lines:
        times = [item.version.published_at for item in line.issued]
        assert times == sorted(times), line.name
        assert len({item.version.version for item in line.issued}) == len(times), line.name


@pytest.mark.skipif(shutil.which("npm") is None, reason="the npm client is not on PATH")
def test_read_by_the_real_client(tmp_path: Path) -> None:
    incident = INCIDENTS["axios"]
    with npm_sandbox(incident.npm(incident.over_at)) as registry:
        shown = Client(registry, tmp_path).json("view", incident.packages[0])
    names = {f"{shown['name']}@{version}" for version in shown["dist-tags"].values()}
    assert names == set(incident.attacks(incident.over_at))
    assert "@replay/plain-hash-js" in shown["dependencies"]
    assert "attestations" not in shown["dist"]
    assert shown["_npmUser"] == "axle-lead <axle-lead@letters.example>"
