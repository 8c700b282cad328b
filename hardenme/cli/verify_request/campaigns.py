"""What unusual requests want, how long to wait, and the signs of campaigns that are known."""

from __future__ import annotations

from dataclasses import dataclass

AXIOS = "https://github.com/axios/axios/issues/10636"
AXIOS_REVIEW = "https://github.com/openjs-foundation/security-wg/issues/323"
TAKEOVERS = (
    "https://openssf.org/blog/2024/04/15/open-source-security-openssf-and-openjs-foundations-issue"
    "-alert-for-social-engineering-takeovers-of-open-source-projects/"
)
RECRUITERS = (
    "https://github.blog/2023-07-18-security-alert-social-engineering-campaign-targets-technology"
    "-industry-employees/"
)
CHALK = "https://github.com/debug-js/debug/issues/1005"
PRETTIER = "https://github.com/prettier/eslint-config-prettier/issues/339"
EVENT_STREAM = "https://github.com/dominictarr/event-stream/issues/116"
KEYV = "https://github.com/jaredwray/keyv/issues/2051"


@dataclass(frozen=True, slots=True)
class Sign:
    """What showed in a campaign that is known.

    Attributes:
        text: what shows, as a statement that is true or false of a request.
        where: the campaign, in a few words.
        source: where it was published.
    """

    text: str
    where: str
    source: str


@dataclass(frozen=True, slots=True)
class RequestKind:
    """What a request wants.

    Attributes:
        key: as the option takes it.
        title: what it wants, in a few words.
        hours: how long to wait before acting on one that was verified.
        rule: what to do instead, or never to do.
        signs: of campaigns that wanted it.
    """

    key: str
    title: str
    hours: int
    rule: str
    signs: tuple[Sign, ...]


RUSH = Sign(
    "It is urgent, and you are asked to keep it between you",
    "takeover attempts at OpenJS, 2024",
    TAKEOVERS,
)
KINDS = (
    RequestKind(
        "join",
        "Join a call, a chat or a workspace",
        24,
        "Join from a browser and install nothing. A call that asks for an update is over.",
        (
            Sign(
                "They invited you into a company chat or workspace that you did not know before",
                "axios, March 2026: a cloned company Slack",
                AXIOS,
            ),
            Sign(
                "The call was moved at least once, and the link changed",
                "axios, March 2026",
                AXIOS_REVIEW,
            ),
            Sign(
                "In the call something does not work, and an update would repair it",
                "axios, March 2026: a Teams audio error",
                AXIOS,
            ),
            Sign(
                "The person is known, but writes from an account that is new to you",
                "axios, March 2026: a founder's copied identity",
                AXIOS,
            ),
        ),
    ),
    RequestKind(
        "install",
        "Install or update something",
        24,
        "Install it from the vendor's own page, found by yourself, or not at all.",
        (
            Sign(
                "The download comes from a link they sent, not from a store or package registry",
                "axios, March 2026",
                AXIOS,
            ),
            Sign(
                "You are to paste a command into a terminal",
                "axios, March 2026",
                AXIOS,
            ),
            Sign(
                "It is a fix for a problem that only this meeting or document has",
                "axios, March 2026",
                AXIOS_REVIEW,
            ),
            RUSH,
        ),
    ),
    RequestKind(
        "run",
        "Run a repository, a reproduction or a coding test",
        24,
        "Run it on a machine that holds no token, session or key, or ask for a test case instead.",
        (
            Sign(
                "It comes with an offer of work, or from a recruiter",
                "private repositories with malicious npm dependencies, 2023",
                RECRUITERS,
            ),
            Sign(
                "You were invited to a private repository to look at it",
                "the same campaign",
                RECRUITERS,
            ),
            Sign(
                "It has to be installed or opened in an editor before it shows anything",
                "keyv, August 2026: a task that runs when the folder is opened",
                KEYV,
            ),
            RUSH,
        ),
    ),
    RequestKind(
        "maintainer",
        "Add a maintainer or owner, or hand a package over",
        72,
        "Give the smallest right that the work needs. A second owner agrees first.",
        (
            Sign(
                "They have few or only recent contributions to this project",
                "event-stream, 2018",
                EVENT_STREAM,
            ),
            Sign(
                "Others whom you do not know press for the same",
                "takeover attempts at OpenJS and xz, 2024",
                TAKEOVERS,
            ),
            Sign(
                "It is to fix a critical vulnerability that they do not describe",
                "takeover attempts at OpenJS, 2024",
                TAKEOVERS,
            ),
            RUSH,
        ),
    ),
    RequestKind(
        "address",
        "Change an email address, a domain, a password or 2FA",
        72,
        "Type the address of npm or GitHub yourself. Never follow the link.",
        (
            Sign(
                "The sender's domain only resembles the real one",
                "chalk and debug, September 2025: npmjs.help",
                CHALK,
            ),
            Sign(
                "It threatens to lock the account on a date",
                "chalk and debug, September 2025",
                CHALK,
            ),
            Sign(
                "A link leads to a sign-in page, and your password manager does not fill it in",
                "eslint-config-prettier, July 2025: npnjs.com",
                PRETTIER,
            ),
            RUSH,
        ),
    ),
    RequestKind(
        "access",
        "Authorize an app, or hand over a token, a code or a key",
        24,
        "Hand over no token, one-time code or recovery code, to anyone.",
        (
            Sign(
                "They ask for a one-time code or a recovery code",
                "chalk and debug, September 2025",
                CHALK,
            ),
            Sign(
                "The app asks for more than the task needs",
                "GitHub's alert on technology employees, 2023",
                RECRUITERS,
            ),
            RUSH,
        ),
    ),
)
CHANNELS = ("email", "chat", "call", "issue", "social", "in person")


def kind_of(key: str) -> RequestKind:
    """The kind of that key.

    Raises:
        KeyError: there is none.
    """
    return {kind.key: kind for kind in KINDS}[key]
