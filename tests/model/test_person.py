from __future__ import annotations

import pytest

from hardenme.model.finding import Finding
from hardenme.model.person import of_person
from hardenme.model.severity import Severity
from hardenme.model.subject import Subject
from hardenme.model.unknown import Reason, Unknown

WHY = Unknown(Reason.NOT_ASKED, "something")


def about(subject: str) -> Finding:
    parsed = Subject.parse(subject)
    return Finding(
        "GHO102", "some-check", "Some problem", parsed, parsed, parsed.name, WHY, Severity.HIGH
    )


@pytest.mark.parametrize(
    "subject",
    [
        "github:member/grove/Hazel",
        "github:outside-collaborator/grove/hazel",
        "github:collaborator/grove/ash/hazel",
        "github:user/hazel",
    ],
)
def test_a_person_is_found_wherever_they_are(subject: str) -> None:
    mine = about(subject)
    others = [
        about("github:member/grove/rowan"),
        about("github:collaborator/grove/ash/rowan"),
        about("github:org/grove"),
    ]
    assert of_person([*others, mine], "hazel") == (mine,)
    assert of_person([mine, *others], "HAZEL") == (mine,)
    assert of_person(others, "hazel") == ()


@pytest.mark.parametrize(
    "subject",
    [
        "github:org/hazel",
        "github:repo/grove/hazel",
        "github:member/hazel",
        "github:member/grove/ash/hazel",
        "github:collaborator/grove/hazel",
        "github:member/hazel/rowan",
        "npm:member/grove/hazel",
        "npm:user/hazel",
        "github:member/grove/hazel-x",
    ],
)
def test_a_name_elsewhere_is_no_person(subject: str) -> None:
    assert of_person([about(subject)], "hazel") == ()


def test_the_order_stays() -> None:
    first, second = about("github:member/grove/hazel"), about("github:collaborator/grove/ash/hazel")
    assert of_person(iter([second, first]), "hazel") == (second, first)
