from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.local.npm import ELSEWHERE, PLAIN_HTTP, UNCHECKED, Weakness
from hardenme.facts.local.npmrc import COPY, GLOBAL, PNPM, PROJECT, USER, PasswordLine
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.local.npmrc import (
    npm_session_not_standing_token,
    npm_transport_safe,
    npmrc_private,
    npmrc_without_literal_token,
    npmrc_without_password,
)
from tests.factories.given import MISSING, NOW, REFUSED, ago, ahead
from tests.factories.local import (
    npm_connection,
    npmrc_file,
    npmrc_secrets,
    npmrc_tracking,
    stored_token,
    token_line,
)


def test_no_literal_token() -> None:
    verdict = npmrc_without_literal_token(npmrc_secrets(), npmrc_tracking())
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"_authToken": 0}


def test_a_literal_token() -> None:
    secrets = npmrc_secrets(tokens=(token_line(3), token_line(9)))
    verdict = npmrc_without_literal_token(secrets, npmrc_tracking())
    assert isinstance(verdict, Failed)
    assert verdict.severity is None
    assert verdict.message == "2 tokens in plain text on line 3"
    assert verdict.seen == {"_authToken": 2, "tracked": False, "lines": [3, 9]}
    assert verdict.fix.command == (
        "npm logout --registry=https://registry.example.test/;"
        " npm config delete //registry.example.test/:_authToken --location=user"
    )


def test_a_literal_token_that_git_keeps() -> None:
    secrets = npmrc_secrets(tokens=(token_line(),))
    verdict = npmrc_without_literal_token(secrets, npmrc_tracking(tracked=True))
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.CRITICAL
    assert verdict.fix.command == (
        "git -C ~ rm --quiet --cached .npmrc"
        "\nnpm config delete //registry.example.test/:_authToken --location=user"
    )


def test_a_literal_token_where_git_is_unknown() -> None:
    secrets = npmrc_secrets(tokens=(token_line(),))
    verdict = npmrc_without_literal_token(secrets, REFUSED)
    assert isinstance(verdict, Failed)
    assert "tracked" not in verdict.seen
    assert isinstance(npmrc_without_literal_token(npmrc_secrets(), REFUSED), Passed)


@pytest.mark.parametrize(
    ("level", "registry", "command"),
    [
        (
            PROJECT,
            "registry.example.test/npm",
            (
                "npm config delete //registry.example.test/npm/:_authToken --location=project"
                " '--prefix=~/'"
            ),
        ),
        (GLOBAL, "", "npm config delete _authToken --location=global"),
        (USER, "", "npm config delete _authToken --location=user"),
        (
            PROJECT,
            "a b'",
            "npm config delete '//a b'\"'\"'/:_authToken' --location=project '--prefix=~/'",
        ),
        (COPY, "registry.example.test", "rm ~/.npmrc"),
        (PNPM, "registry.example.test", "vi +3 ~/.npmrc"),
    ],
)
def test_how_a_literal_token_goes(level: str, registry: str, command: str) -> None:
    secrets = npmrc_secrets(level=level, tokens=(token_line(3, registry),))
    verdict = npmrc_without_literal_token(secrets, npmrc_tracking())
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == command


def test_literal_token_unknown() -> None:
    with pytest.raises(NotKnownError):
        npmrc_without_literal_token(npmrc_secrets(tokens=MISSING), npmrc_tracking())
    with pytest.raises(NotKnownError):
        npmrc_without_literal_token(
            npmrc_secrets(tokens=(token_line(),)), npmrc_tracking(tracked=MISSING)
        )


WITH_TOKEN = npmrc_secrets(tokens=(token_line(),))
WITH_PASSWORD = npmrc_secrets(passwords=(PasswordLine(2, "_auth"),))


@pytest.mark.parametrize(
    ("mode", "own_group"), [(0o600, False), (0o400, False), (0o660, True), (0o640, True)]
)
def test_a_private_file(mode: int, *, own_group: bool) -> None:
    file = npmrc_file(mode=mode, own_group=own_group)
    for secrets in (WITH_TOKEN, REFUSED):
        assert isinstance(npmrc_private(file, secrets), Passed)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
@pytest.mark.parametrize("secrets", [WITH_TOKEN, WITH_PASSWORD])
def test_others_can_read_secrets(mode: int, secrets: Any) -> None:
    verdict = npmrc_private(npmrc_file(mode=mode), secrets)
    assert isinstance(verdict, Failed)
    assert verdict.message == f"other users can read 1 secret in it (mode {mode:04o})"
    assert verdict.seen == {"mode": f"{mode:04o}", "owned": True, "secrets": 1}
    assert verdict.fix.command == "chmod 600 ~/.npmrc"
    assert verdict.fix.undo == f"chmod {mode:04o} restores it"


def test_others_can_read_a_file_without_secrets() -> None:
    file = npmrc_file(mode=0o644)
    assert isinstance(npmrc_private(file, npmrc_secrets()), Passed)
    assert npmrc_private(file, REFUSED) is REFUSED
    with pytest.raises(NotKnownError):
        npmrc_private(file, npmrc_secrets(passwords=MISSING))


@pytest.mark.parametrize("mode", [0o622, 0o602, 0o620, 0o666])
def test_others_can_write(mode: int) -> None:
    verdict = npmrc_private(npmrc_file(mode=mode), REFUSED)
    assert isinstance(verdict, Failed)
    assert "can change it" in verdict.message


def test_a_shared_file_keeps_its_readers() -> None:
    verdict = npmrc_private(npmrc_file(mode=0o666, level=GLOBAL), npmrc_secrets())
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == "chmod go-w ~/.npmrc"


def test_somebody_elses_file() -> None:
    verdict = npmrc_private(npmrc_file(owned=False), REFUSED)
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == 'sudo chown "$(id -un)" ~/.npmrc'


@pytest.mark.parametrize("field", ["mode", "owned", "own_group"])
def test_private_unknown(field: str) -> None:
    with pytest.raises(NotKnownError):
        npmrc_private(npmrc_file(**{field: MISSING}), npmrc_secrets())


def test_a_session_in_the_file() -> None:
    assert isinstance(npm_session_not_standing_token(stored_token(), NOW), Passed)


KEY = "11111111-2222-4333-8444-555555555555"


def test_a_standing_token_in_the_file() -> None:
    token = stored_token(session=False, token_key=KEY)
    verdict = npm_session_not_standing_token(token, NOW)
    assert isinstance(verdict, Failed)
    assert verdict.message == "a long-lived token that can publish"
    assert verdict.seen == {"key": KEY, "permissions": "write"}
    assert verdict.fix.command == (
        f"npm token revoke {KEY}"
        "\nnpm config delete //registry.example.test/:_authToken --location=user"
    )
    assert verdict.fix.page.endswith("/settings/~/tokens")
    bypassing = stored_token(session=False, token_key=KEY, bypass=True)
    worse = npm_session_not_standing_token(bypassing, NOW)
    assert isinstance(worse, Failed)
    assert worse.message.endswith("without 2FA")
    unknown = stored_token(session=False, token_key=KEY, bypass=MISSING)
    assert isinstance(npm_session_not_standing_token(unknown, NOW), Failed)


def test_a_reading_token_in_the_file() -> None:
    token = stored_token(session=False, token_key=KEY, writes=False, expires_at=MISSING)
    assert isinstance(npm_session_not_standing_token(token, NOW), Passed)


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ({"expires_at": ago(1)}, NotApplicable),
        ({"expires_at": NOW.time}, NotApplicable),
        ({"expires_at": ahead(1)}, Failed),
        ({"revoked": True}, NotApplicable),
    ],
)
def test_a_token_that_may_be_over(how: dict[str, Any], kind: type[Any]) -> None:
    token = stored_token(session=False, token_key=KEY, **how)
    assert isinstance(npm_session_not_standing_token(token, NOW), kind)


@pytest.mark.parametrize("field", ["session", "token_key", "writes", "revoked", "expires_at"])
def test_stored_token_unknown(field: str) -> None:
    token = stored_token(**{"session": False, "token_key": KEY, field: MISSING})
    with pytest.raises(NotKnownError):
        npm_session_not_standing_token(token, NOW)


def test_no_password() -> None:
    assert isinstance(npmrc_without_password(npmrc_secrets()), Passed)
    lines = (PasswordLine(2, "_password"), PasswordLine(5, "_auth"), PasswordLine(6, "_auth"))
    verdict = npmrc_without_password(npmrc_secrets(passwords=lines))
    assert isinstance(verdict, Failed)
    assert verdict.seen == {"keys": ["_auth", "_password"], "lines": [2, 5, 6]}
    assert verdict.message.startswith("3 lines")
    assert verdict.fix.command == "vi +2 ~/.npmrc"
    with pytest.raises(NotKnownError):
        npmrc_without_password(npmrc_secrets(passwords=MISSING))


def test_a_safe_connection() -> None:
    assert isinstance(npm_transport_safe(npm_connection()), Passed)
    with pytest.raises(NotKnownError):
        npm_transport_safe(npm_connection(weaknesses=MISSING))


@pytest.mark.parametrize("why", [PLAIN_HTTP, UNCHECKED, ELSEWHERE])
def test_a_weak_connection(why: str) -> None:
    weak = (Weakness(4, "registry", why), Weakness(7, "@grove:registry", why))
    verdict = npm_transport_safe(npm_connection(weaknesses=weak))
    assert isinstance(verdict, Failed)
    assert verdict.message == why
    assert verdict.seen == {"settings": ["@grove:registry", "registry"], "lines": [4, 7]}
    assert verdict.fix.command == "vi +4 ~/.npmrc"


def test_a_weak_connection_by_the_environment() -> None:
    weak = (Weakness(0, "NODE_TLS_REJECT_UNAUTHORIZED", UNCHECKED),)
    verdict = npm_transport_safe(npm_connection(weaknesses=weak))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == "unset NODE_TLS_REJECT_UNAUTHORIZED"
