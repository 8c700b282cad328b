"""What no API shows of a person: what to ask for, and the question that an answer settles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hardenme.model.handover import Mode, Stage, Task


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to ask.

    Attributes:
        text: what to do, as a sentence that starts with a verb.
        question: what has to be true in the end, so that "yes" is the good answer.
    """

    text: str
    question: str


LEAVING: Mapping[str, Topic] = {
    "tokens": Topic(
        "Ask which personal access tokens and OAuth apps they used for the project, and where",
        "Are all personal access tokens and OAuth apps revoked that {login} used for {targets}?",
    ),
    "copies": Topic(
        "Ask which secrets and recovery codes they copied, and to which machines",
        "Are all secrets and recovery codes of {targets} deleted or replaced that {login} copied?",
    ),
    "npm-tokens": Topic(
        "Ask which npm tokens they made: npm shows them to their own account alone",
        "Are all npm tokens revoked that {npm} made for {targets}?",
    ),
    "names": Topic(
        "Ask what else is in their name: domains, mailing lists, other registries, billing",
        "Is all else of {targets} handed over that is in the name of {login}, like domains?",
    ),
}
TAKEN_OVER: Mapping[str, Topic] = {
    "sessions": Topic(
        "Have them sign out all sessions: {web}/settings/sessions",
        "Did {login} sign out all sessions after the account was taken over?",
    ),
    "password": Topic(
        "Have them revoke all personal access tokens and OAuth apps, then change their password",
        "Did {login} revoke all personal access tokens and OAuth apps, then change the password?",
    ),
    "keys": Topic(
        "Have them remove SSH and GPG keys that they do not know, and renew their 2FA",
        "Did {login} remove all unknown SSH and GPG keys, and renew 2FA?",
    ),
    "npm-account": Topic(
        "Have them revoke all npm tokens (`npm token list`), and change their npm password and 2FA",
        "Did {npm} revoke all npm tokens, and change the npm password and 2FA?",
    ),
}
YOURS = "your accounts"
"""The target `me` in a sentence."""


def topics(mode: Mode) -> Mapping[str, Topic]:
    """What is asked, by the word that an answer is recorded under."""
    return TAKEN_OVER if mode is Mode.STOLEN else LEAVING


def manual_tasks(
    mode: Mode, login: str, npm: str, targets: tuple[str, ...], web: str
) -> Iterator[Task]:
    """What no API shows, as tasks.

    Args:
        mode: why it is asked.
        login: of the person on GitHub.
        npm: the same person's npm account; empty if nothing links one.
        targets: what they leave, or where the thief was.
        web: the address of GitHub's pages.
    """
    # GitHub's names are the same in any case, and an answer counts for the question word for word.
    who, login = login, login.lower()
    told = {"login": login, "npm": f"{npm} on npm" if npm else f"{login}'s npm account"}
    named = ", ".join(sorted(YOURS if one == "me" else one for one in targets))
    for name, topic in topics(mode).items():
        question = topic.question.format(**told, targets=named)
        yield Task(Stage.ASK, topic.text.format(web=web), needs=who, topic=name, question=question)
