"""Checks of who can publish a package: every path together, on npm and on GitHub."""

from dataclasses import replace

from hardenme.facts.github.collaborators import AllAdministrators
from hardenme.facts.github.repository import Repository
from hardenme.facts.npm.acceptance import ReleaseAcceptance
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.package import Package, PackageRepository, WeeklyDownloads
from hardenme.facts.npm.paths import AXIOS, LEGS, TANSTACK, PublishFuture, PublishPaths
from hardenme.facts.npm.site import REGISTRY
from hardenme.facts.npm.token import BYPASS_PUBLISHING_ENDS
from hardenme.model.acceptance import ReleaseWay
from hardenme.model.check import check
from hardenme.model.compensation import until_then
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now
from hardenme.model.publishing import ClosingStep, State
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme.model.way import Way
from hardenme_checks.npm.impact import weight
from hardenme_checks.npm.repository import ELSEWHERE
from hardenme_checks.wording import TRANSFER, count

ENOUGH = 2
"""People who can stop a release, so that one is left when the other's account is taken."""
PEOPLE = (Way.PERSON, Way.TEAM)
"""Paths that no leg of the verdict is about."""
SHAPES = {
    AXIOS: "as at axios in March 2026: a trusted publisher is set up, but tokens can still publish",
    TANSTACK: "as at TanStack in May 2026: outsiders can reach a workflow that publishes without"
    " approval",
}
"""Past incidents, and the text about a package with the same pattern."""


@check(
    "PUB101",
    "publish-path-closed",
    title="Package can be published outside its release workflow",
    severity=Severity.CRITICAL,
    since="0.1",
)
def publish_path_closed(paths: PublishPaths) -> Verdict:
    """The package can be published only by a guarded workflow, after a person approves.

    ## Why
    One unintended path is enough: axios had trusted publishing, and was published manually in
    March 2026. TanStack had only trusted publishing, and its own workflow published the malware.

    ## Fix
    1. Restrict the trusted publisher to staging, and bind it to a workflow file and an environment.
    2. Remove caches, events that outsiders can trigger, and unpinned actions from that workflow.
    3. Disallow tokens, revoke those that remain, and record the setting with `hardenme attest
       NPP106`.

    ## Limits
    - That a package disallows tokens is a person's statement, so a pass is attested at best.
    - Trusted publishers are read with a one-time password (`--interactive`).
    - Workflows of GitLab and CircleCI are not read, and neither is what a pinned action does.
    - People who publish by hand are assumed to use 2FA.
    - Teams that were not read are named and decide nothing.
    """
    broken = paths.broken()
    told = paths.told
    beside = [path for path in told.paths if path.state is State.OPEN and not path.intended]
    if broken or beside:
        shapes = [SHAPES[shape] for shape in paths.shapes if shape in SHAPES]
        # The legs already say what is wrong with tokens and publishers.
        people = [f"{path.name}: {path.reason}" for path in beside if path.way in PEOPLE]
        reasons = [*shapes, *paths.against, *people]
        return Failed(
            "; ".join(reasons) or "an unintended path can publish",
            {
                **dict.fromkeys(broken, False),
                "open": [path.key for path in told.paths if path.state is State.OPEN],
            },
            fix=_together(told.steps, paths, told.package),
        )
    seen: Seen = {leg: getattr(paths, leg) for leg in LEGS}
    seen["paths"] = [path.key for path in told.paths if path.intended]
    if told.unread:
        seen["not read"] = list(told.unread)
        return Passed("no token can publish, and each trusted publisher is guarded", seen)
    return Passed("only the intended path can publish", seen)


def _together(
    steps: tuple[ClosingStep, ...], fact: PublishPaths | PublishFuture, package: str
) -> Fix:
    """The first step; all of them in words, numbered, where there are more."""
    if not steps:
        page = fact.page("package-access", package=package)
        return Fix("Set up a trusted publisher that may only stage, and disallow tokens", page=page)
    first = steps[0].fix
    numbered = "; ".join(f"{number}. {step.fix.step}" for number, step in enumerate(steps, 1))
    return Fix(
        f"Take these steps in their order: {numbered}" if len(steps) > 1 else first.step,
        page=first.page,
        command=first.command,
        needs=first.needs,
        undo=first.undo,
    )


@check(
    "PUB102",
    "publish-path-survives-2027",
    title="Releases need a token that stops publishing in 2027",
    severity=Severity.MEDIUM,
    since="0.1",
)
def publish_path_survives_2027(
    future: PublishFuture,
    acceptance: ReleaseAcceptance | Unknown,
    downloads: WeeklyDownloads | Unknown,
    now: Now,
    limits: Limits,
) -> Verdict:
    """The package can still be released when tokens that bypass 2FA stop publishing.

    ## Why
    A package that only such tokens publish cannot be released from about January 2027. npm has
    announced that tokens which bypass 2FA then stop publishing directly.

    ## Fix
    Set up the release workflow as a trusted publisher that stages, and try one release. Then
    disallow tokens and revoke those that remain. The package's steps have the commands.

    ## Limits
    - npm names a month and no day, and may move it.
    - A trusted publisher, or a token that stages, counts only if its next release is accepted
      (PUB104).
    - npm does not show which token published a release, and shows each account only its own tokens.
    - Publishing by hand keeps working for an account with 2FA.
    """
    if future.registry != REGISTRY:
        return NotApplicable(
            "the date applies to npm's own registry only", {"registry": future.registry}
        )
    seen: Seen = {"bypass_2fa": list(future.bypass), "publishing": future.by}
    if "survives" in future.unknown_fields() or not future.survives:
        staged = _staged(future, acceptance)
        if staged:
            return Passed(staged, {**seen, "publishing": staged})
    if future.survives:
        return Passed(future.by or "no token is needed", seen)
    days = now.days_until(BYPASS_PUBLISHING_ENDS)
    when = f"in {count(days, 'day')}" if days > 0 else "a date that has passed"
    return Failed(
        f"releases stop about January 2027, {when}: {future.by}",
        {**seen, "publishing_ends": f"{BYPASS_PUBLISHING_ENDS:%Y-%m}"},
        fix=_together(future.steps, future, future.package),
        severity=weight(Severity.MEDIUM, downloads, limits),
    )


def _staged(future: PublishFuture, acceptance: ReleaseAcceptance | Unknown) -> str:
    """What shows that the next version is accepted when it is staged; empty for nothing."""
    if isinstance(acceptance, Unknown):
        return ""
    ways = [one for one in acceptance.ways if one.accepted and one.way is Way.SECRET and one.stages]
    if ways:
        return f"{ways[0].name} stages it"
    known = "accepted" not in acceptance.unknown_fields()
    if future.approved and known and acceptance.accepted:
        return "the newest release was staged and approved, and the next one is accepted"
    return ""


GIVE = "Give a second person whom you know and trust the admin role"


@check(
    "PUB103",
    "publish-path-two-people",
    title="Fewer than two people can stop a release",
    severity=Severity.MEDIUM,
    since="0.1",
)
def publish_path_two_people(  # noqa: PLR0913, PLR0917 (npm and GitHub show who can stop it)
    package: Package,
    repository: PackageRepository,
    collaborators: PackageCollaborators | Unknown,
    administrators: AllAdministrators | Unknown,
    home: Repository | Unknown,
    limits: Limits,
) -> Verdict | Unknown:
    """Two people can stop a release, on npm and on GitHub.

    ## Why
    When the axios lead's account was taken over, the second maintainer could not remove it from the
    repository. His role was too low, and the attacker deleted his warnings.

    ## Fix
    Give publish rights on npm and the admin role on GitHub to one more person. Choose someone you
    know who uses a security key. A personal repository has one admin, its owner: only a transfer to
    an organization adds another. Solo maintainers weigh this against the risk of one more account.

    ## Limits
    - Does not see whether two accounts belong to two people.
    - Does not judge a package whose repository is not on GitHub.
    - Holders of an organization role count if the run looks at the organization. Otherwise GHO133
      is unknown.
    """
    public = sorted({one.name for one in package.maintainers})
    if len(public) < ENOUGH and isinstance(collaborators, Unknown):
        return collaborators
    names = public if isinstance(collaborators, Unknown) else sorted(collaborators.writers)
    seen: Seen = {"writers": names, "repository": repository.repository}
    severity = Severity.INFO if limits.solo else Severity.MEDIUM
    alone = until_then("PUB103") if limits.solo else ""
    if len(names) < ENOUGH:
        return Failed(
            f"{count(len(names), 'account')} can stop a release on npm",
            seen,
            fix=Fix(
                "Add a second owner whom you know and trust: ask them for their account name"
                f"{alone}",
                page=package.page("package-access", package=package.name),
                needs="write access to the package and 2FA",
                undo=f"Remove the person again: `npm owner rm`, the account name and"
                f" {package.name}",
            ),
            severity=severity,
        )
    if not repository.repository:
        if ELSEWHERE.fullmatch(repository.named):
            return NotApplicable("its repository is not on GitHub", seen)
        return Failed(
            "it names no repository, so no one is known who could stop a release there",
            seen,
            fix=Fix(
                "Name the repository in package.json, and publish a release",
                page=package.page("package", package=package.name),
                needs="write access to the package",
                undo="Remove the name from package.json",
            ),
            severity=severity,
        )
    if isinstance(administrators, Unknown):
        return administrators
    enough = administrators.least >= ENOUGH or administrators.count >= ENOUGH
    seen["administrators"] = administrators.least if enough else administrators.count
    if enough:
        return Passed(f"{len(names)} accounts on npm and two on GitHub can stop a release", seen)
    return Failed(
        f"{count(administrators.count, 'account')} can stop a release on GitHub",
        seen,
        fix=_second_admin(administrators, repository.repository, home, alone),
        severity=severity,
    )


def _second_admin(
    administrators: AllAdministrators, name: str, home: Repository | Unknown, alone: str
) -> Fix:
    """How a second person becomes an admin: of a personal repository no one can.

    Source: docs.github.com, "Permission levels for a personal account repository".
    """
    fix = Fix(
        f"{GIVE}{alone}",
        page=administrators.page("repo-access", repo=name),
        needs="repository admin",
        undo="Remove the role on the same page",
    )
    if isinstance(home, Unknown) or "in_organization" in home.unknown_fields():
        other = f"{TRANSFER[:1].lower()}{TRANSFER[1:]}"
        step = f"{GIVE}, where an organization owns the repository. Otherwise {other}{alone}"
        return replace(fix, step=step)
    if home.in_organization:
        return fix
    return Fix(
        f"{TRANSFER}{alone}",
        page=administrators.page("repo-settings", repo=name),
        needs="the repository's owner",
        undo="Transfer it back",
    )


@check(
    "PUB104",
    "next-release-accepted",
    title="Next release would be refused",
    severity=Severity.HIGH,
    since="0.1",
)
def next_release_accepted(acceptance: ReleaseAcceptance) -> Verdict:
    """The way that published the newest release would be accepted today.

    ## Why
    Publisher, workflow, environment and client have to fit together. npm shows a mistake only when
    a release fails, and a security fix then waits.

    ## Fix
    Change what refuses the release: `hardenme rehearse npm:PACKAGE` names each cause and its
    repair. Then release a prerelease with a dist-tag of its own.

    ## Limits
    - Passing means that nothing that was read refuses the release, not that npm guarantees it.
    - The rules of an environment are read with `--depth deep`.
    - Trusted publishers are read with a one-time password (`--interactive`).
    - Of a monorepo only the `package.json` in the package's `repository.directory` is read.
    - Scripts of `package.json`, and what an action does inside, are not followed.
    - Does not judge which version of pnpm or yarn publishes.
    - Whether a package takes tokens is a person's answer, so a pass can be attested at best.
    """
    unread = acceptance.unknown_fields()
    every = "every_refused" not in unread and acceptance.every_refused
    if every:
        return _refused(acceptance, acceptance.ways, Severity.CRITICAL)
    if acceptance.accepted:
        names = [way.name for way in acceptance.ways if way.key in acceptance.newest]
        seen: Seen = {"ways": names}
        return Passed("nothing that was read refuses the next release", seen)
    last = tuple(way for way in acceptance.ways if way.key in acceptance.newest)
    return _refused(acceptance, last, Severity.HIGH)


def _refused(
    acceptance: ReleaseAcceptance, ways: tuple[ReleaseWay, ...], severity: Severity
) -> Failed:
    causes = [(way, cause) for way in ways for cause in way.refused]
    told = dict.fromkeys(f"{way.name}: {cause.cause}" for way, cause in causes)
    repair = next((cause.repair for _, cause in causes), "")
    return Failed(
        "; ".join(told) or "no way to release is accepted",
        {"refused": [f"{one.name}: {each.row}" for one, each in causes]},
        fix=Fix(
            repair or "Set up the release workflow as a trusted publisher",
            page=acceptance.page("package-access", package=acceptance.package),
            needs="write access to the package and its repository",
            undo="Undo the change where you made it",
        ),
        severity=severity,
    )


@check(
    "PUB105",
    "release-way-lasting",
    title="Only way to release ends soon",
    severity=Severity.MEDIUM,
    since="0.1",
)
def release_way_lasting(acceptance: ReleaseAcceptance) -> Verdict:
    """A way to release is accepted for more than 30 days.

    ## Why
    Without another way, releases end when the token expires or stops publishing in January 2027.
    The next one then fails on the day it is needed.

    ## Fix
    Set up the release workflow as a trusted publisher, and release once by it. Then
    `hardenme rehearse npm:PACKAGE` shows whether it is accepted.

    ## Limits
    - npm names a month for the end of tokens that bypass 2FA, and no day.
    - npm shows each account its own tokens only.
    - A release by hand counts as a way that lasts.
    - Does not judge a package of which no way is accepted: PUB104 does.
    """
    if acceptance.ending:
        first = acceptance.ending[0]
        until = first.until.date().isoformat() if first.until else ""
        if not acceptance.lasting:
            return Failed(
                f"the only accepted way ends on {until}: {first.name}, {first.ends}",
                {"until": until, "way": first.name},
                fix=Fix(
                    "Set up the release workflow as a trusted publisher, and release once by it",
                    page=acceptance.page("package-access", package=acceptance.package),
                    needs="write access to the package and 2FA",
                    undo="Remove the trusted publisher on the same page",
                ),
            )
    if not any(way.accepted for way in acceptance.ways):
        refused = [f"{way.name}: {way.verdict}" for way in acceptance.ways]
        if not acceptance.lasting:
            return NotApplicable("no way to release is accepted", {"ways": refused})
    lasting = [way.name for way in acceptance.ways if way.accepted]
    return Passed("a way to release is accepted for more than 30 days", {"ways": lasting})
