"""What guards the default branch, from rulesets and classic protection together.

GitHub applies every source and the strictest rule counts. A rule that everyone with write access
can bypass does not count. So each question has three values. Yes, as soon as one source that was
read says so. No, only if all were read and say no. Otherwise it is unknown, for the missing part's
reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from dataclasses import field as attribute
from typing import Any

from hardenme.derive.ruleset_bypass import anyone_bypasses, writers
from hardenme.facts.github.branch import (
    ActiveRulesets,
    ClassicProtection,
    DefaultBranch,
    EffectiveBranchRules,
    RulesetBypass,
)
from hardenme.facts.github.repository import Repository
from hardenme.facts.github.ruleset import RulesetDetail, RulesetRules
from hardenme.model.known import field
from hardenme.model.maybe import all_of, any_of, first_unknown, negate, when
from hardenme.model.unknown import Reason, Unknown

RULESETS = "rulesets"
CLASSIC = "classic protection"
ALLOWED = "allowed actors"
"""What may let someone past; the last one are those whom classic protection names."""

PULL_REQUEST, FORCE_PUSH = CORE = ("pull_request", "blocks_force_push")
"""The guards that must bind everyone: a bypass of these adds code that no one reviewed, or removes
code that was reviewed."""
PUSHING = (*CORE, "blocks_deletion")
"""Guards that hold even for who may merge a pull request against the rules."""
MERGING = (
    "dismisses_stale",
    "last_push_approval",
    "code_owner_review",
    "signatures",
    "conversations",
    "linear_history",
    "restricts_pushes",
)
GUARDS = (*PUSHING, *MERGING)
"""The fields that are a plain yes or no."""

DETAILS = tuple(item.name for item in fields(RulesetDetail))
HIDDEN = Unknown(
    Reason.NOT_ASKED, "an answer for each single ruleset, which shows who can bypass it"
)


@dataclass(frozen=True, slots=True)
class _Source:
    """One ruleset, or classic protection; or all rulesets, where they were not read.

    Attributes:
        rules: its fields, or why they are not known.
        bypassed: someone may bypass it, in whatever way.
        past: the same of single guards alone.
        pushers: everyone who can write may bypass it by a push.
        mergers: they may do so by a pull request.
        approvals: the teams that have to approve, in addition to the count of approvals.
        owners: teams have to approve changes in `.github`.
    """

    name: str
    rules: RulesetRules | ClassicProtection | Unknown
    bypassed: Any
    past: dict[str, Any] = attribute(default_factory=dict)
    pushers: Any = False
    mergers: Any = False
    approvals: Any = 0
    owners: Any = False

    def of(self, name: str) -> Any:
        """A field, anyone whom it applies to."""
        return self.rules if isinstance(self.rules, Unknown) else field(self.rules, name)

    @property
    def has_rule(self) -> Any:
        """Whether it has a rule, anyone whom that applies to."""
        count = self.of("rules")
        return count if isinstance(count, Unknown) else count > 0

    def guards(self, name: str) -> Any:
        """Whether it sets a guard that holds anyone who can write."""
        own = self.of(name)
        if name == "code_owner_review":
            own = any_of((own, self.owners))
        return all_of((own, negate(self.pushers if name in PUSHING else self.mergers)))

    def binds(self, name: str) -> Any:
        """Whether it sets a guard that no one may bypass."""
        return all_of((self.of(name), negate(self.bypassed), negate(self.past.get(name, False))))

    def asks(self) -> Iterator[Any]:
        """How many approvals it asks for from who can write."""
        for number in (self.of("approvals"), self.approvals):
            yield number if isinstance(number, Unknown) else when(negate(self.mergers), number, 0)

    def checks(self) -> Any:
        """The checks that must be green for who can write."""
        names = self.of("status_checks")
        return names if isinstance(names, Unknown) else when(negate(self.mergers), names, ())

    def exempts(self) -> Iterator[str]:
        """By what it is known to let someone past."""
        if self.has_rule is True:
            if self.bypassed is True:
                yield self.name
            if any(self.of(name) is True and past is True for name, past in self.past.items()):
                yield ALLOWED


def default_branch(
    repository: Repository,
    rulesets: ActiveRulesets | Unknown,
    classic: ClassicProtection | Unknown,
) -> DefaultBranch | Unknown:
    """Whether any rule guards it; unknown if no source was read and there is what to guard.

    The answer for an archived or empty repository has no rules: no one can push to the one, and the
    other has no branch.
    """
    archived, branch = field(repository, "archived"), field(repository, "default_branch")
    exists: Any = branch if isinstance(branch, Unknown) else branch is not None
    idle = archived is True or exists is False
    if isinstance(rulesets, Unknown) and isinstance(classic, Unknown) and not idle:
        return rulesets
    in_organization = field(repository, "in_organization")
    sources = [*_rulesets(rulesets, HIDDEN, in_organization), _classic(classic)]
    counts = [source.of("rules") for source in sources]
    return DefaultBranch(
        **repository.placed(repository.subject),
        full_name=field(repository, "full_name"),
        archived=archived,
        exists=exists,
        branch="" if branch is None else branch,
        rules=first_unknown(counts) or sum(_known(counts)),
        protected=any_of(source.has_rule for source in sources),
        guarded_by=_once(source.name for source in sources if source.has_rule is True),
        offered=_field(classic, "offered") is not False,
        in_organization=in_organization is True,
    )


def effective_branch_rules(
    repository: Repository,
    rulesets: ActiveRulesets | Unknown,
    bypass: RulesetBypass | Unknown,
    classic: ClassicProtection | Unknown,
) -> EffectiveBranchRules | Unknown:
    """All sources together; unknown as `default_branch` is."""
    branch = default_branch(repository, rulesets, classic)
    if isinstance(branch, Unknown):
        return branch
    in_organization = field(repository, "in_organization")
    sources = [*_rulesets(rulesets, bypass, in_organization), _classic(classic)]
    approvals = [number for source in sources for number in source.asks()]
    checks = [source.checks() for source in sources]
    guards: dict[str, Any] = {
        name: any_of(source.guards(name) for source in sources) for name in GUARDS
    }
    same = {item.name: field(branch, item.name) for item in fields(branch)}
    return EffectiveBranchRules(
        **same,
        approvals=first_unknown(approvals) or max(approvals),
        least_approvals=max(_known(approvals), default=0),
        status_checks=first_unknown(checks) or _union(checks),
        least_checks=len(_union(_known(checks))),
        team_review=any_of(all_of((source.owners, negate(source.mergers))) for source in sources),
        binds_everybody=_binds(sources),
        exempted_by=_once(name for source in sources for name in source.exempts()),
        writers_bypass=any(source.mergers is True for source in sources),
        **guards,
    )


def _rulesets(
    rulesets: ActiveRulesets | Unknown, bypass: RulesetBypass | Unknown, in_organization: Any
) -> Iterator[_Source]:
    found = _field(rulesets, "rulesets")
    if isinstance(found, Unknown):
        yield _Source(RULESETS, found, bypassed=found)
        return
    details = _field(bypass, "details")
    missing = details if isinstance(details, Unknown) else HIDDEN
    listed = () if isinstance(details, Unknown) else details
    by_number: dict[Any, RulesetDetail] = {field(item, "number"): item for item in listed}
    unread_fields: dict[str, Any] = dict.fromkeys(DETAILS, missing)
    hidden = RulesetDetail(**unread_fields)
    for rules in found:
        detail = by_number.get(field(rules, "number"), hidden)
        # A rule of pull requests may ask teams, which only an organization has.
        asks = in_organization is not False and field(rules, "pull_request") is not False
        yield _Source(
            RULESETS,
            rules,
            bypassed=anyone_bypasses(detail),
            pushers=writers(detail, pushing=True),
            mergers=writers(detail, pushing=False),
            approvals=field(detail, "team_approvals") if asks else 0,
            owners=field(detail, "team_owns_github") if asks else False,
        )


def _classic(classic: ClassicProtection | Unknown) -> _Source:
    past = {
        PULL_REQUEST: _field(classic, "pull_request_bypass"),
        FORCE_PUSH: _field(classic, "force_push_bypass"),
    }
    return _Source(CLASSIC, classic, bypassed=negate(_field(classic, "binds_admins")), past=past)


def _binds(sources: list[_Source]) -> Any:
    """Whether everyone is bound by every core guard that is set.

    Everyone must obey each rule that one source holds them to, whatever another source lets them
    bypass. So a guard binds if one source both sets it and allows no bypass. Everyone is bound if
    this holds for each of the core guards that any source sets. If no source sets one of these, the
    existing rules are used in their place. No rule at all binds no one.
    """
    set_by = {name: any_of(source.of(name) for source in sources) for name in CORE}
    core = all_of(
        any_of((negate(is_set), *(source.binds(name) for source in sources)))
        for name, is_set in set_by.items()
    )
    other = any_of(all_of((source.has_rule, negate(source.bypassed))) for source in sources)
    set_somewhere = any_of(set_by.values())
    return any_of((all_of((set_somewhere, core)), all_of((negate(set_somewhere), other))))


def _field(fact: Any, name: str) -> Any:
    return fact if isinstance(fact, Unknown) else field(fact, name)


def _known(values: Iterable[Any]) -> list[Any]:
    return [value for value in values if not isinstance(value, Unknown)]


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _union(values: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return _once(name for names in values for name in names)
