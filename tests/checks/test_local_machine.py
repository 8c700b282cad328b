from __future__ import annotations

from typing import Any

import pytest

from hardenme.facts.local.git import HELPER, PASSWORD, PlainCredential
from hardenme.facts.local.keyring import NONE, PLAIN
from hardenme.facts.local.shell import TokenVariable
from hardenme.model.severity import Severity
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, NotApplicable, Passed
from hardenme_checks.local.environment import environment_without_token, keyring_backend_secure
from hardenme_checks.local.gh import gh_token_in_keyring
from hardenme_checks.local.git import git_credential_not_plaintext, git_signing_configured
from hardenme_checks.local.npm import npm_client_current, npm_install_scripts_blocked
from hardenme_checks.local.ssh import ssh_private_key_protected
from tests.factories.given import MISSING, REFUSED, STRICT, TEAM
from tests.factories.local import (
    gh_hosts,
    git_credentials,
    git_signing,
    install_settings,
    keyring_backend,
    npm_client,
    ssh_private_key,
    token_variables,
)


@pytest.mark.parametrize("version", ["12.0.0", "12.2.0", "13.0.0-pre.1", "100.0.0"])
def test_a_current_npm(version: str) -> None:
    assert isinstance(npm_client_current(npm_client(version=version)), Passed)


@pytest.mark.parametrize(
    ("version", "severity"),
    [
        ("11.19.1", Severity.LOW),
        ("11.15.0", Severity.LOW),
        ("11.14.9", None),
        ("10.9.4", None),
        ("9.99.0", None),
    ],
)
def test_an_old_npm(version: str, severity: Severity | None) -> None:
    verdict = npm_client_current(npm_client(version=version))
    assert isinstance(verdict, Failed)
    assert verdict.severity is severity
    assert version in verdict.message
    assert verdict.fix.undo == f"npm install --global npm@{version}"


def test_npm_unknown() -> None:
    with pytest.raises(NotKnownError):
        npm_client_current(npm_client(version=MISSING))


@pytest.mark.parametrize(
    ("version", "settings"),
    [
        ("11.10.0", {}),
        ("11.19.1", {"allow_all_scripts": True}),  # `ignore-scripts` comes first
        ("12.0.0", {"ignore_scripts": False}),
        ("11.16.0", {"ignore_scripts": False, "strict_scripts": True}),
        ("12.0.0", {"release_age": 3}),
    ],
)
def test_scripts_are_blocked(version: str, settings: dict[str, Any]) -> None:
    verdict = npm_install_scripts_blocked(
        install_settings(**settings), npm_client(version=version), TEAM
    )
    assert isinstance(verdict, Passed)


@pytest.mark.parametrize(
    ("version", "settings"),
    [
        ("11.19.1", {}),
        ("11.15.0", {"strict_scripts": True}),
        ("11.19.1", {"strict_scripts": True, "allow_all_scripts": True}),
        ("12.2.0", {"allow_all_scripts": True}),
    ],
)
def test_scripts_run(version: str, settings: dict[str, Any]) -> None:
    given = install_settings(**{"ignore_scripts": False} | settings)
    verdict = npm_install_scripts_blocked(given, npm_client(version=version), TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.severity is None
    assert verdict.fix.command == "npm config set ignore-scripts=true --location=user"


@pytest.mark.parametrize(("limits", "days"), [(TEAM, 3), (STRICT, 7)])
def test_a_waiting_time_too_short(limits: Any, days: int) -> None:
    settings = install_settings(release_age=days - 1)
    verdict = npm_install_scripts_blocked(settings, npm_client(), limits)
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.LOW
    assert verdict.fix.command == f"npm config set min-release-age={days} --location=user"
    enough = install_settings(release_age=days)
    assert isinstance(npm_install_scripts_blocked(enough, npm_client(), limits), Passed)


def test_an_npm_that_does_not_know_the_waiting_time() -> None:
    old = npm_client(version="11.9.0")
    verdict = npm_install_scripts_blocked(install_settings(), old, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.severity is Severity.LOW
    assert "does not know" in verdict.message


def test_scripts_with_an_unknown_npm() -> None:
    quick = install_settings(release_age=0)
    assert isinstance(npm_install_scripts_blocked(quick, REFUSED, TEAM), Failed)
    for settings in (install_settings(), install_settings(ignore_scripts=False)):
        assert npm_install_scripts_blocked(settings, REFUSED, TEAM) is REFUSED
        with pytest.raises(NotKnownError):
            npm_install_scripts_blocked(settings, npm_client(version=MISSING), TEAM)


@pytest.mark.parametrize(
    ("version", "settings"),
    [
        ("12.0.0", {"ignore_scripts": MISSING}),
        ("12.0.0", {"release_age": MISSING}),
        ("12.0.0", {"ignore_scripts": False, "allow_all_scripts": MISSING}),
        ("11.16.0", {"ignore_scripts": False, "strict_scripts": MISSING}),
    ],
)
def test_scripts_unknown(version: str, settings: dict[str, Any]) -> None:
    with pytest.raises(NotKnownError):
        npm_install_scripts_blocked(install_settings(**settings), npm_client(version=version), TEAM)


def test_no_token_variable() -> None:
    assert isinstance(environment_without_token(token_variables()), Passed)


def test_a_token_in_a_file() -> None:
    found = (
        TokenVariable("GH_TOKEN", 4, literal=True),
        TokenVariable("", 9, literal=True),
        TokenVariable("GH_TOKEN", 12, literal=False),
    )
    verdict = environment_without_token(token_variables(variables=found))
    assert isinstance(verdict, Failed)
    assert verdict.message == "every program can read 3 tokens, in plain text"
    assert verdict.seen == {"variables": ["GH_TOKEN"], "lines": [4, 9, 12]}
    assert verdict.fix.command == "vi +4 ~/.bashrc"


def test_a_token_by_reference() -> None:
    found = (TokenVariable("GH_TOKEN", 4, literal=False),)
    verdict = environment_without_token(token_variables(variables=found))
    assert isinstance(verdict, Failed)
    assert verdict.message == "every program can read 1 token"


def test_a_token_in_the_session() -> None:
    found = (TokenVariable("NPM_TOKEN", 0, literal=True),)
    verdict = environment_without_token(token_variables(variables=found, path=""))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == "unset NPM_TOKEN"
    assert verdict.seen == {"variables": ["NPM_TOKEN"], "lines": []}


def test_a_build_job() -> None:
    found = (TokenVariable("NPM_TOKEN", 0, literal=True),)
    place = token_variables(variables=found, build_job=True)
    assert isinstance(environment_without_token(place), NotApplicable)


@pytest.mark.parametrize("field", ["variables", "build_job"])
def test_environment_unknown(field: str) -> None:
    with pytest.raises(NotKnownError):
        environment_without_token(token_variables(**{field: MISSING}))


def test_keyring() -> None:
    verdict = keyring_backend_secure(keyring_backend())
    assert isinstance(verdict, Passed)
    assert verdict.seen["backend"] == ["keyring.backends.SecretService.Keyring"]


@pytest.mark.parametrize(("kind", "words"), [(PLAIN, "plain text"), (NONE, "stores nothing")])
def test_a_bad_keyring(kind: str, words: str) -> None:
    verdict = keyring_backend_secure(keyring_backend(kind=kind))
    assert isinstance(verdict, Failed)
    assert words in verdict.message


@pytest.mark.parametrize("field", ["kind", "names", "chosen_by"])
def test_keyring_unknown(field: str) -> None:
    with pytest.raises(NotKnownError):
        keyring_backend_secure(keyring_backend(**{field: MISSING}))


def test_gh() -> None:
    assert isinstance(gh_token_in_keyring(gh_hosts()), Passed)
    verdict = gh_token_in_keyring(gh_hosts(token_lines=(3, 8)))
    assert isinstance(verdict, Failed)
    assert verdict.seen == {"oauth_token": 2, "lines": [3, 8]}
    with pytest.raises(NotKnownError):
        gh_token_in_keyring(gh_hosts(token_lines=MISSING))


def test_git_credentials() -> None:
    assert isinstance(git_credential_not_plaintext(git_credentials()), Passed)
    with pytest.raises(NotKnownError):
        git_credential_not_plaintext(git_credentials(plain=MISSING))


def test_a_storing_helper() -> None:
    plain = (PlainCredential(2, HELPER), PlainCredential(8, PASSWORD))
    verdict = git_credential_not_plaintext(git_credentials(plain=plain))
    assert isinstance(verdict, Failed)
    assert verdict.message == ("a helper that stores in plain text and a password, first on line 2")
    assert verdict.seen == {"lines": [2, 8]}
    assert verdict.fix.command == "vi +2 ~/.gitconfig"


def test_a_helper_is_unset_only_where_all_that_stores_is_a_setting() -> None:
    helper = PlainCredential(2, HELPER, "credential.helper")
    for other in (PlainCredential(8, PASSWORD), PlainCredential(9, HELPER)):
        mixed = git_credential_not_plaintext(git_credentials(plain=(helper, other)))
        assert isinstance(mixed, Failed)
        assert mixed.fix.command == "vi +2 ~/.gitconfig"
    named = PlainCredential(4, HELPER, "credential.https://host.example.test.helper")
    verdict = git_credential_not_plaintext(git_credentials(plain=(helper, named)))
    assert isinstance(verdict, Failed)
    assert [line.split()[:5] for line in verdict.fix.command.splitlines()] == [
        ["git", "config", "--file", "~/.gitconfig", "--unset-all"]
    ] * 2


def test_a_password_for_git() -> None:
    verdict = git_credential_not_plaintext(git_credentials(plain=(PlainCredential(5, PASSWORD),)))
    assert isinstance(verdict, Failed)
    assert verdict.fix.command == "vi +5 ~/.gitconfig"


def test_git_signing() -> None:
    assert isinstance(git_signing_configured(git_signing(tags=MISSING, format=MISSING)), Passed)
    assert isinstance(git_signing_configured(git_signing(commits=False)), Failed)
    with pytest.raises(NotKnownError):
        git_signing_configured(git_signing(commits=MISSING))


@pytest.mark.parametrize(
    ("how", "words"),
    [({}, "needs a passphrase"), ({"encrypted": False, "hardware": True}, "lives in a device")],
)
def test_a_protected_key(how: dict[str, Any], words: str) -> None:
    verdict = ssh_private_key_protected(ssh_private_key(**how))
    assert isinstance(verdict, Passed)
    assert words in verdict.message


def test_a_key_without_a_passphrase() -> None:
    key = ssh_private_key(encrypted=False, mode=MISSING, path="~/.ssh/my key")
    verdict = ssh_private_key_protected(key)
    assert isinstance(verdict, Failed)
    assert verdict.message == "the key has no passphrase"
    assert verdict.fix.command == "ssh-keygen -p -f ~/'.ssh/my key'"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602, 0o610])
def test_a_key_that_others_can_use(mode: int) -> None:
    verdict = ssh_private_key_protected(ssh_private_key(mode=mode, own_group=True))
    assert isinstance(verdict, Failed)
    assert f"{mode:04o}" in verdict.message
    assert verdict.fix.command == "chmod 600 ~/.ssh/id_ed25519"


def test_a_key_of_somebody_else() -> None:
    verdict = ssh_private_key_protected(ssh_private_key(owned=False))
    assert isinstance(verdict, Failed)
    assert verdict.message == "the key belongs to another user"


@pytest.mark.parametrize("field", ["encrypted", "hardware", "mode", "owned"])
def test_key_unknown(field: str) -> None:
    with pytest.raises(NotKnownError):
        ssh_private_key_protected(ssh_private_key(**{field: MISSING}))
