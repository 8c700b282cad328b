"""Valid npm facts with everything in order; a test overrides what it is about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hardenme.facts.mail import DomainRegistration, MailDomain
from hardenme.facts.npm.account import NpmAccount, NpmProfile, NpmTwoFactor
from hardenme.facts.npm.package import (
    Maintainer,
    NewestRelease,
    Package,
    PackageGrant,
    Signature,
    WeeklyDownloads,
)
from hardenme.facts.npm.token import NpmToken
from hardenme.model.fact import Every
from hardenme.model.given import Now
from hardenme.model.profile import PROFILES
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown
from tests import moment

NOW = Now(moment.NOW)
SOLO, TEAM, STRICT = (PROFILES[name].limits for name in ("solo", "team", "strict"))
USER = Subject("npm", "user", "hazel")
KEY = "11111111-2222-4333-8444-555555555555"
PACKAGE = "@hazel-grove/catkin"
ADDRESS = "hazel@hazel-grove.example"
MISSING = Unknown(Reason.MALFORMED, "the answer has to hold the key", "no such key")
"""A field that the answer did not hold."""
LOST = Unknown(Reason.INCOMPLETE, "every page of the list", "1 page of 2")
"""A list of which a page was lost."""


def ago(days: float) -> datetime:
    """The moment that many days before `NOW`."""
    return NOW.time - timedelta(days=days)


def ahead(days: float) -> datetime:
    """The moment that many days after `NOW`."""
    return NOW.time + timedelta(days=days)


def every(*facts: Any, missing: Unknown | None = None) -> Every[Any]:
    """All facts of a list; `missing` tells why it is not whole."""
    return Every(facts, missing)


def npm_account(**overrides: Any) -> NpmAccount:
    """The account hazel."""
    return NpmAccount(**{"subject": USER, "within": USER, "name": "hazel"} | overrides)


def npm_profile(**overrides: Any) -> NpmProfile:
    """Its profile, with a verified address."""
    given = {"subject": USER, "within": USER, "email": ADDRESS, "email_verified": True}
    return NpmProfile(**given | overrides)


def npm_two_factor(**overrides: Any) -> NpmTwoFactor:
    """Its second factor, asked for at sign-in and at writes."""
    return NpmTwoFactor(**{"subject": USER, "within": USER, "mode": "auth-and-writes"} | overrides)


def mail_domain(**overrides: Any) -> MailDomain:
    """The domain of its address, in good order."""
    given = {
        "subject": USER,
        "within": USER,
        "domain": "hazel-grove.example",
        "exists": True,
        "receives_mail": True,
    }
    return MailDomain(**given | overrides)


def domain_registration(**overrides: Any) -> DomainRegistration:
    """The registration of that domain, for a year."""
    given = {
        "subject": USER,
        "within": USER,
        "domain": "hazel-grove.example",
        "expires_at": ahead(365),
    }
    return DomainRegistration(**given | overrides)


def npm_token(**overrides: Any) -> NpmToken:
    """A token that reads one package from one network, made and used lately, ending soon."""
    given = {
        "subject": Subject("npm", "token", KEY),
        "within": USER,
        "token_key": KEY,
        "name": "install, build box",
        "shown": "npm_CANA...0000",
        "presented": False,
        "classic": False,
        "package_write": False,
        "publish_policy": "unstated",
        "organization_write": False,
        "bypass": False,
        "all_packages": False,
        "unlimited": False,
        "packages": frozenset({PACKAGE}),
        "scopes": frozenset(),
        "created_at": ago(10),
        "expires_at": ahead(20),
        "last_used": ago(1),
        "cidr": ("192.0.2.0/24",),
        "revoked": False,
    }
    return NpmToken(**given | overrides)


def package_grant(name: str = PACKAGE, **overrides: Any) -> PackageGrant:
    """A package that the account writes."""
    given = {
        "subject": Subject("npm", "package", name),
        "within": USER,
        "writes": True,
    }
    return PackageGrant(**given | overrides)


def maintainer(name: str = "hazel", email: str = ADDRESS) -> Maintainer:
    """Somebody who may publish."""
    return Maintainer(name, email)


def package(name: str = PACKAGE, **overrides: Any) -> Package:
    """A package with two maintainers."""
    people = (maintainer(), maintainer("rowan", "rowan@hazel-grove.example"))
    given = {
        "subject": Subject("npm", "package", name),
        "within": USER,
        "name": name,
        "maintainers": people,
        "addresses": overrides.get("maintainers", people),
        "latest": "1.4.0",
    }
    return Package(**given | overrides)


def newest_release(name: str = PACKAGE, **overrides: Any) -> NewestRelease:
    """A release that a trusted publisher made, with provenance and without install scripts."""
    given = {
        "subject": Subject("npm", "package", name),
        "within": USER,
        "package": name,
        "version": "1.4.0",
        "published_at": ago(30),
        "install_script": False,
        "provenance": True,
        "publisher": None,
        "trusted_publisher": True,
        "approver": "rowan",
        "integrity": "sha512-AAAA",
        "signatures": (Signature("SHA256:CANARY", "AAAA"),),
    }
    return NewestRelease(**given | overrides)


def weekly_downloads(name: str = PACKAGE, **overrides: Any) -> WeeklyDownloads:
    """The counts of a package that few depend on."""
    given = {
        "subject": Subject("npm", "package", name),
        "within": USER,
        "package": name,
        "weekly": 1200,
        "dependents": 3,
    }
    return WeeklyDownloads(**given | overrides)
