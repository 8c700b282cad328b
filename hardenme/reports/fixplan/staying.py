"""Until when a finding still fails once its step is taken: the step says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from hardenme.model.access_change import takes
from hardenme.model.evidence import Seen
from hardenme.model.finding import Finding
from hardenme.model.verdict import Failed, Fix
from hardenme.reports.fixplan.kinds import CLOSE
from hardenme.reports.fixplan.plan import Closed
from hardenme.reports.fixplan.rulesets import NO_REVIEW
from hardenme.reports.fixplan.step_kind import StepKind
from hardenme.reports.plain import counted

LEAVES = "npm org rm "
"""How a command begins that removes a member of an npm organization."""
OUTSIDERS = "NPO105"
LEAVERS = "until members who left the organization are no longer maintainers"
ALONE = "until a second person can approve"
OWNERS = "until CODEOWNERS names an owner of every workflow file"


ADDS = "npm trust github "
"""How a command begins that adds a trusted publisher."""
REPLACED = "until a release through the new publisher was seen and the old one is removed"


def _creatable(seen: Seen) -> bool:
    """Whether everyone who can push can make a release tag: no one is named who may go on."""
    return seen.get("creation") is not True


def _unowned(seen: Seen) -> bool:
    """Whether a rule that is added, and asks code owners, would ask no one."""
    ticked = seen.get("require_code_owner_review") is True
    return not ticked and "path" in seen and (seen["path"] is None or bool(seen.get("unowned")))


ONLY: Mapping[str, Callable[[Seen], bool]] = {"GHB115": _creatable}
"""Checks whose findings stay by their kind of step, and by which of them do."""
ALSO: Mapping[str, tuple[Callable[[Seen], bool], str]] = {
    "GHB106": (_unowned, OWNERS),
    "NPP106": (lambda _: True, "until it is answered again: no API shows the setting"),
}
"""Checks of which some findings stay by what was seen, and until when."""


def until(finding: Finding, kind: StepKind) -> str:
    """Until when the finding fails although its step is taken; empty if the step closes it.

    Args:
        finding: what failed.
        kind: the kind of its step.
    """
    outcome = finding.outcome
    seen: Seen = outcome.seen if isinstance(outcome, Failed) else {}
    if kind != CLOSE and not kind.ends and _keeps(finding):
        return REPLACED
    if isinstance(outcome, Failed) and outcome.fix.step.startswith(NO_REVIEW):
        return ALONE
    if finding.code in kind.stays:
        return kind.until if ONLY.get(finding.code, _always)(seen) else ""
    stays, text = ALSO.get(finding.code, (_never, ""))
    return text if stays(seen) else ""


def _keeps(finding: Finding) -> bool:
    """Whether its command adds a publisher next to the one that the finding is about."""
    outcome = finding.outcome
    return (
        finding.subject.kind == "trusted-publisher"
        and isinstance(outcome, Failed)
        and outcome.fix.command.startswith(ADDS)
    )


def _always(_: Seen) -> bool:
    return True


def _never(_: Seen) -> bool:
    return False


def leavers(fixes: Iterable[Fix]) -> frozenset[str]:
    """The npm organizations that commands remove members of, in lower case."""
    lines = (line for fix in fixes for line in fix.commands if line.startswith(LEAVES))
    return frozenset(one.place.lower() for line in lines for one in takes(line))


def with_leavers(found: Closed, organizations: Collection[str]) -> Closed:
    """What a step closes, where other steps of the plan remove members of npm organizations.

    Args:
        found: as its action closes it.
        organizations: those that members leave, in lower case.
    """
    stays = found.code == OUTSIDERS and found.subject.name.lower() in organizations
    return replace(found, until=LEAVERS) if stays else found


def counted_by(texts: Iterable[str]) -> dict[str, int]:
    """How many findings stay failed until each of these; an empty text is left out."""
    return dict(Counter(filter(None, texts)))


def in_words(stays: Mapping[str, int]) -> str:
    """How many findings stay failed, and until when."""
    if not stays:
        return ""
    number = sum(stays.values())
    told = f"{counted(number, 'finding')} stay{'s' * (number == 1)} failed"
    if len(stays) == 1:
        return f"{told} {next(iter(stays))}"
    return f"{told}: {', '.join(f'{number:,} {text}' for text, number in stays.items())}"
