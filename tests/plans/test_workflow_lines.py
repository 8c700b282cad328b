"""A finding of a workflow points to the line of its evidence, in SARIF and by its page."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest

from hardenme.reports import render
from hardenme.sandbox.github.world import World
from tests.moment import NOW
from tests.plans.audited import WORLDS, audited
from tests.worlds import github
from tests.worlds.generated import generated

WORD = re.compile(r"[\w@/.-]{3,}")
KEYS = {"GHW203": "permissions:", "GHW204": "${{", "GHW209": "cache-mode:"}
"""What the line has where the message names no word of it."""
WORKFLOWS = "/.github/workflows/"


def world(name: str) -> World:
    """GitHub in one of the audited worlds."""
    if name == "demo":
        return github.weak_maintainer(NOW)
    if name == "weak":
        return github.weak_organization(NOW)
    return generated(int(name), NOW).github


@pytest.mark.second_tier("an audit of a whole world each")
@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", WORLDS)
def test_a_failed_workflow_shows_the_line_that_its_message_is_about(name: str) -> None:
    texts = {
        f"github/repo/{repository.full_name}/{path}": content.decode().splitlines()
        for repository in world(name).repositories
        for path, content in repository.files.items()
    }
    (run,) = json.loads(render(audited(name), "sarif"))["runs"]
    failed = [one for one in run["results"] if one["kind"] == "fail"]
    wrong = {}
    for one in failed:
        place = one["locations"][0]["physicalLocation"]
        path, line = unquote(place["artifactLocation"]["uri"]), place["region"]["startLine"]
        if WORKFLOWS not in path:
            continue
        text = texts[path][line - 1]
        said = one["message"]["text"].partition(": ")[2].partition(" Fix: ")[0]
        named = [word for word in WORD.findall(said.partition(": ")[2]) if word.rstrip(".") in text]
        shown = one["properties"]["fix"]["page"].endswith(f"#L{line}")
        if not shown or not (named or KEYS.get(one["ruleId"], "\n") in text):
            wrong[f"{one['ruleId']} {path}#L{line}"] = text
    assert wrong == {}
