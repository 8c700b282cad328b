"""The schema that editors use says what a run would say."""

from __future__ import annotations

import json
import tomllib
from datetime import date, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hardenme.config.admit import admit
from hardenme.config.schema import FILE, schema, text
from hardenme.config.settings import SETTINGS
from hardenme.config.trust import Trust
from tests.moment import NOW

UNTIL = (NOW + timedelta(days=30)).date()
WAIVER = (
    '[[waivers]]\ncheck = "GHA101"\nsubject = "github:repo/acme/*"\nreason = "r"\nby = "b"\n'
    f"until = {UNTIL}\n"
)
GOOD = (
    "",
    'select = ["GHA"]\nfail-on = "low"\nsince = 90\nprofile = "team"\n',
    '[severities]\nGHA101 = "low"\nnpm-two-factor-enabled = "high"\n',
    "[thresholds]\nkey-unused-days = 90\nrsa-bits = 4096\n",
    '[owner-thresholds.acme]\napprovals = 2\n[owner-thresholds."@acme-*"]\nrsa-bits = 4096\n',
    WAIVER,
    'trusted-folders = ["~/src/web"]\noutput = "/srv/report.md"\ntoken-file = ["npm:~/token"]\n',
)
BAD = (
    "fial-on = 'low'\n",
    "since = 0\n",
    "since = '9'\n",
    "workers = 33\n",
    "select = 'GHA'\n",
    "profile = 'solos'\n",
    "[severities]\nGHA = 'low'\n",
    "[severities]\nGHA101 = 'none'\n",
    "[thresholds]\nkey-unused-day = 9\n",
    "[thresholds]\nrsa-bits = 1024\n",
    "[owner-thresholds]\napprovals = 2\n",
    "[owner-thresholds.acme]\napproval = 2\n",
    "[owner-thresholds.acme]\nrsa-bits = 1024\n",
    "[owner-thresholds.'acme/web']\napprovals = 2\n",
    "trusted-folders = ['src/web']\n",
    "output = 'report.md'\n",
    "token-file = ['npm:token']\n",
    "github-token = 'x'\n",
    "config = '/srv/other.toml'\n",
    WAIVER.replace("reason", "why"),
    WAIVER.replace('"GHA101"', '"all"'),
    WAIVER.replace('by = "b"\n', ""),
)


def parsed(source: str) -> Any:
    """A file as the schema sees it."""
    return json.loads(json.dumps(tomllib.loads(source), default=date.isoformat))


def test_the_file_is_fresh() -> None:
    assert FILE.read_text() == text(), "run: python -m hardenme.config.schema"


def test_it_is_a_schema_of_every_setting_that_a_file_may_have() -> None:
    Draft202012Validator.check_schema(schema())
    names = {name for name, item in SETTINGS.items() if item.least <= Trust.USER}
    assert schema()["properties"].keys() == names
    assert all(item["description"] for item in schema()["properties"].values())


@pytest.mark.parametrize("source", GOOD)
def test_what_it_takes_is_admitted(source: str) -> None:
    Draft202012Validator(schema()).validate(parsed(source))
    assert admit(tomllib.loads(source), Trust.USER).refusals == ()


@pytest.mark.parametrize("source", BAD)
def test_what_it_refuses_is_refused(source: str) -> None:
    assert not Draft202012Validator(schema()).is_valid(parsed(source))
    assert admit(tomllib.loads(source), Trust.USER).refusals
