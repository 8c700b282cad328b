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
    """The npm settings file holds no token in clear text.

    ## Why
    Thieves of credentials look into these files first: the worm Shai-Hulud of September 2025 took
    npm tokens from them and published itself with those. A file that git keeps goes further still.

    ## Fix
    Log out after publishing, or write a reference like `${NPM_TOKEN}` in place of the token.
    Logging out also ends the session. A token that git has kept counts as leaked: revoke it first,
    since it stays in the history.

    ## Limits
    A session of `npm login` counts too, though it ends after two hours; LOC103 tells them apart.
    A token in another setting, or before the host of an address, is known by how npm's and GitHub's
    begin.
    Files of yarn and bun are not read, nor is git's history. Kept by git weighs critical.
    """
    lines = [token.line for token in secrets.tokens]
    seen: Seen = {"_authToken": len(lines)}
    if not lines:
        return Passed("no token in clear text", seen)
    kept = not isinstance(tracking, Unknown) and tracking.tracked
    if not isinstance(tracking, Unknown):
        seen["tracked"] = kept
    seen["lines"] = lines
    where = "in a file that git keeps" if kept else f"on line {lines[0]}"
    return Failed(
        f"{count(len(lines), 'token')} in clear text {where}",
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
        "Revoke each token, take the file out of git, and remove their lines",
        command=f"{forgotten} && {_removal(secrets)}",
        needs=YOU,
        undo="Add the file again, with a reference in place of each token",
    )


def _without_token(secrets: NpmrcSecrets) -> Fix:
    if secrets.level == COPY:
        return Fix(
            "Delete the copy, and revoke its token if it is another than the file's",
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
    """The npm settings file can be changed by you alone, and read by you alone if it holds secrets.

    ## Why
    Whoever can read a token can publish with it. Whoever can write the file can send your installs
    and your token to a registry of theirs.

    ## Fix
    Take the rights of others away. npm itself writes your own file so; an editor or a backup that
    was played back may not.

    ## Limits
    A group counts as your own where its number is that of the owner. Rights of the folders above
    are not looked at, and on Windows it is unknown.
    """
    seen: Seen = {"mode": file.octal, "owned": file.owned}
    if not file.owned:
        return Failed(
            "the file belongs to another user",
            seen,
            fix=Fix(
                "Make the file your own",
                command=" && ".join((file.seize(), *_closing(file, secrets))),
                needs="the administrator of this machine",
                undo="Give it back with chown",
            ),
        )
    if file.written_by_others:
        return Failed(f"others can change it (mode {file.octal})", seen, _private(file, secrets))
    if not file.read_by_others:
        return Passed(f"nobody else can use it (mode {file.octal})", seen)
    if isinstance(secrets, Unknown):
        return secrets
    found = len(secrets.tokens) + len(secrets.passwords)
    seen["secrets"] = found
    if found:
        message = f"others can read {count(found, 'secret')} in it (mode {file.octal})"
        return Failed(message, seen, _private(file, secrets))
    return Passed(f"others can read it, and it holds no secret (mode {file.octal})", seen)


def _private(file: NpmrcFile, secrets: NpmrcSecrets | Unknown) -> Fix:
    return Fix(
        "Take away the rights of others",
        command=" && ".join(_closing(file, secrets)),
        needs="the owner of the file",
        undo=f"chmod {file.octal} gives them back",
    )


def _closing(file: NpmrcFile, secrets: NpmrcSecrets | Unknown) -> Iterator[str]:
    """The command after which others can neither change the file nor read a secret in it.

    A file for everybody stays readable as long as it is known to hold none.
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
    """The npm token in the settings file is a session, or cannot change anything.

    ## Why
    A token that publishes and lies in a file works for months for whoever copies the file. A
    session of `npm login` ends after two hours.

    ## Fix
    Revoke the token and log in when you publish. What publishes by itself belongs into a workflow
    with a trusted publisher, not onto this machine.

    ## Limits
    The token is found in the account's list by its ends, for the registry of this run alone. One
    of another account is unknown. A right that the list does not tell is unknown too.
    """
    if token.session:
        return Passed("a session of npm login, which ends by itself", {"session": True})
    seen: Seen = {"key": token.token_key, "permissions": "write" if token.writes else "read"}
    if not token.writes:
        return Passed("a listed token that only reads", seen)
    if token.revoked or (token.expires_at is not None and token.expires_at <= now.time):
        return NotApplicable("the listed token can no longer be used: remove its line", seen)
    more = ", without the second factor" if token.says("bypass") else ""
    line = removal(token.path, token.level, ((token.line, token.setting),))
    return Failed(
        f"a standing token that publishes{more}",
        seen,
        fix=Fix(
            "Revoke the token, remove its line, then log in with npm login each time you publish",
            page=token.page("tokens", user="~"),
            command=f"{token.npm('token', 'revoke', token.token_key)}; {line}",
            needs="a session of npm login and the second factor",
            undo="A revoked token stays dead: make a new one",
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
    """The npm settings file holds no password and no private key, in no address either.

    ## Why
    `_auth` and `_password` are the password itself, only written in another alphabet. Within an
    address it is not even that. Unlike a token it opens the whole account, and often others that
    share it.

    ## Fix
    Change the password, remove the line, and log in with `npm login`. A registry that knows only
    passwords gets one of its own, from a variable.

    ## Limits
    A reference like `${NPM_PASSWORD}` passes: the password is then elsewhere. A name alone before a
    host passes, unless it has the form of a token. What `certfile` and `keyfile` name is not
    opened.
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
    """Registries are reached over checked encryption, and a project does not redirect them.

    ## Why
    Without encryption, or with certificates that nobody checks, whoever sits between you and the
    registry reads your token and swaps the packages. A project's file can name a registry too.

    ## Fix
    Remove the setting. A registry with a certificate of its own needs `cafile`, not `strict-ssl`
    off. Where a project names another registry than you do, ask its owner before you install.

    ## Limits
    It cannot tell whether a registry is the right one, only that a project's file disagrees with
    yours. Registries of this machine may use http.
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
