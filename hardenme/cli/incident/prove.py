"""`hardenme incident prove`: a token is shown to its own host, to see that it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO
from urllib.parse import urlsplit

from hardenme.cli.incident.attest import attested, named, who_says
from hardenme.cli.incident.locate import IncidentLocator, writing
from hardenme.cli.incident.state import IncidentState, incident_state, say_problems
from hardenme.cli.stored.runs import kept, read, runs
from hardenme.cli.terminal.console import Console
from hardenme.cli.terminal.guards import quiet_libraries
from hardenme.cli.terminal.token_prompt import asked
from hardenme.collectors.github.client import GitHub, api_url, token_kind
from hardenme.collectors.npm.asking import endpoint_of
from hardenme.collectors.npm.client import Npm
from hardenme.collectors.transport.origin import Origin
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.credentials.token import LONGEST_LINE, Credential, credential
from hardenme.facts.github import endpoints
from hardenme.facts.npm.account import NpmAccount
from hardenme.ground import clock
from hardenme.ground.errors import CredentialError, NoRunError, UsageError
from hardenme.ground.exit_code import Exit
from hardenme.model.incident import EventKind, IncidentEvent, LedgerRow
from hardenme.model.npm_address import REGISTRY
from hardenme.model.pages import GITHUB_API
from hardenme.model.runbook import GIVEN, row_key
from hardenme.model.token_checksum import is_whole_token
from hardenme.store.runs import KeptRun

LAST = 4
"""Characters of a token by which its row names it."""
REFUSED = 401
BAD = "bad credentials"
NAMES = {"github": "GitHub", "npm": "npm"}
NOT_WHOLE = (
    "the last characters of this token do not fit to the others, or its kind has no checksum: a"
    " mistyped token is refused like a revoked one. Nothing was asked; attest it in place"
)
NAMED = "no kept run asked {}, and a token goes to no host that a report alone names"
DEMO = (
    "the demo's hosts are not running: nothing was asked. Attest the row in place:"
    " `hardenme incident status --demo` shows its number"
)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What a host answered about a token.

    Attributes:
        refused: it is accepted no longer.
        told: the answer, in words.
        known: the answer is one of those two; else nothing follows from it.
    """

    refused: bool
    told: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class TokenProof:
    """What is to be proven.

    Attributes:
        number: of the row that it was, as someone says; empty for none.
        by: who says so; empty for the account of the frozen run.
        ca_file: certificate authorities in place of the usual ones; empty for these.
    """

    number: str = ""
    by: str = ""
    ca_file: str = ""


def prove(
    console: Console, which: IncidentLocator, wanted: TokenProof, stdin: TextIO | None
) -> int:
    """Show a token to its host, and record the result; returns the exit code."""
    found = incident_state(which.find_open(console))
    say_problems(console, found)
    rows = _rows(found, wanted.number)
    who = who_says(found, wanted.by) if rows else ""
    token = _token(console, stdin)
    answer = _ask(found, token, wanted.ca_file)
    if answer.known:
        with writing("nothing was written; what was written before is there"):
            _write(found, token, answer, rows, who)
    name = _name(token)
    if not answer.known:
        console.say(f"not known whether the {name} still works: {answer.told}")
        return Exit.UNKNOWN
    console.tell(f"The {name}: {answer.told}\n")
    for row in rows if answer.refused else ():
        console.tell(f"{row.number}  attested by {who}, who says that it is this token\n")
    return Exit.CLEAN if answer.refused else Exit.FINDINGS


def _rows(found: IncidentState, number: str) -> list[LedgerRow]:
    """The row that is meant; none if no number is given.

    Raises:
        UsageError: there is none, or more than one; or no one can be asked.
    """
    if found.incident.head.demo:
        raise UsageError(DEMO)
    rows = named(found, number) if number else []
    if len(rows) > 1:
        raise UsageError(f"name one row, like {rows[0].number}")
    return rows


def _token(console: Console, stdin: TextIO | None) -> Credential:
    """The token that someone types or pipes in.

    Raises:
        CredentialError: there is none, or none of which a refusal says something.
    """
    if stdin is None:
        raise CredentialError("standard input is closed: the token is read from it")
    if stdin.isatty():
        text, source = asked(console, "Token (it is not shown): "), "what was typed"
    else:
        source = "standard input"
        try:
            text = stdin.readline(LONGEST_LINE)
        except UnicodeDecodeError:
            raise CredentialError("standard input holds no token: it is not text") from None
    value = text.strip()
    provider = "npm" if value.startswith("npm_") else "github" if token_kind(value) else ""
    if value and not provider:
        raise CredentialError(f"{source} does not begin as a token of GitHub or npm does")
    found = credential(provider, text, source)
    if found is None:
        raise CredentialError(f"{source} is empty; one line with the token is read from it")
    if not is_whole_token(found.secret.reveal()):
        raise CredentialError(NOT_WHOLE)
    return found


def _ask(found: IncidentState, token: Credential, ca_file: str) -> _Refusal:
    """What the token's own host says of it; it only reads who the token is."""
    quiet_libraries()
    report = found.frozen.report
    hosts = {one.provider: one.host for one in reversed(report.identities)}
    try:
        if token.provider == "github":
            named = hosts.get("github", GITHUB_API)
            base = api_url(named)
            if Origin.of(base) != Origin.of(GITHUB_API) and not _asked(named):
                return _Refusal(refused=False, told=NAMED.format(named), known=False)
            github = GitHub.connect(base, token.secret, ca_file=ca_file)
            return _github(github.get(endpoints.ACCOUNT.at(), store=False), urlsplit(base).netloc)
        base = hosts.get("npm", REGISTRY)
        if Origin.of(base) != Origin.of(REGISTRY) and not Origin.of(base).on_this_machine:
            # Tokens of this form are npm's own, and go to no other registry.
            return _Refusal(
                refused=False, told=f"the frozen run asked {base}, not npm", known=False
            )
        if Origin.of(base) != Origin.of(REGISTRY) and not _asked(base):
            return _Refusal(refused=False, told=NAMED.format(base), known=False)
        npm = Npm.connect(base, token.secret, ca_file=ca_file)
        return _npm(
            npm.session.get(endpoint_of(NpmAccount).at(), store=False), urlsplit(base).netloc
        )
    except NoAnswerError as error:
        return _Refusal(refused=False, told=error.unknown.needed, known=False)


def _asked(host: str) -> bool:
    """Whether a kept run of this user asked a host: someone else's report can name any."""
    try:
        there = kept(runs())
    except NoRunError:
        return False
    return any(host in _hosts(one) for one in there)


def _hosts(run: KeptRun) -> frozenset[str]:
    """The hosts that a run asked; none if it cannot be read."""
    try:
        return frozenset(one.host for one in read(run).identities)
    except NoRunError:
        return frozenset()


def _github(response: Response, host: str) -> _Refusal:
    if response.status == REFUSED and response.message().lower() == BAD:
        # Tokens of every host of GitHub look alike.
        usual = host == urlsplit(GITHUB_API).netloc
        more = "" if usual else ", as tokens of other hosts are"
        return _Refusal(refused=True, told=f"refused by {host}{more}")
    return _accepted(response, host, "login")


def _npm(response: Response, host: str) -> _Refusal:
    challenge = response.headers.get("www-authenticate", "").lower()
    # For a one-time password or another address npm refuses a valid token, and says so there.
    bad = ("bearer" in challenge or "basic" in challenge) and not any(
        word in challenge for word in ("otp", "ipaddress")
    )
    if response.status == REFUSED and bad and response.message():
        return _Refusal(refused=True, told=f"refused by {host}")
    return _accepted(response, host, "username")


def _accepted(response: Response, host: str, field: str) -> _Refusal:
    """Whether an answer says whose the token is; any other says nothing."""
    data = response.json() if response.ok else None
    login = data.get(field) if isinstance(data, dict) else None
    if isinstance(login, str) and login:
        return _Refusal(refused=False, told=f"still accepted by {host}, for {login}")
    told = f"{host} answered {response.status}, which says neither"
    return _Refusal(refused=False, told=told, known=False)


def _write(
    found: IncidentState, token: Credential, answer: _Refusal, rows: list[LedgerRow], who: str
) -> None:
    """Record what the host answered, and the row that it is about, by the user's statement.

    Raises:
        StoredError: it cannot be written.
    """
    now = clock.now().replace(microsecond=0)
    value = token.secret.reveal()
    step = next((one for one in found.frozen.book.steps if one.tokens == token.provider), None)
    key = row_key(GIVEN, value)
    data = {"text": _name(token), "told": answer.told}
    data |= {"step": step.text, "chapter": step.chapter.value} if step else {}
    kind = EventKind.REFUSED if answer.refused else EventKind.SEEN
    events = [IncidentEvent(kind, now, about=key, data=data)]
    if answer.refused:
        how = f"this was the {_name(token)}, {answer.told}"
        events += [attested(row, how, who, now) for row in rows]
    found.incident.add(*events)


def _name(token: Credential) -> str:
    """The name for a token; its last characters distinguish it from others of its account."""
    return f"{NAMES[token.provider]} token …{token.secret.reveal()[-LAST:]}"
