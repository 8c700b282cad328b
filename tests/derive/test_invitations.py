from __future__ import annotations

import pytest

from hardenme.derive.invitations import pending_invitations
from hardenme.derive.registry import DERIVATIONS
from hardenme.model.unknown import NotKnownError
from tests.factories.github import USER, account, membership, repository_invitation
from tests.factories.given import LOST, MISSING, REFUSED, ago, every


def test_both_kinds_in_one_list() -> None:
    found = pending_invitations(
        account(), every(repository_invitation()), every(membership(state="pending"), membership())
    )
    assert [(item.to, item.name) for item in found] == [
        ("repository", "mallow/thistle"),
        ("organization", "acorn-labs"),
    ]
    assert [item.created_at for item in found] == [ago(1), None]
    assert {item.within for item in found} == {USER}


def test_one_list_counts_although_the_other_was_not_read() -> None:
    found = pending_invitations(account(), every(repository_invitation()), every(missing=REFUSED))
    assert len(found.facts) == 1
    assert found.missing is REFUSED
    found = pending_invitations(
        account(), every(missing=LOST), every(membership(state="pending"), missing=REFUSED)
    )
    assert len(found.facts) == 1
    assert found.missing is LOST


def test_a_membership_of_unknown_state_leaves_the_list_unfinished() -> None:
    found = pending_invitations(account(), every(), every(membership(state=MISSING)))
    with pytest.raises(NotKnownError):
        len(found)


def test_unknown_fields_are_handed_on() -> None:
    item = repository_invitation(created_at=MISSING, repository=MISSING)
    (found,) = pending_invitations(account(), every(item), every())
    assert found.unknown_fields().keys() == {"created_at", "name"}


def test_it_is_a_derivation() -> None:
    assert pending_invitations in DERIVATIONS
