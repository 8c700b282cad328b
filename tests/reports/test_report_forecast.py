"""The plan before the run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hardenme.model.forecast import Blind, Forecast, ForecastRequest
from hardenme.reports import render_forecast
from hardenme.reports.columns import width_of
from tests.printed import printed
from tests.reports.sample import CANARY, HOSTILE

PLAN = Forecast(
    targets=("github:acme",),
    depth="standard",
    sizes={"repositories": 1000, "of these public": 400, "members": 53},
    questions=(
        ForecastRequest("repositories", "POST /graphql", "graphql", 40, "once", False, ("GHR101",)),  # noqa: FBT003 (whether some may be spared)
        ForecastRequest(
            *("webhooks", "GET /repos/{owner}/{repo}/hooks", "rest", 1000, "each repository"),
            *(False, tuple(f"GHR1{number:02}" for number in range(9))),
        ),
        ForecastRequest(
            *("rulesets", "GET /rulesets", "rest", 200, "each repository"), *(True, ("GHB101",))
        ),
        ForecastRequest("this machine", "", "", 1, "once", False, ("LOC101",)),  # noqa: FBT003
    ),
    left={"rest": 4800, "graphql": 4990},
    seconds=150.0,
    hours=1,
    blind=(Blind("admin:org_hook (classic token)", "the token lacks it", ("GHO119", "GHO120")),),
    not_selected={"needs --depth deep": 12},
    notes=("environments: one request for each thing that is found",),
)


def flat(plan: Forecast, **options: bool) -> str:
    return " ".join(render_forecast(plan, "table", width=100, **options).split())


def test_it_tells_size_requests_time_and_what_is_hidden() -> None:
    text = flat(PLAN)
    for part in (
        "size 1000 repositories, 400 of these public, 53 members",
        "graphql 40 requests; 4990 are left of this hour",
        "rest 1000 to 1200 requests; 4800 are left of this hour",
        "about 2 minutes of asking, within what is left of this hour",
        "1000 rest webhooks, each repository GHR100-108",
        "<=200 rest rulesets, each repository GHB101",
        "40 graphql once: repositories GHR101",
        "The token lacks it Hides GHO119-120 Needs admin:org_hook (classic token)",
        "Left out 12 checks: needs --depth deep",
        "environments: one request for each thing that is found",
    ):
        assert part in text, part
    assert text.index("webhooks") < text.index("rulesets") < text.index("once: repositories")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (150, "2 minutes"), (80, "1 minute"), (7200, "2.0 hours")],
)
def test_the_time_is_told_in_readable_units(seconds: float, words: str) -> None:
    assert f"about {words} of asking" in flat(replace(PLAN, seconds=seconds))


def test_more_than_the_hour_allows_is_told_with_what_to_do() -> None:
    text = flat(replace(PLAN, hours=3))
    assert "it takes the budgets of 3 hours" in text
    assert "--resume" in text
    assert "within what is left" not in text


def test_what_the_run_may_use_is_told_where_it_is_less() -> None:
    text = flat(replace(PLAN, usable={"rest": 4300, "graphql": 4990}))
    assert "4800 are left of this hour, and the run may use 4300 of them" in text
    assert text.count("the run may use") == 1


def test_what_is_sent_once_is_one_row_for_each_bucket() -> None:
    once = [
        ForecastRequest(name, f"GET /{name}", "rest", 1, "once", False, (code,))  # noqa: FBT003
        for name, code in (("hooks", "GHO119"), ("apps", "GHO117"), ("apps", "GHO118"))
    ]
    spared = ForecastRequest("credentials", "GET /c", "rest", 1, "once", True, ("GHO116",))  # noqa: FBT003
    assert "3 rest once: hooks, apps GHO117-119" in flat(replace(PLAN, questions=tuple(once)))
    text = flat(replace(PLAN, questions=(*once, spared)))
    assert "<=4 rest once: hooks, apps, credentials GHO116-119" in text
    uncounted = ForecastRequest(
        *("secrets", "GET /s", "rest", 0, "each thing that is found"), *(False, ())
    )
    assert "secrets" not in flat(replace(PLAN, questions=(*once, uncounted), notes=()))


def test_what_hides_for_one_reason_is_told_together() -> None:
    text = flat(
        replace(
            PLAN,
            blind=(
                Blind("the scope a", "it does not own", ("GHO101", "GHO102")),
                Blind("the scope b", "it does not own", ("GHO103",)),
            ),
        )
    )
    assert text.count("It does not own") == 1
    assert "Hides GHO101-102 Needs the scope a Hides GHO103 Needs the scope b" in text


def test_a_limit_that_is_not_known_is_not_told() -> None:
    assert "are left of this hour" not in flat(replace(PLAN, left={}))


def test_json_has_everything_and_the_totals() -> None:
    found = printed("forecast", render_forecast(PLAN, "json"))
    assert found["totals"] == {"graphql": [40, 40], "rest": [1000, 1200]}
    assert found["sizes"]["members"] == 53
    assert [item["requests"] for item in found["questions"]] == [40, 1000, 200, 1]
    assert found["blind"][0]["checks"] == ["GHO119", "GHO120"]


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
@pytest.mark.parametrize("width", [30, 60, 120])
def test_hostile_texts_steer_nothing(form: str, width: int) -> None:
    plan = replace(
        PLAN,
        targets=HOSTILE,
        notes=HOSTILE,
        blind=tuple(Blind(text, text, ("GHO101",)) for text in HOSTILE),
        not_selected=dict.fromkeys(HOSTILE, 1),
    )
    text = render_forecast(plan, form, width=width)
    assert CANARY not in text
    assert not set("\x1b\u202e\u200b\x07\r") & set(text)
    if form != "json":
        # An address stays whole.
        lines = [line for line in text.splitlines() if "://" not in line]
        assert max(map(width_of, lines)) <= width


def test_ascii_is_enough() -> None:
    assert render_forecast(PLAN, "table", ascii_only=True).isascii()
    assert "\x1b[" in render_forecast(PLAN, "table", color=True)
