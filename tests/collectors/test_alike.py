"""What is one to every reader of answers: the clients make the same of it.

`tests/test_never_a_false_pass.py` breaks an answer in one of the ways of each kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import LoopbackServer, Reply
from tests.mutations import ALIKE, IDLE, WHOLE
from tests.running import QUICK

GITHUB, NPM = Secret("ghp_CANARYalike"), Secret("npm_CANARYalike")
WAYS = {**WHOLE, "truncated": {"cut": 5}}
HASTY = replace(QUICK, idle=IDLE)
ASKED: dict[str, Callable[[str, Bounds], Response]] = {
    "GitHub's REST": lambda url, bounds: GitHub.connect(url, GITHUB, bounds=bounds).get("/user"),
    "GitHub's GraphQL": lambda url, bounds: (
        GitHub.connect(url, GITHUB, bounds=bounds)
        .graphql("query It { viewer { login } }", {})
        .response
    ),
    "GitHub's lists": lambda url, bounds: GitHub.connect(
        url, GITHUB, bounds=bounds
    ).session.get_url(f"{url}/user/keys?per_page=100"),
    "npm": lambda url, bounds: Npm.connect(url, NPM, bounds=bounds).get("/-/whoami"),
    "npm's packages": lambda url, bounds: Npm.connect(url, NPM, bounds=bounds).packument(
        "/lantern"
    ),
}


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer(lambda _: Reply(data={"data": {"login": "hazel"}})) as running:
        yield running


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("way", ALIKE["unreachable"])
def test_no_answer_is_no_answer(server: LoopbackServer, asked: str, way: str) -> None:
    server.faults[:] = []
    assert ASKED[asked](server.url, QUICK).ok
    fault = server.fault(".*", **WAYS[way])
    with pytest.raises(NoAnswerError) as told:
        ASKED[asked](server.url, HASTY if fault.stall else QUICK)
    assert told.value.unknown.reason is Reason.UNREACHABLE


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("way", ALIKE["malformed"])
def test_what_is_no_json_is_no_answer(server: LoopbackServer, asked: str, way: str) -> None:
    server.faults[:] = []
    server.fault(".*", **WAYS[way])
    with pytest.raises(NoAnswerError) as told:
        ASKED[asked](server.url, QUICK).json()
    assert told.value.unknown.reason is Reason.MALFORMED
