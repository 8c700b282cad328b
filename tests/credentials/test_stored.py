from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from hardenme.credentials.chain import TokenChain
from hardenme.credentials.gh import Gh
from hardenme.credentials.keyring import Keyring, KeyringError
from hardenme.credentials.stored import StoredTokens, place_of, user_of
from hardenme.facts.npm.site import REGISTRY
from hardenme.ground.errors import CredentialError
from hardenme.model.secret import Secret
from hardenme.model.stored_token import KeyringToken
from hardenme.store.token_index import TokenIndex
from tests.credentials import backends
from tests.credentials.backends import Memory, keyring_with, station
from tests.moment import NOW

CLOUD = "https://api.github.com"
TENANT = "https://api.acme.ghe.com"
SERVER = "https://github.example.test/api/v3"
PORT = "https://github.example.test:8443/api/v3"
LOCAL, LOCAL_PORT = "http://127.0.0.1:8080", "http://127.0.0.1:8081"
ADDRESSES = (CLOUD, TENANT, SERVER, PORT, LOCAL, LOCAL_PORT)


def value(name: str) -> str:
    return f"ghp_CANARY{name}".ljust(40, "0")


def entry(base: str = CLOUD, login: str = "mallow", owner: str = "") -> KeyringToken:
    return KeyringToken(provider="github", base=base, login=login, owner=owner, stored_at=NOW)


def npm_entry(base: str, login: str = "mallow") -> KeyringToken:
    return KeyringToken(provider="npm", base=base, login=login, stored_at=NOW)


@dataclass
class Store:
    """A keyring in memory, its list in a folder, and how often the former was asked."""

    home: Path
    backend: Memory = field(default_factory=Memory)

    @property
    def tokens(self) -> StoredTokens:
        return StoredTokens(TokenIndex(self.home), keyring_with(self.home, self.backend))

    def put(self, *entries: KeyringToken) -> None:
        for number, one in enumerate(entries):
            text = value(f"n{number}") if one.provider == "github" else f"npm_CANARYn{number}0000"
            self.tokens.put(one, Secret(text))
        self.backend.asked = 0

    def chain(self, as_login: str = "", **environ: str) -> TokenChain:
        return TokenChain(environ, self.home, stored=self.tokens, as_login=as_login)

    def found(self, api: str, as_login: str = "") -> str:
        """The value that the chain finds for an address; empty for none."""
        found = self.chain(as_login).github(api)
        return found.secret.reveal() if found else ""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def test_a_stored_token_is_found_for_its_address(store: Store) -> None:
    store.put(entry())
    found = store.chain().github(CLOUD)
    assert found is not None
    assert found.secret.reveal() == value("n0")
    assert (found.login, found.owner, found.provider) == ("mallow", "", "github")
    assert found.source == place_of(entry()) == "the keyring (hardenme:github.com, mallow)"
    assert store.backend.kept == {("hardenme:github.com", "mallow"): value("n0")}


@pytest.mark.parametrize("one", ADDRESSES)
def test_fault_14_a_token_is_for_one_address_alone(store: Store, one: str) -> None:
    store.put(entry(one))
    assert store.found(one) == value("n0")
    store.backend.asked = 0
    for other in (*ADDRESSES, f"{one}/x", one.replace("http", "https", 1), "https://evil.test"):
        if other != one:
            assert store.found(other) == ""
            assert store.chain().npm(other) is None
            assert store.chain().github_of("mallow", other) is None
    assert store.backend.asked == 0


def test_fault_14_all_addresses_at_once_and_none_crosses(store: Store) -> None:
    entries = [entry(base, owner=owner) for base in ADDRESSES for owner in ("", "acme", "acme-x")]
    store.put(*entries)
    for number, one in enumerate(entries):
        chain = store.chain()
        found = chain.github_of(one.owner, one.base) if one.owner else chain.github(one.base)
        assert found is not None
        assert found.secret.reveal() == value(f"n{number}")
        assert (found.login, found.owner) == ("mallow", one.owner)


def test_fault_14_registries_do_not_share_tokens(store: Store) -> None:
    bases = [REGISTRY, "https://npm.test", "https://npm.test/a", "https://npm.test:8443", LOCAL]
    store.put(*(npm_entry(base) for base in bases))
    for number, base in enumerate(bases):
        found = store.chain().npm(base)
        assert found is not None
        assert found.secret.reveal() == f"npm_CANARYn{number}0000"
        assert store.chain().github(base) is None
    assert store.chain().npm("https://npm.test/b") is None


def test_fault_14_two_accounts_have_to_be_told_apart(store: Store) -> None:
    store.put(entry(login="mallow"), entry(login="hazel"), entry(SERVER, "linden"))
    with pytest.raises(CredentialError, match=r"for github\.com: hazel, mallow; .*--as LOGIN"):
        store.found(CLOUD)
    assert store.backend.asked == 0
    assert store.found(CLOUD, "mallow") == value("n0")
    assert store.found(CLOUD, "HAZEL") == value("n1")
    assert store.found(SERVER) == value("n2")
    with pytest.raises(CredentialError, match=r"no token of linden for github\.com, but of hazel"):
        store.found(CLOUD, "linden")


def test_two_npm_accounts_have_to_be_told_apart(store: Store) -> None:
    store.put(npm_entry(REGISTRY), npm_entry(REGISTRY, "hazel"), entry())
    with pytest.raises(CredentialError, match=r"hazel, mallow; .*HARDENME_NPM_TOKEN"):
        store.chain("mallow").npm(REGISTRY)


def test_two_accounts_for_one_owner_have_to_be_told_apart(store: Store) -> None:
    store.put(entry(login="mallow", owner="acme"), entry(login="hazel", owner="acme"))
    with pytest.raises(CredentialError, match=r"github\.com and acme: hazel, mallow"):
        store.chain().github_of("acme", CLOUD)
    found = store.chain("hazel").github_of("Acme", CLOUD)
    assert found is not None
    assert found.secret.reveal() == value("n1")
    # Neither is a general token.
    assert store.found(CLOUD) == ""


def test_the_places_before_it_spare_the_keyring(store: Store) -> None:
    store.put(entry(), entry(owner="acme"))
    early = {"GITHUB_TOKEN": value("early"), "HARDENME_GITHUB_TOKEN__ACME": value("own")}
    chain = store.chain(**early)
    for found, source in (
        (chain.github(CLOUD), "GITHUB_TOKEN"),
        (chain.github_of("acme", CLOUD), "HARDENME_GITHUB_TOKEN__ACME"),
    ):
        assert found is not None
        assert found.source == source
    assert store.backend.asked == 0


def test_it_goes_before_the_users_npmrc(store: Store) -> None:
    key = f"//{REGISTRY.removeprefix('https://')}/:_authToken"
    (store.home / ".npmrc").write_text(f"{key}=npm_CANARYinthefile\n")
    found = store.chain().npm(REGISTRY)
    assert found is not None
    assert found.source == "~/.npmrc"
    store.put(npm_entry(REGISTRY))
    found = store.chain().npm(REGISTRY)
    assert found is not None
    assert found.source.startswith("the keyring")


def test_it_goes_before_gh(store: Store) -> None:
    store.put(entry())
    chain = store.chain()
    chain.gh = Gh({"PATH": "/nonexistent"}, lambda _line: None)
    found = chain.github(CLOUD)
    assert found is not None
    assert found.secret.reveal() == value("n0")
    with pytest.raises(CredentialError, match="no folder of PATH has a gh"):
        chain.github(TENANT)


def test_fault_10_a_refused_keyring_stops_what_needs_it(tmp_path: Path) -> None:
    Store(tmp_path).put(entry())
    closed = keyring_with(tmp_path, Memory(), allowed=False)
    chain = TokenChain({}, tmp_path, stored=StoredTokens(TokenIndex(tmp_path), closed))
    with pytest.raises(KeyringError, match=r"a token of mallow is stored, but .*--token-stdin"):
        chain.github(CLOUD)
    assert chain.github(SERVER) is None


def test_one_that_is_gone_from_the_keyring_is_told(store: Store) -> None:
    store.put(entry())
    store.backend.kept.clear()
    with pytest.raises(CredentialError, match=r"has no token any more.*hardenme auth login github"):
        store.found(CLOUD)


def test_another_providers_token_in_the_keyring_is_refused(store: Store) -> None:
    store.put(entry())
    store.backend.kept["hardenme:github.com", "mallow"] = "npm_CANARYmixedup000000"
    with pytest.raises(CredentialError, match="holds an npm token"):
        store.found(CLOUD)


def test_a_damaged_list_leaves_the_keyring_alone(store: Store) -> None:
    store.put(entry())
    (store.home / "tokens.json").chmod(0o666)
    chain = store.chain()
    assert chain.github(CLOUD) is None
    assert chain.stored is not None
    assert "chmod 600" in chain.stored.fault
    assert store.backend.asked == 0


def test_without_an_entry_no_keyring_is_looked_for(tmp_path: Path) -> None:
    def find() -> Memory:
        raise AssertionError("nobody asked")

    tokens = StoredTokens(TokenIndex(tmp_path), Keyring(station(tmp_path), find))
    chain = TokenChain({}, tmp_path, stored=tokens)
    assert chain.github(CLOUD) is None
    assert chain.npm(REGISTRY) is None
    assert chain.owners(CLOUD) == ()


def test_the_owners_of_an_address(store: Store) -> None:
    store.put(entry(owner="acme-labs"), entry(), entry(owner="cedar"), entry(SERVER, owner="oak"))
    environ = {"HARDENME_GITHUB_TOKEN__ACME_LABS": "x", "HARDENME_GITHUB_TOKEN__ELM": "x"}
    assert store.chain(**environ).owners(CLOUD) == ("ELM", "acme-labs", "cedar")
    assert store.chain().owners(SERVER) == ("oak",)


def test_what_is_forgotten_is_gone_from_both(store: Store) -> None:
    store.put(entry(), entry(owner="acme"))
    assert store.tokens.forget(entry())
    assert not store.tokens.forget(entry())
    assert store.tokens.entries() == (entry(owner="acme"),)
    assert store.backend.kept == {("hardenme:github.com", "mallow/acme"): value("n1")}


def test_what_the_list_does_not_know_is_forgotten_too(store: Store) -> None:
    store.put(entry())
    store.tokens.index.remove(entry())
    assert store.tokens.forget(entry(login="Mallow"))
    assert store.backend.kept == {}


def test_what_the_keyring_keeps_stays_listed(tmp_path: Path) -> None:
    store = Store(tmp_path, backends.Clinging())
    store.put(entry())
    with pytest.raises(KeyringError, match="did not delete"):
        store.tokens.forget(entry())
    assert store.tokens.entries() == (entry(),)


def test_what_cannot_be_listed_is_not_left_in_the_keyring(store: Store) -> None:
    store.put(entry())
    (store.home / "tokens.json").write_text("{")
    with pytest.raises(CredentialError, match="the token was not stored"):
        store.tokens.put(entry(SERVER), Secret(value("new")))
    assert list(store.backend.kept) == [("hardenme:github.com", "mallow")]


@pytest.mark.parametrize("moment", ["storing", "listing"])
def test_an_interrupt_leaves_no_token_that_is_not_listed(
    store: Store, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    tokens = store.tokens

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if moment == "listing":
        monkeypatch.setattr(tokens.index, "add", interrupt)
    else:
        real = tokens.keyring._within

        def within(call: Any, what: str) -> Any:
            # Ctrl-C comes to the thread that waits, while the other goes on.
            real(call, what)
            monkeypatch.setattr(tokens.keyring, "_within", real)
            raise KeyboardInterrupt

        tokens.keyring.backend_name()
        monkeypatch.setattr(tokens.keyring, "_within", within)
    with pytest.raises(KeyboardInterrupt):
        tokens.put(entry(), Secret(value("new")))
    assert store.backend.kept == {}
    assert tokens.entries() == ()


@pytest.mark.parametrize(
    "text", ["", " ", "npm_CANARYforeign000000", "ghr_CANARY0000000000", "a b"]
)
def test_what_is_no_token_is_not_stored(store: Store, text: str) -> None:
    with pytest.raises(CredentialError):
        store.tokens.put(entry(), Secret(text))
    assert store.backend.asked == 0
    assert store.tokens.entries() == ()


@pytest.mark.parametrize(
    "bad",
    [
        *(entry(login=login) for login in ("", "a/b", "a\nb", "\x1b]0;a\x07", "a" * 101, "\xe9")),
        entry("https://github.com"),
        entry("ftp://x"),
    ],
)
def test_what_has_no_name_is_not_stored(store: Store, bad: KeyringToken) -> None:
    with pytest.raises(CredentialError):
        store.tokens.put(bad, Secret(value("x")))
    assert store.backend.asked == 0


def test_storing_again_replaces(store: Store) -> None:
    store.put(entry())
    store.tokens.put(replace(entry(login="Mallow"), kind="classic"), Secret(value("new")))
    assert store.found(CLOUD) == value("new")
    assert len(store.backend.kept) == len(store.tokens.entries()) == 1


def test_an_owners_user() -> None:
    assert user_of("Mallow", "Acme-Labs") == "mallow/acme-labs"
    assert user_of("Mallow") == "mallow"
