"""Why something is not known, and what it takes to know it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hardenme.ground.errors import HardenmeError
from hardenme.model.evidence import Atom


class Reason(StrEnum):
    """The closed set of reasons for not knowing."""

    NOT_PERMITTED = "NOT_PERMITTED"
    NOT_VISIBLE = "NOT_VISIBLE"
    REJECTED = "REJECTED"
    NEEDS_SSO = "NEEDS_SSO"
    NEEDS_PRESENCE = "NEEDS_PRESENCE"
    RATE_LIMITED = "RATE_LIMITED"
    UNREACHABLE = "UNREACHABLE"
    MALFORMED = "MALFORMED"
    INCOMPLETE = "INCOMPLETE"
    STALE = "STALE"
    NOT_ASKED = "NOT_ASKED"


IN_WORDS: dict[Reason, str] = {
    Reason.NOT_PERMITTED: "not permitted",
    Reason.NOT_VISIBLE: "not visible",
    Reason.REJECTED: "token refused",
    Reason.NEEDS_SSO: "single sign-on",
    Reason.NEEDS_PRESENCE: "needs a person",
    Reason.RATE_LIMITED: "rate limit",
    Reason.UNREACHABLE: "no answer",
    Reason.MALFORMED: "not understood",
    Reason.INCOMPLETE: "incomplete",
    Reason.STALE: "too old",
    Reason.NOT_ASKED: "not asked",
}
"""What each reason is called where a person reads it."""

PASSING = frozenset({Reason.UNREACHABLE, Reason.RATE_LIMITED, Reason.MALFORMED})
"""Reasons that are not the token's fault. What such a one needs says what happened."""

WHAT_TO_DO: dict[Reason, str] = {
    Reason.NOT_PERMITTED: (
        "Sign in with `hardenme auth login`, which makes the smallest token that works, or ask"
        " someone who has the right."
    ),
    Reason.NOT_VISIBLE: (
        "Not found, or not visible to this token. Check the name, then run `hardenme auth status`."
    ),
    Reason.REJECTED: "The credential was not accepted: create a new one and run again.",
    Reason.NEEDS_SSO: "Authorize the token for the organization's single sign-on, then run again.",
    Reason.NEEDS_PRESENCE: "It needs a one-time password: run again with --interactive.",
    Reason.RATE_LIMITED: "The rate limit is used up: run again after it resets.",
    Reason.UNREACHABLE: (
        "No usable answer: check the network, the address and its certificate, then run again."
    ),
    Reason.MALFORMED: (
        "Not readable. If it is a file of yours, correct it. Else run again, and report the"
        " endpoint if that does not help."
    ),
    Reason.INCOMPLETE: "Not every page of the list was read: run again.",
    Reason.STALE: "The last answer is too old: run again.",
    Reason.NOT_ASKED: "This run did not ask for it.",
}
"""The one sentence for each reason."""
NO_TOKEN = {"no GitHub token": "github", "no npm token": "npm"}
"""What was seen where a provider was asked without a token, and that provider."""
IF_PRIVATE = "the right name, or an npm token if it is private"
"""What it takes to see what npm does not show without a token."""
SIGN_IN = "Not found, or private. Check the name, or sign in with `hardenme auth login npm`."
"""The sentence for that: no token can be spoken of where there is none."""


SERVER_FAILED = "status 5"
"""How what was seen begins where a server failed."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that is not known. Collectors and the engine make these, a check never does.

    Attributes:
        reason: one of the closed set.
        needed: what it takes to know, for a person to act on.
        seen: what was answered, in a few words.
        evidence: the answers that were read, if any.
        question: a question that a person can answer in place of the provider, and the page with
            the answer; None if no person can. Yes is the good answer.
    """

    reason: Reason
    needed: str
    seen: str = ""
    evidence: tuple[Atom, ...] = ()
    question: tuple[str, str] | None = None

    @property
    def not_asked(self) -> bool:
        """Whether no one was asked at all."""
        return self.reason is Reason.NOT_ASKED

    @property
    def not_visible(self) -> bool:
        """Whether the answer did not show it."""
        return self.reason is Reason.NOT_VISIBLE

    @property
    def what_to_do(self) -> str:
        """The one sentence for it."""
        return SIGN_IN if self.needed == IF_PRIVATE else WHAT_TO_DO[self.reason]

    @property
    def in_words(self) -> str:
        """What was seen, and what to do, as the rest of a sentence without its full stop."""
        seen = f" ({self.seen})" if self.seen else ""
        if self.reason is Reason.UNREACHABLE and self.seen.startswith(SERVER_FAILED):
            return f"the server failed{seen}"
        if self.reason is Reason.UNREACHABLE:
            checks = "check the network, the address and its certificate"
            return f"no usable answer came{seen}: {checks}"
        if self.reason is Reason.MALFORMED:
            return f"an answer was not understood{seen}"
        what = self.what_to_do.removesuffix(".")
        what = f"{what[0].lower()}{what[1:]}"
        return f"{self.seen}: {what}" if self.seen else what


class NotKnownError(HardenmeError):
    """Raised where a check reads a field that is not known; the engine turns it into an outcome.

    Attributes:
        unknown: why.
    """

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(f"{unknown.reason}: {unknown.needed}")
        self.unknown = unknown
