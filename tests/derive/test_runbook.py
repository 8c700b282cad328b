"""The version that a runbook goes back to is known to be good, or there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hardenme.derive.runbook.good_versions import GoodVersions
from hardenme.facts.npm.lineage import SETTLED
from hardenme.model.inventory import InventoryItem, Place, State
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from hardenme.model.verdict import Failed
from tests.reports.sample import no_provenance, report_of

PACKAGE = Subject("npm", "package", "sieve")
CUT = Unknown(Reason.INCOMPLETE, "all pages")
RELEASES = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from((True, False, None)), st.booleans()),
    min_size=1,
    max_size=6,
)
"""Of each version: its age in days, whether it is deprecated, and whether a check marks it."""


def place(
    now: datetime, releases: list[tuple[int, bool | None, bool]], tag: str, *, whole: bool
) -> Place:
    items = []
    for number, (days, deprecated, _) in enumerate(releases):
        state: dict[str, State] = {
            "published_at": f"{now - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}",
            "carries": (),
        }
        if deprecated is not None:
            state["deprecated"] = deprecated
        version = f"1.{number}.0"
        subject = Subject("npm", "package", f"sieve@{version}")
        items.append(InventoryItem("version", subject, version, version, state))
    current = f"1.{len(releases) - 1}.0"
    subject = Subject("npm", "dist-tag", f"sieve/{tag}")
    items.append(InventoryItem("dist-tag", subject, tag, tag, {"version": current}))
    return Place(PACKAGE, {"dist-tag": None if whole else CUT, "version": None}, tuple(items))


@given(RELEASES, st.sampled_from(("latest", "legacy")), st.booleans(), st.booleans(), st.booleans())
def test_a_version_to_go_back_to_is_known_to_be_good(
    releases: list[tuple[int, bool | None, bool]],
    tag: str,
    whole: bool,  # noqa: FBT001 (drawn)
    judged: bool,  # noqa: FBT001
    cut: bool,  # noqa: FBT001
) -> None:
    marked = [
        replace(
            no_provenance("sieve"),
            code="REL101",
            within=PACKAGE,
            subject=Subject("npm", "release", f"sieve@1.{number}.0"),
        )
        for number, (_, _, doubted) in enumerate(releases)
        if doubted
    ]
    report = report_of(marked, partial="interrupted" if cut else "")
    package = place(report.started, releases, tag, whole=whole)
    report = replace(report, inventory=(package,))
    needed = frozenset(report.checks) if judged else frozenset({"REL999"})
    good = GoodVersions(report, needed)
    found = good.of(package, package.items[-1])
    if not whole or not judged or cut:
        assert found == ""
    # What was published on the day of a marked one came in one burst with it.
    suspect = {days for days, _, doubted in releases if doubted}
    quiet = all(timedelta(days=days) >= SETTLED for days in suspect)
    last = f"1.{len(releases) - 1}.0"
    if found:
        days, deprecated, _ = releases[int(found.split(".")[1])]
        assert deprecated is False
        assert days not in suspect
        assert timedelta(days=days) >= SETTLED or (quiet and found == last)
    days, deprecated, _ = releases[-1]
    good_now = whole and judged and not cut and deprecated is False and days not in suspect
    if good_now and (quiet or days >= SETTLED.days):
        assert found == last, "what is good already stays"


def test_the_runbook_goes_back_to_the_version_that_the_fix_of_the_run_names() -> None:
    found = no_provenance("sieve")
    assert isinstance(found.outcome, Failed)
    releases: list[tuple[int, bool | None, bool]] = [(400, False, False), (90, False, False)]
    for safe in ("1.0.0", "1.1.0"):
        command = f"npm dist-tag add sieve@{safe} latest\nnpm deprecate sieve@1.2.0 x"
        marked = replace(
            found,
            code="REL101",
            within=PACKAGE,
            subject=Subject("npm", "release", "sieve@1.2.0"),
            outcome=replace(found.outcome, fix=replace(found.outcome.fix, command=command)),
        )
        report = report_of([marked])
        package = place(report.started, [*releases, (4, False, True)], "latest", whole=True)
        report = replace(report, inventory=(package,))
        good = GoodVersions(report, frozenset(report.checks))
        assert good.of(package, package.items[-1]) == safe
        # A tag that the fix does not move is led by what the kept run shows.
        other = replace(package.items[-1], label="legacy")
        assert good.of(package, other) == "1.1.0"
