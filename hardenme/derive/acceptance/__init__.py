"""Whether npm will accept the next release, for each way to release a package."""

from __future__ import annotations

from hardenme.derive.acceptance import newest as newest_way
from hardenme.derive.acceptance.attempt import Attempt, ReleaseFacts
from hardenme.derive.acceptance.ways import (
    by_hand,
    by_publisher,
    by_secret,
    by_unnamed_publisher,
    in_order,
)
from hardenme.derive.publishing.criterion import listed
from hardenme.facts.attested import PublishingAccess
from hardenme.facts.github.environments import WorkflowSecret
from hardenme.facts.npm.acceptance import PublisherRelease, ReleaseAcceptance
from hardenme.facts.npm.package import Package
from hardenme.facts.npm.publishing import TrustedPublisher
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Every
from hardenme.model.known import field
from hardenme.model.unknown import Unknown
from hardenme.model.way import Way


def publisher_release(publisher: TrustedPublisher, met: ReleaseFacts) -> PublisherRelease:
    """Whether the next release by a trusted publisher is accepted."""
    package = publisher.within.name
    return PublisherRelease(
        **publisher.placed(),
        package=package,
        release=by_publisher(Attempt.of(met, package, Way.PUBLISHER), publisher),
    )


def release_acceptance(  # noqa: PLR0913 (the ways by a token meet more)
    package: Package,
    met: ReleaseFacts,
    *,
    releases: Every[PublisherRelease] | Unknown,
    tokens: Every[NpmToken] | Unknown,
    access: PublishingAccess | Unknown,
    secrets: Every[WorkflowSecret] | Unknown,
) -> ReleaseAcceptance:
    """Whether the next release of a package is accepted, by each way to release it."""
    own = {"tokens": listed(tokens), "access": access, "secrets": listed(secrets)}
    attempt = Attempt.of(met, package.subject.name, Way.SECRET, **own)
    newest, provenance = field(met, "newest"), field(met, "provenance")
    trusted = listed(releases)
    found = [field(one, "release") for one in trusted.facts]
    if not found:
        found += by_unnamed_publisher(attempt, trusted.missing)
    ways = in_order((*found, *by_secret(attempt), *by_hand(attempt)))
    last = newest_way.candidates(ways, newest, provenance)
    missing = trusted.missing or attempt.workflows.missing
    return ReleaseAcceptance(
        **package.placed(),
        package=package.subject.name,
        ways=ways,
        accepted=newest_way.accepted(last),
        every_refused=newest_way.every_refused(ways, missing),
        newest=last if isinstance(last, Unknown) else tuple(one.key for one in last),  # type: ignore[arg-type]  # a field may be unknown
        lasting=newest_way.lasting(ways, met.now.time),
        ending=newest_way.ending(ways, met.now.time),
    )


DERIVATIONS = (publisher_release, release_acceptance)
