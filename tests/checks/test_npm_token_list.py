from __future__ import annotations

import pytest

from hardenme.model.subject import Subject
from hardenme.model.unknown import NotKnownError
from hardenme.model.verdict import Failed, Passed
from hardenme_checks.npm.token import npm_token_list_tidy
from tests.factories.given import LOST, MISSING, NOW, TEAM, ago, every
from tests.factories.npm import USER, npm_account, npm_token


def a_token(number: int, **overrides: object) -> object:
    """One of several tokens with different rights."""
    given = {
        "subject": Subject("npm", "token", f"key-{number}"),
        "packages": frozenset({f"@hazel-grove/package-{number}"}),
    }
    return npm_token(**given | overrides)


def test_ten_different_tokens_are_tidy_and_eleven_are_not() -> None:
    ten = [a_token(number) for number in range(10)]
    verdict = npm_token_list_tidy(npm_account(), every(*ten), NOW, TEAM)
    assert isinstance(verdict, Passed)
    assert verdict.message == "10 tokens, none expired or duplicate"
    eleven = npm_token_list_tidy(npm_account(), every(*ten, a_token(10)), NOW, TEAM)
    assert isinstance(eleven, Failed)
    assert eleven.message == "11 active tokens, 10 are allowed"
    assert eleven.seen == {"active": 11, "doubles": 0, "leftovers": 0}
    assert eleven.fix.command == "npm token list --json"
    assert eleven.fix.page.endswith("/settings/hazel/tokens")


def test_an_empty_list_is_tidy() -> None:
    assert isinstance(npm_token_list_tidy(npm_account(), every(), NOW, TEAM), Passed)


def test_ended_tokens_are_not_counted_as_active() -> None:
    ended = [a_token(number, expires_at=ago(5)) for number in range(10)]
    revoked = [a_token(number, revoked=True) for number in range(10)]
    verdict = npm_token_list_tidy(npm_account(), every(a_token(1), *ended, *revoked), NOW, TEAM)
    assert isinstance(verdict, Passed)
    assert verdict.seen == {"active": 1, "doubles": 0, "leftovers": 0}


@pytest.mark.parametrize(
    "difference",
    [
        {"name": "install, laptop"},
        {"package_write": True},
        {"organization_write": True},
        {"bypass": True},
        {"publish_policy": "stage_only"},
        {"all_packages": True},
        {"scopes": frozenset({"@x"})},
        {"cidr": ("198.51.100.0/24",)},
        {"packages": frozenset({"other"})},
    ],
)
def test_doubles_are_the_same_in_name_and_every_right(difference: dict[str, object]) -> None:
    tokens = every(a_token(1), a_token(1, last_used=ago(2)))
    verdict = npm_token_list_tidy(npm_account(), tokens, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == "1 active token with the same name and rights as another"
    other = every(a_token(1), a_token(1, **difference))
    assert isinstance(npm_token_list_tidy(npm_account(), other, NOW, TEAM), Passed)


def test_what_expired_long_ago_is_a_leftover() -> None:
    limit = TEAM.npm_expired_days
    at = every(a_token(1, expires_at=ago(limit)))
    assert isinstance(npm_token_list_tidy(npm_account(), at, NOW, TEAM), Passed)
    beyond = every(a_token(1, expires_at=ago(limit + 1)), a_token(2, expires_at=ago(400)))
    verdict = npm_token_list_tidy(npm_account(), beyond, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == "2 tokens expired more than 30 days ago"
    gone = every(a_token(1, expires_at=ago(400), revoked=True))
    assert isinstance(npm_token_list_tidy(npm_account(), gone, NOW, TEAM), Passed)


def test_all_that_is_untidy_is_told_at_once() -> None:
    many = [a_token(number) for number in range(10)]
    tokens = every(*many, a_token(3), a_token(20, expires_at=ago(90)))
    verdict = npm_token_list_tidy(npm_account(), tokens, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert verdict.message == (
        "11 active tokens, 10 are allowed; "
        "1 active token with the same name and rights as another; "
        "1 token expired more than 30 days ago"
    )


def test_witnesses_are_enough_beside_what_is_not_known() -> None:
    leftover = a_token(1, expires_at=ago(90))
    for tokens in (every(leftover, missing=LOST), every(a_token(2, expires_at=MISSING), leftover)):
        assert isinstance(npm_token_list_tidy(npm_account(), tokens, NOW, TEAM), Failed)


@pytest.mark.parametrize("name", [None, "", "install"])
def test_tokens_of_one_name_or_none_are_doubles(name: str | None) -> None:
    tokens = every(a_token(1, name=name), a_token(1, name=name and f" {name} "))
    assert isinstance(npm_token_list_tidy(npm_account(), tokens, NOW, TEAM), Failed)


@pytest.mark.parametrize(
    "tokens",
    [
        every(missing=LOST),
        every(a_token(1), missing=LOST),
        every(a_token(1), a_token(2, expires_at=MISSING)),
        every(a_token(1), a_token(2, revoked=MISSING)),
        every(a_token(1), a_token(2, bypass=MISSING)),
    ],
)
def test_a_list_that_is_not_all_known_never_passes(tokens: object) -> None:
    with pytest.raises(NotKnownError):
        npm_token_list_tidy(npm_account(), tokens, NOW, TEAM)


def test_a_field_that_tidiness_does_not_need_does_not_matter() -> None:
    tokens = every(a_token(1, shown=MISSING, last_used=MISSING))
    assert isinstance(npm_token_list_tidy(npm_account(), tokens, NOW, TEAM), Passed)


def test_the_account_that_is_judged_owns_the_pages() -> None:
    tokens = every(a_token(1, expires_at=ago(90)))
    subject = Subject("npm", "user", "rowan")
    verdict = npm_token_list_tidy(npm_account(subject=subject), tokens, NOW, TEAM)
    assert isinstance(verdict, Failed)
    assert USER.name not in verdict.fix.page
    assert verdict.fix.page.endswith("/settings/rowan/tokens")
