"""What is taken out of a text: known values in every disguise, and what looks like a credential."""

from __future__ import annotations

import base64
import html
import json
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hardenme.credentials.token import LONGEST as MOST
from hardenme.engine.catalogue import catalogue
from hardenme.model.disguise import BREAKS, ESCAPE, STEERING, WRAP, Span
from hardenme.model.secret import REDACTOR, SHOWN, Redactor, Secret
from hardenme.model.text import LONGEST, visible
from tests.canary_forms import seen

TOKEN = "ghx+CANARY/of~a.future_format-0000"
"""Of no known format: only its value gives it away."""
DOCS = Path(__file__).parents[2]


def knowing(*values: str) -> Redactor:
    redactor = Redactor()
    for value in values:
        redactor.learn(value)
    return redactor


def each(text: str, form: str) -> str:
    return "".join(form.format(ord(char)) for char in text)


def among(text: str, between: str) -> str:
    return between.join(text)


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


DISGUISES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "percent-encoded": lambda text: quote(text, safe=""),
    "percent-encoded in lower case": lambda text: quote(text, safe="").replace("%2B", "%2b"),
    "percent-encoded all over": lambda text: each(text, "%{:02x}"),
    "percent-encoded here and there": lambda text: text.replace("C", "%43").replace("-", "%2d"),
    "percent-encoded twice": lambda text: quote(quote(text, safe=""), safe=""),
    "escaped for JSON": lambda text: each(text, "\\u{:04x}"),
    "escaped in part": lambda text: text.replace("A", "\\u0041"),
    "escaped twice": lambda text: json.dumps(each(text, "\\u{:04x}"))[1:-1],
    "with an escaped slash": lambda text: text.replace("/", "\\/"),
    "escaped as Python does": lambda text: each(text, "\\x{:02x}"),
    "for HTML": html.escape,
    "in HTML's numbers": lambda text: each(text, "&#{};"),
    "in HTML's hex": lambda text: each(text, "&#x{:X};"),
    "in hex": lambda text: text.encode().hex(),
    "in upper hex": lambda text: text.encode().hex().upper(),
    "reversed": lambda text: text[::-1],
    "in UTF-16 that was read as bytes": lambda text: text.encode("utf-16-le").decode("latin-1"),
    "in lines": lambda text: f"{text[:9]}\n    {text[9:20]}\r\n{text[20:]}",
    "with soft hyphens": lambda text: among(text, "\u00ad"),
    "with zero-width spaces": lambda text: among(text, "\u200b"),
    "with joiners and marks": lambda text: among(text, "\u2060\ufeff\u202e"),
    "with colours": lambda text: f"{text[:8]}\x1b[1;31m{text[8:]}",
    "with a link": lambda text: f"{text[:8]}\x1b]8;;http://a.test\x1b\\{text[8:]}",
    "with escaped zero-width spaces": lambda text: among(text, "\\u200b"),
    "with references to soft hyphens": lambda text: among(text, "&shy;"),
    "with percent-encoded zero-width spaces": lambda text: among(text, "%E2%80%8B"),
    "with percent-encoded soft hyphens": lambda text: among(text, "%c2%ad"),
    "with bells and backspaces": lambda text: f"{text[:8]}\x07{text[8:12]}\x08{text[12:]}",
    "in lines of colour": lambda text: f"{text[:8]}\x1b[0m\n\x1b[31m{text[8:]}",
    "in base64 twice": lambda text: coded(coded(f"login:{text}".encode()).encode()),
    "in base64 of UTF-16": lambda text: coded(text.encode("utf-16-le")),
    "in base64 of UTF-16, the other way round": lambda text: coded(text.encode("utf-16-be")),
    "in hex of UTF-16": lambda text: text.encode("utf-16").hex()[4:-2],
    "percent-encoded in JSON": lambda text: json.dumps(quote(text, safe="") + "\u200b")[1:-7],
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
def test_a_known_value_in_a_disguise_goes_as_a_whole(disguise: Callable[[str], str]) -> None:
    redactor = knowing(TOKEN)
    shown = redactor.redact(f"<{disguise(TOKEN)}> <{disguise(TOKEN)}>\n(and more)")
    assert shown.replace("\0", "") == f"<{SHOWN}> <{SHOWN}>\n(and more)"
    assert redactor.holds(disguise(TOKEN))


@pytest.mark.parametrize("between", ["", "\u00ad", "\u200b", "\n"])
@pytest.mark.parametrize("before", ["", "x" * 170])
def test_a_value_goes_before_a_name_is_cut_or_escaped(before: str, between: str) -> None:
    Secret(TOKEN)
    shown = visible(f"{before} {between.join(TOKEN)} end")
    assert len(shown) <= LONGEST
    assert not seen(REDACTOR.redact(shown).encode())


@pytest.mark.parametrize("between", ["", "\u200b", "%E2%80%8B"])
def test_the_longest_token_goes_before_the_cut(between: str) -> None:
    token = f"CANARY{'0123456789' * (MOST // 10)}"[:MOST]
    Secret(token)
    shown = visible(f"{'x' * (LONGEST - 9)} {between.join(token)} end")
    assert shown == f"{'x' * (LONGEST - 9)} {SHOWN[:7]}…"


@pytest.mark.parametrize("prefix", ["", "x", "x-access-token:", "ab"])
@pytest.mark.parametrize("safe", [True, False])
def test_basic_authentication_goes_as_a_whole(prefix: str, *, safe: bool) -> None:
    encode = base64.urlsafe_b64encode if safe else base64.b64encode
    coded = encode(f"{prefix}{TOKEN}:x".encode()).decode()
    assert knowing(TOKEN).redact(f"<{coded}>") == f"<{SHOWN}>"
    wrapped = f"{coded[:30]}\n{coded[30:]}"
    assert knowing(TOKEN).redact(f"<{wrapped}>") == f"<{SHOWN}>"


@given(
    # A backslash before an escape makes that another one; no token has any.
    st.text(
        st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="\\"),
        min_size=8,
        max_size=60,
    ),
    st.sampled_from(sorted(DISGUISES)),
    st.text(max_size=30),
    st.text(max_size=30),
)
def test_no_value_is_revealed_and_nothing_is_left_to_redact(
    token: str, name: str, before: str, after: str
) -> None:
    assume(token not in SHOWN)
    redactor = knowing(token)
    hidden = DISGUISES[name](token) if len(token) > 20 else token
    shown = redactor.redact(f"{before} {hidden} {after}")
    assert token not in shown
    assert hidden not in shown
    assert redactor.redact(shown) == shown


def test_a_text_in_which_nothing_was_found_is_looked_through_again_for_a_new_value() -> None:
    redactor = Redactor()
    text = f"the token is {TOKEN}"
    assert [redactor.redact(text) for _ in range(2)] == [text, text]
    redactor.learn(TOKEN)
    assert [redactor.redact(text) for _ in range(2)] == [f"the token is {SHOWN}"] * 2


def test_a_new_value_is_looked_for_when_more_was_seen_than_is_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hardenme.model.secret.REMEMBERED", 3)
    redactor = Redactor()
    texts = [f"{number} is {TOKEN}" for number in range(10)]
    assert [redactor.redact(text) for text in texts] == texts
    redactor.learn(TOKEN)
    assert [redactor.redact(text) for text in texts] == [f"{n} is {SHOWN}" for n in range(10)]


def test_what_comes_after_many_texts_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hardenme.model.secret.REMEMBERED", 3)
    looked: list[str] = []

    def found(_: Redactor, text: str) -> Iterator[Span]:
        looked.append(text)
        return iter(())

    monkeypatch.setattr(Redactor, "_find", found)
    redactor = Redactor()
    for number in range(10):
        for _ in range(2):
            redactor.redact(str(number))
    assert looked == [str(number) for number in range(10)]


@given(st.text(max_size=200))
def test_any_text_is_stable_once_it_was_redacted(text: str) -> None:
    redactor = knowing(TOKEN)
    once = redactor.redact(text)
    assert redactor.redact(once) == once


@given(st.text("abcdefgh ,.;\n\u200b%\\", max_size=200))
def test_words_stay(text: str) -> None:
    assert knowing(TOKEN).redact(text) == text


LOOKS = [
    "ghp_CANARY000000000000000000000000000000",
    "ghs_" + "CANARY00" * 31,
    "ghs_CANARY0000.CANARYheader.CANARYclaims",
    "github_pat_CANARY0000000000000000_000000000000",
    "npm_CANARYnotarealtoken0000000000000000",
    "eyJCANARYheader.CANARYclaims.CANARYsignature",
]


@pytest.mark.parametrize("token", LOOKS)
@pytest.mark.parametrize(
    "around",
    [
        "see {}, or ({})",
        "TOKEN_{} {}",
        "a\\n{}\\n {}",
        "%20{}%20&amp;{}",
        "'{}' \"{}\"",
        "{}\n{}\n",
    ],
)
def test_what_looks_like_a_token_goes(token: str, around: str) -> None:
    shown = Redactor().redact(around.format(token, token))
    assert "CANARY" not in shown
    assert shown.count(SHOWN) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer {}",
        "authorization: basic {}",
        "'Authorization': 'token {}'",
        '{{"authorization": "Bearer {}"}}',
        "Proxy-Authorization: Basic {}",
        "npm-otp: {}",
        "X-GitHub-Token: {}",
        "bearer {}",
        "//registry.example.test/:_authToken={}",
        "//registry.example.test/:_password = {}",
        '_auth="{}"',
        "https://user:{}@host.example.test/x",
        "https://{}@host.example.test",
        "postgres://user:{}@host.example.test/x",
        "https://host.example.test/x?access_token={}&page=2",
        "GITHUB_TOKEN={}",
        "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----",
    ],
)
@pytest.mark.parametrize(
    "token", ["5f3bCANARY-0000-4000-8000-000000000000", "Q0FOQVJZCANARYabcdef0123456789=="]
)
def test_in_such_a_place_anything_is_a_credential(text: str, token: str) -> None:
    shown = Redactor().redact(text.format(token))
    assert "CANARY" not in shown
    assert SHOWN in shown


@pytest.mark.parametrize("broken", ["{}\n{}", "{}\r\n  {}", "{}\u200b{}", "{}\x1b[0m{}"])
def test_an_unknown_token_that_is_broken_goes_as_a_whole(broken: str) -> None:
    token = "ghp_CANARY00000000000000000000000000x0x0"
    for at in (5, 9, 20, 36):
        shown = Redactor().redact(f"<{broken.format(token[:at], token[at:])}>")
        assert shown == f"<{SHOWN}>"


def test_the_word_after_a_token_at_the_end_of_a_line_stays() -> None:
    text = "revoke ghp_CANARY000000000000000000000000000000\nand make another"
    assert Redactor().redact(text) == f"revoke {SHOWN}\nand make another"


@pytest.mark.parametrize(
    "text",
    [
        "//registry.example.test/:_authToken=${NPM_TOKEN}",
        "//registry.example.test/:_authToken=<your token>",
        "_auth = ...",
        "Authorization: Basic authentication is not enough",
        "bearer tokens, token permissions, basic authentication",
        "the token 3f9c1a2b3c expires 2026-11-24T16:03:00Z",
        "ssh://git@github.example/acme/web.git git@github.example:acme/web.git",
        "https://github.example/@acme/web?tab=a@b",
        "npm_config_userconfig npm_lifecycle_event npm_package_json_version_number",
        "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef01234567",
        "3f9c1a2b-0000-4000-8000-000000000000",
        "${{ secrets.NPM_TOKEN }} GITHUB_TOKEN=$GITHUB_TOKEN NPM_TOKEN=${NPM_TOKEN}",
        "100% sure\\n of C:\\new\\x &amp; %zz",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert knowing(TOKEN).redact(text) == text


def test_what_the_catalogue_and_the_documentation_say_stays() -> None:
    redactor = knowing(TOKEN)
    texts = [text for check in catalogue() for text in check.texts.values()]
    texts += [path.read_text() for path in DOCS.glob("docs/**/*.md")]
    texts += [DOCS.joinpath(name).read_text() for name in ("README.md", "CONTRIBUTING.md")]
    for text in texts:
        assert redactor.redact(text) == text


def test_all_control_and_format_characters_are_looked_through() -> None:
    for code in range(0x110000):
        char = chr(code)
        if unicodedata.category(char) not in {"Cc", "Cf"} or char in f"\t{BREAKS}":
            continue
        assert STEERING.fullmatch(char) or char == "\x1b", f"U+{code:04X}"
    assert all(WRAP.fullmatch(char) for char in BREAKS)
    assert ESCAPE.fullmatch("\\u200b")


UNITS = (
    *("a", "a!", "ghp_", "npm_", "eyJ", "eyJaaaaaaaa.", "://", "://a:", "://a:b@", "token=", "@"),
    *("Bearer ", "bearer a", "Authorization: ", "authorization: a-", "_auth=", "_password=A"),
    *("%41", "%", "\\u0041", "\\", "&amp;", "&", "\n", "\n ", "  ", "\u200b", "\x1b[", "\x1b]"),
    *("-----BEGIN PRIVATE KEY-----", "-", "=", "aA", "https://", "x-token: ", "ghp_aaaaaaaaaa\n"),
)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("unit", UNITS)
def test_a_hostile_text_takes_time_in_proportion(unit: str) -> None:
    redactor = knowing(TOKEN)
    text = (unit * 100_000)[:100_000] + "!"
    begun = time.process_time()
    redactor.redact(text)
    # It takes some hundredths of a second; the square of its length would take minutes.
    assert time.process_time() - begun < 3


@pytest.mark.second_tier("takes long", one_of=3)
@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(TOKEN.encode()).decode().rstrip("=") * 20_000,
        "ghp_aaaaaaaaaa\na\na\na\na\n" * 40_000,
        "ghp_aaaaaaaaaaaa" + "\nword" * 100_000,
    ],
    ids=["one stretch of base64", "tokens and words on lines", "one token and words on lines"],
)
def test_what_belongs_together_is_read_once(text: str) -> None:
    begun = time.process_time()
    knowing(TOKEN).redact(text)
    assert time.process_time() - begun < 3.0


@pytest.mark.second_tier("thousands of secrets")
def test_thousands_of_secrets_are_no_burden() -> None:
    redactor = knowing(*(f"npm_CANARY{number:030}" for number in range(2000)))
    begun = time.process_time()
    for number in range(2000):
        assert redactor.redact(f"package number {number} of a list, as a report shows it") != ""
    assert time.process_time() - begun < 0.5
    assert redactor.redact(f"<npm_CANARY{1234:030}>") == f"<{SHOWN}>"
    assert redactor.redact(f"<npm_CANARY{1234:030}>"[::-1]) == f">{SHOWN}<"


def test_each_line_of_a_key_is_a_secret() -> None:
    lines = ["CANARYline00000000000000000000one", "CANARYline00000000000000000000two"]
    key = "\n".join(["-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""])
    redactor = knowing(key)
    assert redactor.redact(f"<{lines[1]}>") == f"<{SHOWN}>"
    assert SHOWN in redactor.redact(base64.b64encode(key.encode()).decode())
    assert redactor.redact("-----END PRIVATE KEY-----") == "-----END PRIVATE KEY-----"


@pytest.mark.parametrize("value", ["redact", "redacted", "[redacted]"])
def test_the_mark_itself_is_no_secret(value: str) -> None:
    assert knowing(value, TOKEN).redact(f"a {TOKEN}") == f"a {SHOWN}"


def test_a_value_that_is_no_unicode_is_one_too() -> None:
    value = "CANARY\udcff0000"
    assert knowing(value).redact(f"<{value}>") == f"<{SHOWN}>"
