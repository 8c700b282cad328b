"""Tokens that are for one owner's things alone."""

from __future__ import annotations

import pytest

from hardenme.credentials.chain import TokenChain, demand_own_variables, own_variable
from hardenme.ground.errors import CredentialError, UsageError

API = "https://api.github.com"
TOKEN = "ghp_CANARYowner00000000000000000000000000"


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("acme", "HARDENME_GITHUB_TOKEN__ACME"),
        ("Acme-Labs", "HARDENME_GITHUB_TOKEN__ACME_LABS"),
        ("octo_corp", "HARDENME_GITHUB_TOKEN__OCTO_CORP"),
        ("a--b", "HARDENME_GITHUB_TOKEN__A__B"),
        ("4h", "HARDENME_GITHUB_TOKEN__4H"),
    ],
)
def test_the_variable_is_the_login_in_capitals(owner: str, name: str) -> None:
    assert own_variable(owner) == name
    found = TokenChain({name: TOKEN}, None).github_of(owner, API)
    assert found is not None
    assert (found.source, found.provider) == (name, "github")
    assert found.secret.reveal() == TOKEN


def test_the_general_places_are_not_an_owners() -> None:
    general = dict.fromkeys(("HARDENME_GITHUB_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"), TOKEN)
    assert TokenChain(general, None).github_of("acme", API) is None
    own = {own_variable("acme"): TOKEN}
    assert TokenChain(own, None).github("https://api.github.com") is None
    assert TokenChain(own, None).github_of("acme-labs", API) is None
    assert TokenChain({own_variable("acme"): " "}, None).github_of("acme", API) is None


def test_another_providers_token_is_refused() -> None:
    chain = TokenChain({own_variable("acme"): "npm_CANARY000000000000000000000000000000"}, None)
    with pytest.raises(CredentialError, match="HARDENME_GITHUB_TOKEN__ACME holds an npm token"):
        chain.github_of("acme", API)


def test_a_variable_that_may_be_meant_for_two_is_refused() -> None:
    environ = {own_variable("a-b"): TOKEN}
    for owners in (["a-b", "a_b"], ["x", "A_b", "y", "a-B"]):
        with pytest.raises(UsageError, match="may be meant for"):
            demand_own_variables(owners, environ)
        demand_own_variables(owners, {})
        demand_own_variables(owners, {own_variable("a-b"): " "})
    demand_own_variables(["a-b", "A-B", "a-c"], environ)
