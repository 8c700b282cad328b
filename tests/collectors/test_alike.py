"""What is one to every reader of answers: the clients make the same of it.

`tests/test_never_a_false_pass.py` breaks an answer in one of the ways of each kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason
from hardenme.sandbox.http import LoopbackServer, Reply
from tests.mutations import ALIKE, IDLE, WHOLE
from tests.running import QUICK

WAYS = {**WHOLE, "truncated": {"cut": 5}}
BOUNDS = replace(QUICK, idle=IDLE)
ASKED: dict[str, Callable[[str], Response]] = {
    "GitHub's REST": lambda url: GitHub.connect(url, Secret("ghp_CANARYalike"), bounds=BOUNDS).get(
        "/user"
    ),
    "GitHub's GraphQL": lambda url: (
        GitHub.connect(url, Secret("ghp_CANARYalike"), bounds=BOUNDS)
        .graphql("query It { viewer { login } }", {})
        .response
    ),
    "GitHub's lists": lambda url: GitHub.connect(
        url, Secret("ghp_CANARYalike"), bounds=BOUNDS
    ).session.get_url(f"{url}/user/keys?per_page=100"),
    "npm": lambda url: Npm.connect(url, Secret("npm_CANARYalike"), bounds=BOUNDS).get("/-/whoami"),
    "npm's packages": lambda url: Npm.connect(
        url, Secret("npm_CANARYalike"), bounds=BOUNDS
    ).packument("/lantern"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer(lambda _: Reply(data={"data": {"login": "hazel"}})) as running:
        yield running


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("way", ALIKE["unreachable"])
def test_no_answer_is_no_answer(server: LoopbackServer, asked: str, way: str) -> None:
    server.faults[:] = []
    assert ASKED[asked](server.url).ok
    server.fault(".*", **WAYS[way])
    with pytest.raises(NoAnswerError) as told:
        ASKED[asked](server.url)
    assert told.value.unknown.reason is Reason.UNREACHABLE


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("way", ALIKE["malformed"])
def test_what_is_no_json_is_no_answer(server: LoopbackServer, asked: str, way: str) -> None:
    server.faults[:] = []
    server.fault(".*", **WAYS[way])
    with pytest.raises(NoAnswerError) as told:
        ASKED[asked](server.url).json()
    assert told.value.unknown.reason is Reason.MALFORMED
