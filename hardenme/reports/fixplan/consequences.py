"""Which checks can fail once a kind of step is taken, and did not before: the step says so."""

from __future__ import annotations

from collections.abc import Iterator

ADMINS = ("GHR112", "fails where too few administer a repository afterwards")
ALONE = "fails where one account alone is left"
NO_PUBLISHER = ("NPP101", "fails where the only publisher is removed")
WAITING = (
    ("NPP103", "fails until the environment exists that the publisher names"),
    ("NPP104", "fails until the repository exists that the publisher names"),
    ("NPP105", "fails until the workflow exists that the publisher names"),
    ("NPP107", "fails until a version is published by the new way"),
)
"""What is judged of a publisher that was set up before a page was visited."""
OPENS: dict[str, tuple[tuple[str, str], ...]] = {
    "release": (("REL106", "fails while `latest` is behind the newest version"),),
    "release-workflow": WAITING,
    "publishing": (*WAITING, NO_PUBLISHER),
    "other-ways": (*WAITING, NO_PUBLISHER),
    "npm-publisher": (NO_PUBLISHER,),
    "ssh-key": (("GHA107", "fails where the only key that signs is deleted"),),
    "inactive-member": (
        ("NPO105", "fails where an account that leaves was given a package directly"),
        ADMINS,
    ),
    "outsider": (ADMINS,),
    "security-features": (
        ("GHR104", "fails where the alerts then show critical vulnerabilities"),
        ("GHR126", "fails where secret scanning then finds a secret"),
    ),
    "actions": (("GHW105", "is judged once Actions are on for selected repositories"),),
    "npm-outsider": (("NPP111", ALONE), ("PUB103", ALONE)),
}
"""By the key of the kind of step: the check's code, and when it fails."""


def consequences(kind: str) -> Iterator[str]:
    """What a kind of step can open, a sentence each."""
    return (f"Afterwards {code} {when}." for code, when in OPENS.get(kind, ()))
