"""What is proved about the newest release: the registry's signature, and where it was built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from hardenme.facts.npm import endpoints
from hardenme.facts.npm.package import NewestRelease, PackageRepository
from hardenme.facts.npm.site import NpmFact
from hardenme.model.fact import key
from hardenme.model.permission import NOTHING

VALID = "valid"
ABSENT = "absent"
INVALID = "invalid"
UNKNOWN_KEY = "unknown key"
EXPIRED_KEY = "expired key"
"""How a registry's signatures over a release turn out. The worst of several counts."""

VERIFIED = "verified"
OTHER_ARTIFACT = "other artifact"
UNVERIFIABLE = "unverifiable"
"""Results of verifying a provenance, in addition to `ABSENT`. What is not understood is unknown."""

ENTRY = "attestations/bundle/verificationMaterial/tlogEntries"
ELSEWHERE = re.compile(r"(?:git\+)?(?:https?|ssh|git)://(?:[^@/]*@)?([^/:]+)(?::\d+)?/(.+)")
SHORT = re.compile(r"gitlab:(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrySignature(NpmFact):
    """Whether the registry's signatures over the newest release hold.

    Its subject is `npm:package/PACKAGE`. The keys come from the same registry: what it signed
    itself always holds.

    Attributes:
        package: the package's name.
        version: the release's version.
        outcome: `VALID`, `ABSENT`, `INVALID`, `UNKNOWN_KEY` or `EXPIRED_KEY`.
        keys: the ids of the keys that the signatures name.
        expires: when the first of these keys ends; None for never.
    """

    requirement = NOTHING
    endpoint = endpoints.KEYS
    listed_by = NewestRelease

    package: str = key("name")
    version: str = key("dist-tags")
    outcome: str = key("signatures", "sig", "integrity", "keys", "key", "keytype")
    keys: tuple[str, ...] = key("keyid")
    expires: datetime | None = key("expires", nullable=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseProvenance(NpmFact):
    """Where the newest release was built, proved by its provenance (subject `npm:package/PACKAGE`).

    It is proved by a certificate that a build service's run was given, and by a public log. Where
    `outcome` is not `VERIFIED`, the fields below it are empty: nothing is known of the build.

    Attributes:
        package: the package's name.
        version: the release's version.
        outcome: `VERIFIED`, `ABSENT`, `OTHER_ARTIFACT` or `UNVERIFIABLE`.
        why: what does not hold, in the words of who verified it; empty if all does.
        provider: `github` or `gitlab`.
        address: the address of the repository.
        repository: the same as `owner/name`, for one on github.com; else empty.
        workflow: the path of the workflow's file in it.
        ref: the branch or tag that the run was started on, like `refs/heads/main`.
        commit: the commit that it was started on.
    """

    requirement = NOTHING
    endpoint = endpoints.ATTESTATIONS
    listed_by = NewestRelease

    package: str = key("name")
    version: str = key("dist-tags")
    outcome: str = key(
        *("dist", "integrity", "attestations/predicateType", "attestations/bundle/**"),
        *("attestations/bundle/mediaType", f"{ENTRY}/inclusionProof/checkpoint"),
        f"{ENTRY}/kindVersion",
    )
    why: str = key("bundle")
    provider: str = key("bundle")
    address: str = key("bundle")
    repository: str = key("bundle")
    workflow: str = key("bundle")
    ref: str = key("bundle")
    commit: str = key("bundle")

    def is_of(self, named: PackageRepository) -> bool:
        """Whether it was built in the repository that the package names.

        On GitHub that is the same `owner/name`; elsewhere the same host and path.
        """
        if self.repository:
            return self.repository.lower() == named.repository.lower()
        place = place_of(self.address)
        return bool(place) and place == place_of(named.named)


def place_of(address: str) -> str:
    """The host and path of a repository's address, in lower case; empty if it is none."""
    address = address.partition("#")[0]
    short = SHORT.fullmatch(address)
    if short:
        return f"gitlab.com/{short[1]}".lower()
    found = ELSEWHERE.fullmatch(address)
    if not found:
        return ""
    return f"{found[1]}/{found[2].strip('/').removesuffix('.git')}".lower()
