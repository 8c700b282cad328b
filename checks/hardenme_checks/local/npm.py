"""Checks of the npm client: its version, and what it runs at an install."""

from hardenme.facts.local.npm import (
    POLICY_SINCE,
    RELEASE_AGE_SINCE,
    SAFE_SINCE,
    STAGING_SINCE,
    NpmClient,
    NpmInstallSettings,
    setting_of,
)
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Limits
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, Passed, Verdict
from hardenme_checks.wording import count

YOU = "your own account on this machine"
NEWEST = "npm install --global npm@latest"


@check(
    "LOC107",
    "npm-client-current",
    title="npm is too old to stage releases or block install scripts",
    severity=Severity.MEDIUM,
    since="0.1",
)
def npm_client_current(client: NpmClient) -> Verdict:
    """The npm client is new enough to stage releases and to block install scripts.

    ## Why
    An npm before 11.15 cannot stage releases for a person's approval. An npm before 12 runs
    dependencies' install scripts by default.

    ## Fix
    Install the newest npm. After an update to npm 12, allow the packages whose scripts you need,
    one at a time, with `npm approve-scripts`.

    ## Limits
    - Looks at the npm that a shell starts here, and reads its version from its own file.
    - Does not see other installations, or projects that pin a version.
    - From 11.15 on it weighs low.
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
            command=NEWEST,
            needs="the owner of the npm installation",
            undo=f"npm install --global npm@{client.version}",
        ),
        severity=Severity.LOW if stages else None,
    )


@check(
    "LOC108",
    "npm-install-scripts-blocked",
    title="npm runs install scripts, or installs brand-new releases",
    severity=Severity.MEDIUM,
    since="0.1",
)
def npm_install_scripts_blocked(
    settings: NpmInstallSettings, client: NpmClient | Unknown, limits: Limits
) -> Verdict | Unknown:
    """An install runs no dependency scripts, and skips releases of the last days.

    ## Why
    Malware in a package starts with its install script, on your machine, with your tokens. It is
    often found within hours, as at axios in March 2026, so waiting a few days avoids it.

    ## Fix
    Set `ignore-scripts`, or update to npm 12. Then set `min-release-age`. Allow or rebuild by hand
    the packages that must compile something. For an urgent fix, install with `--min-release-age=0`.

    ## Limits
    - Looks at your own settings. A project's file may override them within the project.
    - A missing waiting time alone weighs low.
    """
    seen: Seen = {"ignore-scripts": settings.ignore_scripts}
    wanted = limits.release_age_days
    if not settings.ignore_scripts:
        if isinstance(client, Unknown):
            return client
        seen |= {"version": client.version}
        if not _blocks(client, settings):
            fix = _set(settings, client, wanted, scripts=True)
            return Failed("dependencies' install scripts run", seen, fix)
    seen["min-release-age"] = settings.release_age
    if settings.release_age < wanted:
        days = count(settings.release_age, "day")
        message = f"releases are installed when {days} old, not {wanted}"
        return Failed(message, seen, _set(settings, client, wanted), Severity.LOW)
    if isinstance(client, Unknown):
        return client
    if client.release < RELEASE_AGE_SINCE:
        message = f"npm {client.version} does not know min-release-age"
        return Failed(message, seen, _set(settings, client, wanted), Severity.LOW)
    return Passed(
        f"no scripts run, and releases are at least {count(settings.release_age, 'day')} old", seen
    )


def _blocks(client: NpmClient, settings: NpmInstallSettings) -> bool:
    """Whether npm itself keeps scripts from running that no one allowed."""
    if client.release < POLICY_SINCE or settings.allow_all_scripts:
        return False
    return client.release >= SAFE_SINCE or settings.strict_scripts


def _set(
    settings: NpmInstallSettings, client: NpmClient | Unknown, days: int, *, scripts: bool = False
) -> Fix:
    """What is still to be set, so that nothing is left to say afterwards."""
    made = {"ignore-scripts": "true"} if scripts else {}
    if "release_age" not in settings.unknown_fields() and settings.release_age < days:
        made["min-release-age"] = str(days)
    steps, commands = [], []
    # Variables count before the user's file.
    variables = [name for name in settings.variables if setting_of(name) in made]
    if variables:
        steps.append(f"remove {', '.join(variables)} where it is set")
        commands.append(settings.unset(*variables))
    if isinstance(client, NpmClient) and client.release < RELEASE_AGE_SINCE:
        steps.append("install the newest npm")
        commands.append(NEWEST)
    if made:
        steps.append(f"set {' and '.join(made)}")
        values = (f"{name}={value}" for name, value in made.items())
        commands.append(settings.command("npm", "config", "set", *values, "--location=user"))
    step = ", then ".join(steps)
    return Fix(
        f"{step[0].upper()}{step[1:]}",
        command=" && ".join(commands),
        needs=YOU,
        undo=f"npm config delete {' '.join(made)} --location=user" if made else "",
    )
