from __future__ import annotations

import base64
import copy
import pickle
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.secret import SHOWN, Redactor, Secret, redact

TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=80)
AROUND = st.binary(max_size=8)


@given(TOKENS, AROUND, AROUND)
def test_a_known_secret_shows_in_no_form(token: str, before: bytes, after: bytes) -> None:
    redactor = Redactor()
    redactor.learn(token)
    raw = token.encode()
    whole = base64.b64encode(before + raw + after).decode()
    for shape in (token, quote(token, safe=""), raw.hex(), raw.hex().upper(), token[::-1]):
        assert redactor.redact(f"<{shape}>") == f"<{SHOWN}>"
    # Characters that the neighbours share in may stay: they are two bytes of the token at most.
    assert SHOWN in redactor.redact(whole)
    urlsafe = base64.urlsafe_b64encode(before + raw + after).decode()
    assert SHOWN in redactor.redact(urlsafe)


@pytest.mark.parametrize(
    "token",
    [
        "ghp_CANARY000000000000000000000000000000",
        "gho_CANARY000000000000000000000000000000",
        "github_pat_CANARY0000000000000000_000000000000",
        "npm_CANARYnotarealtoken0000000000000000",
    ],
)
def test_what_looks_like_a_token_is_removed_though_nobody_knew_it(token: str) -> None:
    redactor = Redactor()
    assert redactor.redact(f"see {token}, or ({token})") == f"see {SHOWN}, or ({SHOWN})"


def test_passwords_in_addresses_and_bearers_are_removed() -> None:
    redactor = Redactor()
    assert redactor.redact("https://user:pass@host.example.test/x") == (
        f"https://{SHOWN}@host.example.test/x"
    )
    assert redactor.redact("Authorization: Bearer abc.def-ghi") == f"Authorization: Bearer {SHOWN}"


@pytest.mark.parametrize(
    "text", ["npm_config_userconfig", "ghp_", "npm run build", "github_pat_", "https://host/a:b@c"]
)
def test_ordinary_words_stay(text: str) -> None:
    assert Redactor().redact(text) == text


def test_short_values_are_not_looked_for() -> None:
    redactor = Redactor()
    redactor.learn("abc")
    assert redactor.redact("abcdef") == "abcdef"


def test_a_secret_within_another_leaves_no_rest() -> None:
    redactor = Redactor()
    redactor.learn("CANARY-one")
    redactor.learn("CANARY-one-and-more")
    assert redactor.redact("x CANARY-one-and-more y") == f"x {SHOWN} y"


def test_a_secret_shows_and_stores_itself_nowhere() -> None:
    value = "CANARY-of-this-test"
    secret = Secret(value)
    for text in (str(secret), repr(secret), f"{secret}", f"{secret:>40}", f"{[secret]}"):
        assert value not in text
    assert secret.reveal() == value
    assert redact(f"a {value} b") == f"a {SHOWN} b"
    for store in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            store(secret)
    assert not hasattr(secret, "__dict__")


def test_secrets_are_equal_by_value() -> None:
    one, same, other = Secret("CANARY-1"), Secret("CANARY-1"), Secret("CANARY-2")
    assert one == same
    assert one != other
    assert one != "CANARY-1"
    assert len({one, same, other}) == 2
