from __future__ import annotations

import base64
import copy
import dataclasses
import inspect
import json
import marshal
import pickle
import pprint
import sys
import traceback
from collections.abc import Callable, Iterator
from types import FrameType
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model import secret as secret_module
from hardenme.model.secret import SHOWN, Redactor, Secret, redact

TOKENS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=80)
PEEKING = "{0._open} {0.reveal}"
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


@dataclasses.dataclass
class Holder:
    """Something that holds a secret, as a credential does."""

    secret: Secret


def shown(secret: Secret) -> Iterator[str]:
    """Every text that Python makes of it by itself."""
    yield from (
        str(secret),
        repr(secret),
        ascii(secret),
        f"{secret}",
        f"{secret:>40}",
        f"{secret!r}",
    )
    yield from ("%s %r" % (secret, secret), "{}".format([secret]), repr(Holder(secret)))  # noqa: UP031, UP032
    yield from (PEEKING.format(secret), pprint.pformat({"a": secret}))
    yield repr(inspect.getmembers(secret))
    yield repr([getattr(secret, name) for name in dir(secret) if name != "__getstate__"])
    yield repr(vars(Holder(secret)))
    yield "".join(traceback.StackSummary.extract(here(secret), capture_locals=True).format())


def here(secret: Secret) -> Iterator[tuple[FrameType, int]]:
    """A frame that holds it."""
    assert secret
    frame = sys._getframe()
    yield frame, frame.f_lineno


def test_a_secret_shows_itself_nowhere() -> None:
    value = "CANARY-of-this-test"
    secret = Secret(value)
    for text in shown(secret):
        assert value not in text
    assert secret.reveal() == value
    assert redact(f"a {value} b") == f"a {SHOWN} b"
    assert not hasattr(secret, "__dict__")
    with pytest.raises(TypeError):
        vars(secret)
    assert value not in str(hash(secret))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled(protocol: int) -> None:
    for thing in (Secret("CANARY-of-this-test"), Holder(Secret("CANARY-of-this-test"))):
        with pytest.raises(TypeError, match="not pickled"):
            pickle.dumps(thing, protocol)


def test_a_secret_is_not_stored_in_another_way() -> None:
    secret = Secret("CANARY-of-this-test")
    ways: tuple[Callable[[], object], ...] = (
        lambda: copy.copy(secret),
        lambda: copy.deepcopy(secret),
        lambda: copy.deepcopy({"a": [secret]}),
        lambda: dataclasses.asdict(Holder(secret)),
        lambda: dataclasses.astuple(Holder(secret)),
        secret.__getstate__,
        secret.__reduce__,
        lambda: secret.__reduce_ex__(2),
        lambda: json.dumps(secret),
        lambda: json.dumps({"a": secret}),
        lambda: marshal.dumps(secret),  # type: ignore[arg-type]  # what it refuses is the point
        lambda: bytes(secret),  # type: ignore[call-overload]  # as above
        lambda: str.join("-", [secret]),  # type: ignore[list-item]  # as above
        lambda: "token " + secret,  # type: ignore[operator]  # as above
        lambda: list(secret),  # type: ignore[call-overload]  # as above
        lambda: sorted([secret, Secret("CANARY-2")]),  # type: ignore[type-var]  # as above
    )
    for way in ways:
        with pytest.raises((TypeError, ValueError)):
            way()


def test_a_secret_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def digest(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr(secret_module.hmac, "compare_digest", digest)
    assert Secret("CANARY-1") != Secret("CANARY-2")
    assert Secret("CANARY-\udcff") == Secret("CANARY-\udcff")
    assert len(compared) == 2


def test_secrets_are_equal_by_value() -> None:
    one, same, other = Secret("CANARY-1"), Secret("CANARY-1"), Secret("CANARY-2")
    assert one == same
    assert one != other
    assert one != "CANARY-1"
    assert len({one, same, other}) == 2
