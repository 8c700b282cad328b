"""The versions of a run that an incident accounts for."""

from __future__ import annotations

from hardenme.cli.stored.runs import is_demo
from hardenme.ground.places import state_folder
from hardenme.model.accounted import AccountedVersion, contained
from hardenme.model.report import Report
from hardenme.model.subject import Subject
from hardenme.store.incidents import Incidents


def accounted(report: Report, registry: str = "") -> tuple[AccountedVersion, ...]:
    """The versions of a report that an incident of the same accounts accounts for.

    They failed a check of releases, are deprecated, no dist-tag leads to them, and somebody
    attested them in the incident. Of several incidents the oldest counts; one that cannot be read
    does not.

    Args:
        report: a run.
        registry: the one that it asked; empty where it names that itself.
    """
    marked = {one.subject for one in report.findings if one.code.startswith("REL") and one.fails}
    wanted = marked.intersection(contained(report.inventory)) if marked else set()
    incidents = Incidents(state_folder(), demo=is_demo(report)).all().incidents if wanted else ()
    if not incidents:
        return ()
    # Every check would load what reads incidents, though hardly any has one to read.
    from hardenme.cli.stored.frozen import attested_in  # noqa: PLC0415 (memory)

    found: dict[Subject, AccountedVersion] = {}
    for one in attested_in(incidents, report, registry):
        if one.subject in wanted:
            found.setdefault(one.subject, one)
    return tuple(found[subject] for subject in sorted(found))
