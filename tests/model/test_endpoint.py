from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.model.fact import Endpoint

BRANCH = Endpoint("/repos/{owner}/{repo}/branches/{branch}", "branch", counted=True)


@given(st.text(min_size=1))
def test_a_name_is_one_step_of_a_path_whatever_it_is(name: str) -> None:
    try:
        path = BRANCH.at("acme/web", branch=name)
    except UnicodeEncodeError:
        return
    start = "/repos/acme/web/branches/"
    assert path.startswith(start)
    assert not set(path.removeprefix(start)) & set("/?#& ")
    assert unquote(path) == start + name


def test_a_name_that_is_not_given_is_not_left_out() -> None:
    with pytest.raises(KeyError):
        BRANCH.at("acme/web")


def test_what_is_asked_stands_behind_the_path() -> None:
    some = BRANCH.asking("protected={which}").asking("per_page=1")
    assert some.at("acme/web", branch="main", which="a&b") == (
        "/repos/acme/web/branches/main?protected=a%26b&per_page=1"
    )
    assert some.source == "GET /repos/{owner}/{repo}/branches/{branch}?protected={which}&per_page=1"
    assert (some.kind, some.counted) == ("branch", True)
