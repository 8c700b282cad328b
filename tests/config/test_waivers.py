"""What an entry of `[[waivers]]` has to say, and what it may not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.config.waivers import waiver, wrong
from hardenme.model.waiver import ANY, Waiver, fits, plain_id

TODAY = date(2026, 11, 25)
ENTRY: dict[str, Any] = {
    "check": "GHR102",
    "subject": "github:repo/acme/web",
    "reason": "no secrets in it",
    "by": "hazel",
    "until": date(2027, 2, 1),
}


OWNERS = ("acme", "aero", "io", "eo-labs", "oie-5", "mallow", "5-aside", "e")


def told(**parts: Any) -> list[tuple[str, str]]:
    entry = {key: value for key, value in {**ENTRY, **parts}.items() if value is not None}
    return list(wrong(entry, TODAY))


def test_a_whole_entry_is_a_waiver() -> None:
    assert told() == told(issue="acme/web#12") == told(issue="https://tracker.example/x?y=1") == []
    found = waiver({**ENTRY, "issue": "acme/web#12"}, "hardenme.toml")
    assert found == Waiver(
        *(ENTRY[key] for key in ("check", "subject", "reason", "until", "by")), "acme/web#12"
    )
    assert found.origin == "hardenme.toml"


@pytest.mark.parametrize("key", ENTRY)
def test_nothing_of_it_may_be_left_out(key: str) -> None:
    assert told(**{key: None}) == [
        (key, "is missing: a waiver says for what, why, by whom and until when")
    ]


@pytest.mark.parametrize(
    ("until", "right"),
    [
        (TODAY - timedelta(days=400), True),
        (TODAY, True),
        (date(2027, 11, 25), True),
        (date(2027, 11, 26), True),
        (date(2027, 11, 27), False),
        (date(9999, 12, 31), False),
    ],
)
def test_it_ends_within_a_year(until: date, *, right: bool) -> None:
    found = told(until=until)
    assert (found == []) is right
    assert all("a waiver ends within a year, by 2027-11-26" in why for _, why in found)


@pytest.mark.parametrize(
    "subject",
    [
        "github:repo/acme/*",
        "github:repo/acme*",
        "github:ssh-key/501",
        "github:repo/a[b]c?/{d}",
        "npm:package/@acme/*",
        "npm:token/73e3*",
        "local:npmrc/~/.npmrc",
        "local:npmrc/~/.np*",
        "github:repo/k/*",
        "github:branch/acme/*/main",
        "npm:package/lod*",
    ],
)
def test_a_subject_is_an_id_or_a_narrow_pattern(subject: str) -> None:
    assert told(subject=subject) == []


@pytest.mark.parametrize(
    "subject",
    [
        *(
            "*",
            "**",
            "github:*",
            "github:*/acme",
            "g*:repo/acme/web",
            "github:re*o/acme",
            "acme/web",
        ),
        *("github:repo/*", "github:repo/*/*", "npm:package/@*/*", "npm:token/**"),
        *("github:repo/*o*", "github:repo/*-*", "github:repo/a*", "github:repo/*/web"),
        *("github:ssh-key/*5*", "npm:package/@a*", "npm:package/@*/web", "npm:package/re*"),
        *("local:npmrc/~/*", "local:npmrc/~/p*", "local:npmrc/*.npmrc", "npm:token/7*"),
        *("npm:@acme/web", "npm:left-pad", "gitlab:repo/acme/web", "github:repo/", "github:Repo/a"),
    ],
)
def test_none_covers_everything(subject: str) -> None:
    ((key, why),) = told(subject=subject)
    assert key == "subject"
    assert "like github:repo/acme/" in why


NAMES = [f"{owner}/{name}" for owner in OWNERS for name in ("web", "docs", "io-lib", "x5")]


@given(st.text("aeio5-*/", max_size=12))
def test_no_pattern_that_is_taken_covers_nearly_everything(end: str) -> None:
    """Of the names of many, a pattern fits those of one owner, or of one beginning."""
    pattern = f"github:repo/{end}{ANY}"
    if not told(subject=pattern):
        covered = {name[:2] for name in NAMES if fits(f"github:repo/{name}", plain_id(pattern))}
        assert len(covered) <= 1
        assert told(subject=f"github:repo/{ANY}{end}")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("reason", ""), ("reason", " \u00a0 "), ("reason", "a\nb"), ("reason", "\u202ex")),
        *(("reason", "x" * 501), ("reason", 7), ("by", ""), ("by", "x" * 101), ("by", ["hazel"])),
        *(("check", "GHR"), ("check", "all"), ("check", "GHR102,GHR103"), ("check", "GHR*")),
        *(("issue", "12"), ("issue", "http://tracker.example/1"), ("issue", "javascript:alert(1)")),
        *(("issue", "https://u:p@tracker.example/1"), ("issue", "https://tracker.example/ x")),
        *(("until", "2027-02-01"), ("until", 20270201), ("severity", "low"), ("", "x")),
    ],
)
def test_a_part_of_another_form_is_wrong_and_not_quoted(key: str, value: Any) -> None:
    ((where, why),) = told(**{key: value})
    assert where == key
    assert "alert" not in why
    assert "tracker" not in why
