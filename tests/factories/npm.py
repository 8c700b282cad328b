"""Valid npm facts with everything in order; a test overrides what it is about."""

from __future__ import annotations

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
from hardenme.model.subject import Subject
from tests.factories.given import ago, ahead, made

USER = Subject("npm", "user", "hazel")
KEY = "11111111-2222-4333-8444-555555555555"
PACKAGE = "@hazel-grove/catkin"
ADDRESS = "hazel@hazel-grove.example"
npm_account = made(NpmAccount, subject=USER, within=USER, name="hazel")
"""The account hazel."""
npm_profile = made(NpmProfile, subject=USER, within=USER, email=ADDRESS, email_verified=True)
"""Its profile, with a verified address."""
npm_two_factor = made(NpmTwoFactor, subject=USER, within=USER, mode="auth-and-writes")
"""Its second factor, asked for at sign-in and at writes."""
mail_domain = made(
    MailDomain,
    subject=USER,
    within=USER,
    domain="hazel-grove.example",
    exists=True,
    receives_mail=True,
)
"""The domain of its address, in good order."""
domain_registration = made(
    DomainRegistration,
    subject=USER,
    within=USER,
    domain="hazel-grove.example",
    expires_at=ahead(365),
)
"""The registration of that domain, for a year."""
npm_token = made(
    NpmToken,
    subject=Subject("npm", "token", KEY),
    within=USER,
    token_key=KEY,
    name="install, build box",
    shown="npm_CANA...0000",
    presented=False,
    classic=False,
    package_write=False,
    publish_policy="unstated",
    organization_write=False,
    bypass=False,
    all_packages=False,
    unlimited=False,
    packages=frozenset({PACKAGE}),
    scopes=frozenset(),
    created_at=ago(10),
    expires_at=ahead(20),
    last_used=ago(1),
    cidr=("192.0.2.0/24",),
    revoked=False,
)
"""A token that reads one package from one network, made and used lately, ending soon."""


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
