"""Checks of who can publish a package: every path together, on npm and on GitHub."""

from hardenme.facts.github.collaborators import RepositoryAdministrators
from hardenme.facts.npm.access import PackageCollaborators
from hardenme.facts.npm.package import Package, PackageRepository, WeeklyDownloads
from hardenme.facts.npm.paths import AXIOS, LEGS, TANSTACK, PublishFuture, PublishPaths
from hardenme.facts.npm.site import REGISTRY
from hardenme.facts.npm.token import BYPASS_PUBLISHING_ENDS
from hardenme.model.check import check
from hardenme.model.compensation import until_then
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits, Now
from hardenme.model.publishing import State, Step, Way
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.npm.impact import weight
from hardenme_checks.npm.repository import ELSEWHERE
from hardenme_checks.wording import count

SHOWN = 3
"""How many reasons a message names."""
ENOUGH = 2
"""People who can stop a release, so that one is left when the other's account is taken."""
PEOPLE = (Way.PERSON, Way.TEAM)
"""Paths that no leg of the verdict is about."""
SHAPES = {
    AXIOS: "the axios shape: a trusted publisher is set up, and tokens publish beside it",
    TANSTACK: "the TanStack shape: a workflow publishes by itself, and strangers reach it",
}
"""What happened to others, and how it is told of a package that has the same shape."""


@check(
    "PUB101",
    "publish-path-closed",
    title="Package can be published outside its release workflow",
    severity=Severity.CRITICAL,
    since="0.1",
)
def publish_path_closed(paths: PublishPaths) -> Verdict:
    """Releases come out by one path alone: a guarded workflow, let out by a person.

    ## Why
    Each path that stays open is enough. axios had trusted publishing, and was published by hand in
    March 2026; TanStack had nothing else, and its own workflow published the malware.

    ## Fix
    Let a trusted publisher only stage, from a workflow file and an environment. Keep caches,
    strangers' events and actions that can change out of the workflow. Then disallow tokens, revoke
    those that are left, and record the setting with `hardenme attest NPP106`.

    ## Limits
    That a package takes no tokens is a person's statement, so a pass is attested at best. Trusted
    publishers are read with a one-time password (`--interactive`). Workflows of GitLab and CircleCI
    are not read, and neither is what a pinned action does. People who publish by hand are taken to
    give their second factor; teams that were not read are named and decide nothing.
    """
    broken = paths.broken()
    told = paths.told
    beside = [path for path in told.paths if path.state is State.OPEN and not path.intended]
    if broken or beside:
        shapes = [SHAPES[shape] for shape in paths.shapes if shape in SHAPES]
        # What is wrong with tokens and publishers is told of their legs already.
        people = [f"{path.name}: {path.reason}" for path in beside if path.way in PEOPLE]
        reasons = [*shapes, *paths.against, *people]
        more = f", and {len(reasons) - SHOWN} more" if len(reasons) > SHOWN else ""
        return Failed(
            f"{'; '.join(reasons[:SHOWN])}{more}" if reasons else "another path is open",
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
        return Passed("no token publishes, and each trusted publisher is guarded", seen)
    return Passed("releases come out by the intended path alone", seen)


def _together(steps: tuple[Step, ...], fact: PublishPaths | PublishFuture, package: str) -> Fix:
    """The first step, with what comes after it in words; all of them are in the report."""
    if not steps:
        page = fact.page("package-access", package=package)
        return Fix("Set up a trusted publisher that may only stage, and disallow tokens", page=page)
    first, rest = steps[0].fix, [step.fix.step for step in steps[1:]]
    more = f"; and {len(rest) - SHOWN} more" if len(rest) > SHOWN else ""
    later = f"{'; then: '.join(rest[:SHOWN])}{more}"
    return Fix(
        f"{first.step}; then: {later}" if rest else first.step,
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
    future: PublishFuture, downloads: WeeklyDownloads | Unknown, now: Now, limits: Limits
) -> Verdict:
    """The package can still be released when tokens without the second factor stop publishing.

    ## Why
    npm has announced that tokens which bypass the second factor lose direct publishing about
    January 2027. What comes out by nothing else is stuck then, perhaps with an urgent fix.

    ## Fix
    Set up the release workflow as a trusted publisher that stages, see one release go through, then
    disallow tokens and revoke what is left. The commands stand with the package's steps.

    ## Limits
    npm names a month and no day, and may move it. By which token a release came is not shown, and
    each account is shown its own tokens only. A release by hand goes on as before.
    """
    if future.registry != REGISTRY:
        return NotApplicable("the date is of npm's own registry", {"registry": future.registry})
    seen: Seen = {"bypass_2fa": list(future.bypass), "publishing": future.by}
    if future.survives:
        return Passed(future.by or "no token is needed", seen)
    days = now.days_until(BYPASS_PUBLISHING_ENDS)
    when = f"in {count(days, 'day')}" if days > 0 else "a date that has come"
    return Failed(
        f"stops about January 2027, {when}: {future.by}",
        {**seen, "publishing_ends": f"{BYPASS_PUBLISHING_ENDS:%Y-%m}"},
        fix=_together(future.steps, future, future.package),
        severity=weight(Severity.MEDIUM, downloads, limits),
    )


@check(
    "PUB103",
    "publish-path-two-people",
    title="Fewer than two people can stop a release",
    severity=Severity.MEDIUM,
    since="0.1",
)
def publish_path_two_people(
    package: Package,
    repository: PackageRepository,
    collaborators: PackageCollaborators | Unknown,
    administrators: RepositoryAdministrators | Unknown,
    limits: Limits,
) -> Verdict | Unknown:
    """Two people can stop a release, on npm and on GitHub.

    ## Why
    When the account of axios' lead was taken, the second maintainer could not remove it from the
    repository: his own right was the lesser one, and warnings were deleted before his eyes.

    ## Fix
    Give one more person whom you know, with a security key, the right to publish on npm and the
    admin role on GitHub. Solo maintainers weigh the risk of one more account against it.

    ## Limits
    Whether two accounts belong to two people is not seen. Nothing is said of a package that names a
    repository elsewhere than on GitHub.
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
                f"Add a second owner whom you know and trust: fill in the name{alone}",
                page=package.page("package-access", package=package.name),
                command=package.npm("owner", "add", "USER", package.name),
                needs="write access to the package and the second factor",
                undo="Remove the person with npm owner rm",
            ),
            severity=severity,
        )
    if not repository.repository:
        if ELSEWHERE.fullmatch(repository.named):
            return NotApplicable("it names a repository elsewhere than on GitHub", seen)
        return Failed(
            "it names no repository, so that nobody is known who could stop it there",
            seen,
            fix=Fix(
                "Name the repository in package.json, and release",
                page=package.page("package", package=package.name),
                command="npm pkg set repository=github:OWNER/REPO",
                needs="write access to the package",
                undo="Take the name out of package.json",
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
        fix=Fix(
            f"Give a second person whom you know and trust the admin role of the repository{alone}",
            page=administrators.page("repo-access", repo=repository.repository),
            needs="repository admin",
            undo="Take the role back on the same page",
        ),
        severity=severity,
    )
