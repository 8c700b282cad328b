"""Every passing and every failing case as a scene: what is asked for, and how the run is set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import time_machine

from hardenme.facts.mail import OPT_IN
from hardenme.model.report import Report
from hardenme.sandbox.github.server import GitHubServer
from hardenme.sandbox.github.world import VulnerabilityAlert
from tests import failing, passing
from tests.running import NOW, PATIENT, Stage
from tests.worlds import github

PASSING, FAILING = ("github:cedar-labs",), ("github:bramble-labs",)


@dataclass(frozen=True, slots=True)
class Scene:
    """One case.

    Attributes:
        open: makes its stage.
        targets: what is asked for.
    """

    open: Callable[[], AbstractContextManager[Stage]]
    targets: tuple[str, ...] = ("me",)

    def judged(self, at: Stage) -> Report:
        """What a run of all checks says, with the strict limits; the same on any day."""
        at.rest()
        with time_machine.travel(NOW, tick=True):
            others = at.others()
            return at.audit(
                *self.targets,
                profile="strict",
                bounds=PATIENT,
                opted_in=(OPT_IN,) if "mail" in others else (),
                local="local" in others,
            )


@contextmanager
def vulnerable() -> Iterator[Stage]:
    """The weak maintainer, whose repositories all have an alert that only administrators see."""
    with failing.weak() as at:
        assert isinstance(at.github, GitHubServer)
        for repository in at.github.world.repositories:
            alert = VulnerabilityAlert(99, "left-trim", NOW - timedelta(days=60), "critical")
            repository.vulnerability_alerts_enabled = True
            repository.vulnerability_alerts.append(alert)
        yield at


def _scenes() -> dict[str, Scene]:
    found = {
        name: Scene(made, passing.TARGETS.get(name, ("me",)))
        for name, made in passing.SCENARIOS.items()
    }
    for made in failing.SCENARIOS:
        targets = FAILING if made in failing.ORGANIZATIONS else ("me",)
        found[f"{made.__module__}.{made.__name__}".removeprefix("tests.")] = Scene(made, targets)
    strict = partial(passing.organization, github.STRICT_ORG_FINE_GRAINED)
    weak = partial(failing.weak_organization, github.WEAK_ORG_FINE_GRAINED)
    return found | {
        "vulnerable": Scene(vulnerable),
        "organization fine-grained": Scene(strict, PASSING),
        "weak organization fine-grained": Scene(weak, FAILING),
    }


SCENES = _scenes()
"""By name. An owner's fine-grained token is asked too, beside the two kinds that pass and fail."""
