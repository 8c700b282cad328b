"""Checks of the files from which npm takes its settings and credentials."""

from collections.abc import Iterator

from hardenme.facts.local.machine import GROUP, OTHERS
from hardenme.facts.local.npm import NpmConnection
from hardenme.facts.local.npmrc import (
    COPY,
    OWN,
    USER,
    NpmrcFile,
    NpmrcSecrets,
    NpmrcTracking,
    removal,
)
from hardenme.facts.npm.stored import StoredToken
from hardenme.model.check import check
from hardenme.model.evidence import Seen
from hardenme.model.given import Now
from hardenme.model.severity import Severity
from hardenme.model.unknown import Unknown
from hardenme.model.verdict import Failed, Fix, NotApplicable, Passed, Verdict
from hardenme_checks.wording import count

YOU = "your own account on this machine"
SESSION = ":_authToken"
"""How the key ends under which `npm login` writes its session."""


@check(
    "LOC101",
    "npmrc-without-literal-token",
    title=".npmrc holds a token in plain text",
    severity=Severity.HIGH,
    since="0.1",
)
def npmrc_without_literal_token(
    secrets: NpmrcSecrets, tracking: NpmrcTracking | Unknown
) -> Verdict:
    """The npm settings file holds no token in plain text.

    ## Why
    Credential thieves look into these files first, as the Shai-Hulud worm did in September 2025. A
    file that git tracks spreads even further.

    ## Fix
    Log out after publishing, or write a reference like `${NPM_TOKEN}` instead of the token. Logging
    out also ends the session. Revoke a token that git has tracked first: it leaked, and stays in
    the history.

    ## Limits
    - A session of `npm login` counts too, though it expires after two hours. LOC103 distinguishes
      them.
    - A token in another setting, or before the host of an address, is recognized by npm's and
      GitHub's prefixes.
    - Files of yarn and bun are not read, and neither is git's history.
    - A file that git tracks weighs critical.
    """
    lines = [token.line for token in secrets.tokens]
    seen: Seen = {"_authToken": len(lines)}
    if not lines:
        return Passed("no token in plain text", seen)
    kept = not isinstance(tracking, Unknown) and tracking.tracked
    if not isinstance(tracking, Unknown):
        seen["tracked"] = kept
    seen["lines"] = lines
    where = "in a file that git tracks" if kept else f"on line {lines[0]}"
    return Failed(
        f"{count(len(lines), 'token')} in plain text {where}",
        seen,
        fix=_without_token(secrets)
        if isinstance(tracking, Unknown) or not kept
        else _out_of_git(secrets, tracking),
        severity=Severity.CRITICAL if kept else None,
    )


def _out_of_git(secrets: NpmrcSecrets, tracking: NpmrcTracking) -> Fix:
    folder, _, name = tracking.kept_as.rpartition("/")
    forgotten = secrets.command("git", "-C", folder or "/", "rm", "--quiet", "--cached", name)
    return Fix(
        "Revoke each token, remove the file from git, and remove the lines",
        command=f"{forgotten}\n{_removal(secrets)}",
        needs=YOU,
        undo="Add the file again, with a reference instead of each token",
    )


def _without_token(secrets: NpmrcSecrets) -> Fix:
    if secrets.level == COPY:
        return Fix(
            "Delete the copy, and revoke its token if it differs from the file's",
            command=_removal(secrets),
            needs=YOU,
            undo="Nothing to undo: npm never reads a copy",
        )
    sessions = [*_sessions(secrets)]
    if not sessions:
        return Fix(
            "Remove the line and revoke the token; write ${NPM_TOKEN} for a new one",
            command=_removal(secrets),
            needs=YOU,
            undo="Write a reference to a variable into the line",
        )
    return Fix(
        "Log out, which ends the session, and remove the line",
        # A session that has ended cannot be logged out of: its line goes all the same.
        command="; ".join((*sessions, _removal(secrets))),
        needs=YOU,
        undo="Log in again with npm login when you next publish",
    )


def _sessions(secrets: NpmrcSecrets) -> Iterator[str]:
    """The commands that end what can be a session of `npm login`."""
    registries = (
        token.registry
        for token in secrets.tokens
        if token.registry and token.setting.endswith(SESSION)
    )
    if secrets.level == USER:
        for registry in dict.fromkeys(registries):
            yield secrets.command("npm", "logout", f"--registry=https://{registry}/")


def _removal(secrets: NpmrcSecrets) -> str:
    lines = ((token.line, token.setting) for token in secrets.tokens)
    return removal(secrets.path, secrets.level, lines)


@check(
    "LOC102",
    "npmrc-private",
    title=".npmrc can be read or changed by other users",
    severity=Severity.HIGH,
    since="0.1",
)
def npmrc_private(file: NpmrcFile, secrets: NpmrcSecrets | Unknown) -> Verdict | Unknown:
    """Only you can change the npm settings file, or read it if it holds secrets.

    ## Why
    Anyone who can read a token can publish with it. Anyone who can write the file can redirect your
    installs and your token to another registry.

    ## Fix
    Remove the access of other users. npm itself writes your file that way; an editor or a restored
    backup may not.

    ## Limits
    - A group counts as your own if its number is that of the owner.
    - Permissions of the folders above are not checked. On Windows the result is unknown.
    """
    seen: Seen = {"mode": file.octal, "owned": file.owned}
    if not file.owned:
        return Failed(
            "the file belongs to another user",
            seen,
            fix=Fix(
                "Take ownership of the file",
                command=" && ".join((file.seize(), *_closing(file, secrets))),
                needs="the administrator of this machine",
                undo="Give it back with chown",
            ),
        )
    if file.written_by_others:
        return Failed(
            f"other users can change it (mode {file.octal})", seen, _private(file, secrets)
        )
    if not file.read_by_others:
        return Passed(f"no other user can read or change it (mode {file.octal})", seen)
    if isinstance(secrets, Unknown):
        return secrets
    found = len(secrets.tokens) + len(secrets.passwords)
    seen["secrets"] = found
    if found:
        message = f"other users can read {count(found, 'secret')} in it (mode {file.octal})"
        return Failed(message, seen, _private(file, secrets))
    return Passed(f"other users can read it, and it holds no secret (mode {file.octal})", seen)


def _private(file: NpmrcFile, secrets: NpmrcSecrets | Unknown) -> Fix:
    return Fix(
        "Remove the access of other users",
        command=" && ".join(_closing(file, secrets)),
        needs="the owner of the file",
        undo=f"chmod {file.octal} restores it",
    )


def _closing(file: NpmrcFile, secrets: NpmrcSecrets | Unknown) -> Iterator[str]:
    """The command after which others can neither change the file nor read a secret in it.

    A file for everyone stays readable as long as it is known to hold none.
    """
    if not file.mode & (OTHERS | GROUP):
        return
    plain = not isinstance(secrets, Unknown) and not (secrets.tokens or secrets.passwords)
    if file.level in OWN:
        yield file.command("chmod", "600", file.path)
    else:
        yield file.command("chmod", "go-w" if plain else "go-rwx", file.path)


@check(
    "LOC103",
    "npm-session-not-standing-token",
    title=".npmrc holds a long-lived token that can publish",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_session_not_standing_token(token: StoredToken, now: Now) -> Verdict:
    """The npm token in the settings file is a session, or can only read.

    ## Why
    Anyone who copies the file can use a publishing token for months. A session of `npm login`
    expires after two hours.

    ## Fix
    Revoke the token and log in when you publish. Move unattended publishing to a workflow with a
    trusted publisher.

    ## Limits
    - Finds the token in the account's list by its first and last characters, for this run's
      registry only.
    - A token of another account is unknown, and so is a right that the list does not show.
    """
    if token.session:
        return Passed("a session of npm login, which expires", {"session": True})
    seen: Seen = {"key": token.token_key, "permissions": "write" if token.writes else "read"}
    if not token.writes:
        return Passed("a token that can only read", seen)
    if token.revoked or (token.expires_at is not None and token.expires_at <= now.time):
        return NotApplicable("the token can no longer be used: remove its line", seen)
    more = ", without 2FA" if token.says("bypass") else ""
    line = removal(token.path, token.level, ((token.line, token.setting),))
    return Failed(
        f"a long-lived token that can publish{more}",
        seen,
        fix=Fix(
            "Revoke the token, remove its line, then log in with npm login each time you publish",
            page=token.page("tokens", user="~"),
            command=f"{token.npm('token', 'revoke', token.token_key)}\n{line}",
            needs="a session of npm login and 2FA",
            undo="Cannot be undone. Create a new token if something still needs it",
        ),
    )


@check(
    "LOC104",
    "npmrc-without-password",
    title=".npmrc holds a password or a private key",
    severity=Severity.HIGH,
    since="0.1",
)
def npmrc_without_password(secrets: NpmrcSecrets) -> Verdict:
    """The npm settings file holds no password or private key, also not in a URL.

    ## Why
    `_auth` and `_password` hold the account's password, merely encoded, and a URL holds it as it
    is. Unlike a token it opens the whole account, and others that share the password.

    ## Fix
    Change the password, remove the line, and log in with `npm login`. For a registry that accepts
    only passwords, use a separate one from a variable.

    ## Limits
    - A reference like `${NPM_PASSWORD}` passes: the password is stored elsewhere.
    - A name alone before a host passes, unless it looks like a token.
    - Files that `certfile` and `keyfile` name are not opened.
    """
    names = sorted({item.name for item in secrets.passwords})
    if not names:
        return Passed("no password and no private key", {"_password": 0, "_auth": 0})
    lines = [item.line for item in secrets.passwords]
    return Failed(
        f"{count(len(lines), 'line')} with a password or a private key, the first is {lines[0]}",
        {"keys": names, "lines": lines},
        fix=Fix(
            "Change the password, remove the line, then log in with npm login",
            command=secrets.edit(lines[0]),
            needs=YOU,
            undo="Write a reference to a variable into the line",
        ),
    )


@check(
    "LOC105",
    "npm-transport-safe",
    title="npm uses unverified TLS, or a registry the project sets",
    severity=Severity.HIGH,
    since="0.1",
)
def npm_transport_safe(connection: NpmConnection) -> Verdict:
    """Registries are reached over verified TLS, and no project redirects them.

    ## Why
    Without verified TLS, anyone on the network path can read your token and replace packages. A
    project's file can redirect you to another registry too.

    ## Fix
    Remove the setting. For a registry with its own certificate, set `cafile` instead of turning
    `strict-ssl` off. If a project names another registry than you do, ask its owner before you
    install.

    ## Limits
    - Does not know whether a registry is the right one, only that a project's file disagrees with
      yours.
    - Registries on this machine may use http.
    """
    weak = connection.weaknesses
    if not weak:
        return Passed("no setting weakens the connection", {"weaknesses": 0})
    first = weak[0]
    names = sorted({item.name for item in weak})
    command = connection.unset(*names) if first.line == 0 else connection.edit(first.line)
    return Failed(
        "; ".join(dict.fromkeys(item.why for item in weak)),
        {"settings": names, "lines": [item.line for item in weak if item.line]},
        fix=Fix(
            "Remove the setting",
            command=command,
            needs=YOU,
            undo="Write the setting again",
        ),
    )
