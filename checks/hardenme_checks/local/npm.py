"""Checks of the npm client: its version, and what it runs at an install."""

from hardenme.facts.local.npm import (
    POLICY_SINCE,
    RELEASE_AGE_SINCE,
    SAFE_SINCE,
    STAGING_SINCE,
    NpmClient,
    NpmInstallSettings,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.wording import count

YOU = "your own account on this machine"


@check("LOC107", "npm-client-current", severity=Severity.MEDIUM, since="0.1")
def npm_client_current(client: NpmClient) -> Verdict:
    """The npm client is new enough to stage releases and to block install scripts.

    ## Why
    npm 11.15 brought releases that wait for a person's approval and publishers that may do no more
    than stage. npm 12 no longer runs the scripts of dependencies unless you allow them.

    ## Fix
    Install the newest npm. After an update to npm 12, packages whose scripts you do need are
    allowed one by one, with `npm approve-scripts`.

    ## Limits
    It looks at the npm that a shell starts here, and reads its version from its own file. Other
    installations and projects that pin a version are not seen. From 11.15 on it weighs low.
    """
    release, seen = client.release, {"version": client.version}
    if release >= SAFE_SINCE:
        return Passed(f"npm {client.version}", {**seen})
    stages = release >= STAGING_SINCE
    lack = "runs install scripts by default" if stages else "cannot stage releases"
    return Failed(
        f"npm {client.version} {lack}",
        {**seen},
        fix=Fix(
            "Install the newest npm",
            command="npm install --global npm@latest",
            needs="the owner of the npm installation",
            undo=f"npm install --global npm@{client.version}",
        ),
        severity=Severity.LOW if stages else None,
    )


@check("LOC108", "npm-install-scripts-blocked", severity=Severity.MEDIUM, since="0.1")
def npm_install_scripts_blocked(
    settings: NpmInstallSettings, client: NpmClient | Unknown, limits: Limits
) -> Verdict | Unknown:
    """An install runs no script of a dependency, and takes no release of the last days.

    ## Why
    Malware in a package starts by its install script, on your machine, with your tokens. It is
    often found within hours, as in axios in March 2026, so that waiting a few days keeps it out.

    ## Fix
    Update to npm 12, or set `ignore-scripts`; then set `min-release-age`. Packages that must
    compile something need to be allowed or rebuilt by hand. A fix that is urgent can be installed
    with `--min-release-age=0`.

    ## Limits
    Your own settings are looked at; a project's file may say otherwise within the project. A
    missing waiting time alone weighs low.
    """
    seen: Seen = {"ignore-scripts": settings.ignore_scripts}
    if not settings.ignore_scripts:
        if isinstance(client, Unknown):
            return client
        seen |= {"version": client.version}
        if not _blocks(client, settings):
            return Failed("scripts of dependencies run at an install", seen, _set("ignore-scripts"))
    seen["min-release-age"] = settings.release_age
    wanted = limits.release_age_days
    fix = _set("min-release-age", str(wanted))
    if settings.release_age < wanted:
        days = count(settings.release_age, "day")
        message = f"releases are taken when {days} old, not {wanted}"
        return Failed(message, seen, fix, Severity.LOW)
    if isinstance(client, Unknown):
        return client
    if client.release < RELEASE_AGE_SINCE:
        message = f"npm {client.version} does not know min-release-age"
        return Failed(message, seen, fix, Severity.LOW)
    return Passed(
        f"no scripts run, and releases are at least {count(settings.release_age, 'day')} old", seen
    )


def _blocks(client: NpmClient, settings: NpmInstallSettings) -> bool:
    """Whether npm itself keeps scripts from running that nobody allowed."""
    if client.release < POLICY_SINCE or settings.allow_all_scripts:
        return False
    return client.release >= SAFE_SINCE or settings.strict_scripts


def _set(name: str, value: str = "true") -> Fix:
    steps = {
        "ignore-scripts": "Update to npm 12, or set ignore-scripts",
        "min-release-age": "Set min-release-age, with npm 11.10 or newer",
    }
    return Fix(
        steps[name],
        command=f"npm config set {name}={value} --location=user",
        needs=YOU,
        undo=f"npm config delete {name} --location=user",
    )


CHECKS = (npm_client_current, npm_install_scripts_blocked)
