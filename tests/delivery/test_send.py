from __future__ import annotations

import email
import json
import logging
import os
import socket
import threading
from collections.abc import Iterator
from email.policy import default
from pathlib import Path

import apprise
import pytest
import requests
from aiosmtpd.smtp import SMTP, Envelope, Session

from hardenme.delivery import send as sending
from hardenme.delivery.address import addresses
from hardenme.delivery.notification_target import NotificationTarget, opened
from hardenme.delivery.send import Outcome, PendingDelivery, send
from hardenme.model.message import Form, Message
from hardenme.reports.message import message
from hardenme.sandbox.http import Reply, Request
from tests.delivery.receiving import Hook, Mailbox, hook, mailbox
from tests.reports import drifted

TOLD = message(drifted.week(), drifted.report())
HOSTILE = message(drifted.hostile(), drifted.report(), evidence=True)


@pytest.fixture
def web() -> Iterator[Hook]:
    with hook() as server:
        yield server


@pytest.fixture(scope="module")
def mail_server() -> Iterator[Mailbox]:
    with mailbox() as server:
        yield server


@pytest.fixture
def mail(mail_server: Mailbox) -> Mailbox:
    mail_server.letters.clear()
    mail_server.raw.clear()
    mail_server.answer = "250 taken"
    return mail_server


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PAUSE", 0.0)


def sent(*values: str, told: Message = TOLD, seconds: float = 20.0) -> tuple[Outcome, list[str]]:
    """Send a message to addresses; also the names of the sinks that took it."""
    taken: list[str] = []
    job = PendingDelivery(told, lambda _: True, lambda sink: taken.append(sink.name))
    sinks = [opened(value, number) for number, value in enumerate(values, 1)]
    return send([job], sinks, seconds), taken


def test_a_mail_holds_the_message_as_plain_text(mail: Mailbox) -> None:
    assert sent(mail.address) == (Outcome(1), ["target 1 (E-Mail)"])
    (letter,) = mail.letters
    assert letter["Subject"] == TOLD.title
    assert letter["To"] == "you@receiver.example"
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().split() == " ".join(TOLD.lines[Form.TEXT]).split()


def test_a_webhook_gets_the_message_as_json(web: Hook) -> None:
    sent(web.address())
    (taken,) = web.taken
    assert (taken["title"], taken["type"]) == (TOLD.title, "warning")
    assert taken["message"] == "\n".join(TOLD.lines[Form.TEXT])


@pytest.mark.parametrize("named", [True, False])
def test_no_password_is_taken_from_a_netrc(
    web: Hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, named: bool
) -> None:
    file = tmp_path / ".netrc"
    file.write_text("machine 127.0.0.1 login me password netrc-CANARY-0000\n")
    file.chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    if named:
        monkeypatch.setenv("NETRC", str(file))
    else:
        monkeypatch.delenv("NETRC", raising=False)
    sent(web.address())
    assert [request.headers.get("authorization") for request in web.server.requests] == [None]
    assert os.environ.get("NETRC") == (str(file) if named else None)


def test_names_put_no_header_into_a_mail(mail: Mailbox) -> None:
    trick = Message(
        "x\r\nBcc: all@evil.example\r\n\r\nbody", HOSTILE.lines, urgent=True
    )  # A title never has such; the mail's own guard is looked at as well.
    sent(mail.address, told=trick)
    sent(mail.address, told=HOSTILE)
    for letter, raw in zip(mail.letters, mail.raw, strict=True):
        assert set(letter.keys()) <= {
            *("Subject", "From", "To", "Reply-To", "Message-ID", "Date", "X-Application"),
            *("Content-Type", "Content-Transfer-Encoding", "MIME-Version", "X-Peer"),
            *("X-MailFrom", "X-RcptTo"),
        }
        assert b"\nBcc" not in raw


def elsewhere(monkeypatch: pytest.MonkeyPatch, web: Hook) -> None:
    """Lead requests to services on the internet to a server here."""
    original = requests.Session.request

    def request(self: requests.Session, method: str, url: str, **more: object) -> object:
        host, _, path = url.partition("://")[2].partition("/")
        return original(self, method, f"{web.server.url}/{host}/{path}", **more)  # type: ignore[arg-type]

    monkeypatch.setattr(requests.Session, "request", request)


SERVICES = {
    "discord": ("discord://417421629800000000/A0B1C2D3E4F5G6H7I8J9K0L1", "content"),
    "mattermost": ("mmosts://chat.example/3ccdd113474722377935511fc85d3dd4", "text"),
    "slack": ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", "attachments"),
    "teams": ("workflows://teams.example/abcdef012345/SIG0123456789", "attachments"),
    "telegram": ("tgram://123456789:abcdefg_hijklmnop/12315544/", "text"),
    "google": ("gchat://workspace/key0123456/token0123456", "text"),
    "ntfy": ("ntfys://push.example/topic", "message"),
}


@pytest.mark.parametrize("service", SERVICES)
def test_no_name_calls_everybody_or_links_at_a_service(
    monkeypatch: pytest.MonkeyPatch, web: Hook, service: str
) -> None:
    elsewhere(monkeypatch, web)
    address, key = SERVICES[service]
    outcome, _ = sent(address, told=HOSTILE)
    assert outcome.failures == ()
    for taken in web.taken:
        text = str(taken[key])
        for trick in ("@everyone", "@HERE", "<!", "<@", "<#", "<users", "](http", "](javascript"):
            assert trick not in text
        assert "://" not in text.replace("http://adaptivecards.io", "")
        assert "everyone" in text or service == "teams"
        assert not {"icon_url", "avatar_url"} & taken.keys()


def test_where_an_at_sign_may_call_somebody_it_is_a_wide_one(
    monkeypatch: pytest.MonkeyPatch, web: Hook
) -> None:
    elsewhere(monkeypatch, web)
    told = message(drifted.week(), drifted.report(("npm:@acme",)))
    sent(SERVICES["telegram"][0], told=told)
    sent(SERVICES["slack"][0], told=told)
    telegram, slack = (str(taken) for taken in web.taken)
    assert "npm:\uff20acme" in telegram
    assert "@" not in telegram
    assert "npm:@acme" in slack


def test_discord_gets_names_in_code_spans(monkeypatch: pytest.MonkeyPatch, web: Hook) -> None:
    elsewhere(monkeypatch, web)
    sent(SERVICES["discord"][0] + "?format=markdown&ping=@everyone")
    content = web.taken[0]["content"]
    assert "`github:member/acme/eve`" in content
    assert len(content) <= 2000
    assert "embeds" not in web.taken[0]


def test_a_sink_gets_no_more_than_it_takes(monkeypatch: pytest.MonkeyPatch, web: Hook) -> None:
    elsewhere(monkeypatch, web)
    sent(SERVICES["discord"][0], told=HOSTILE)
    (taken,) = web.taken
    assert len(taken["content"]) <= 2000
    left, empty, standing = taken["content"].splitlines()[-3:]
    assert left.endswith(" more lines: compare the stored reports with `hardenme diff`")
    assert (empty, standing.split(":")[0]) == ("", "Standing")


@pytest.mark.parametrize(
    ("status", "why"),
    [(500, "it answered 500"), (404, "it answered 404"), (429, "it answered 429")],
)
def test_a_sink_that_refuses_is_tried_three_times(web: Hook, status: int, why: str) -> None:
    web.status = status
    outcome, taken = sent(web.address())
    assert outcome.failures == (f"target 1 (JSON) did not take the message: {why}",)
    assert taken == []
    assert len(web.server.requests) == 3


def test_a_sink_that_is_well_again_takes_it_once(web: Hook) -> None:
    web.status = 503
    original = web.server.handler

    def handler(request: object) -> object:
        reply = original(request)  # type: ignore[arg-type]
        web.status = 200
        return reply

    web.server.handler = handler  # type: ignore[assignment]
    assert sent(web.address()) == (Outcome(1), ["target 1 (JSON)"])
    assert len(web.server.requests) == 2


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(web: Hook, status: int) -> None:
    with hook() as evil:
        web.status, web.headers = status, {"Location": f"{evil.server.url}/hook"}
        outcome, _ = sent(web.address("hook?redirect=yes"))
        assert evil.server.requests == []
    assert "redirects elsewhere" in outcome.failures[0]
    assert len(web.server.requests) == 1


def test_a_sink_that_nobody_serves_fails_and_the_others_get_it(web: Hook, mail: Mailbox) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    outcome, taken = sent(f"json://127.0.0.1:{port}/hook", web.address(), mail.address)
    assert outcome.sent == 2
    assert outcome.failures == ("target 1 (JSON) did not take the message",)
    assert sorted(taken) == ["target 2 (JSON)", "target 3 (E-Mail)"]


@pytest.mark.second_tier("waits for a timeout")
def test_a_sink_that_hangs_holds_up_neither_the_run_nor_the_others(web: Hook) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        outcome, taken = sent(f"json://127.0.0.1:{port}/hook", web.address(), seconds=1.0)
    assert outcome.failures == ("target 1 (JSON) did not answer in time",)
    assert taken == ["target 2 (JSON)"]


def test_a_mail_server_that_refuses_is_a_failure(mail: Mailbox) -> None:
    mail.answer = "554 no"
    outcome, taken = sent(mail.address)
    assert (outcome.sent, taken) == (0, [])
    assert outcome.failures[0].startswith("target 1 (E-Mail) did not take the message")


def test_what_is_wanted_no_more_is_not_sent_and_a_failure_stops_later_ones(web: Hook) -> None:
    done: list[str] = []

    def job(name: str, *, wanted: bool = True) -> PendingDelivery:
        told = Message(name, TOLD.lines, urgent=False)
        return PendingDelivery(
            told, lambda _: wanted, lambda sink: done.append(f"{name} {sink.number}")
        )

    sinks = [opened(web.address(), 1)]
    send([job("first"), job("second", wanted=False), job("third")], sinks)
    assert [taken["title"] for taken in web.taken] == ["first", "third"]
    assert done == ["first 1", "third 1"]
    web.status = 500
    send([job("fourth"), job("fifth")], sinks)
    assert {taken["title"] for taken in web.taken[2:]} == {"fourth"}


def test_a_sink_that_breaks_is_a_failure(web: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> bool:
        raise RuntimeError("ghp_CANARY000000000000000000000000000000")

    monkeypatch.setattr(apprise.Apprise, "notify", broken)
    outcome, _ = sent(web.address())
    assert outcome.failures == ("target 1 (JSON) did not take the message",)


def test_nothing_is_logged_of_an_address(web: Hook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    web.status = 500
    secret = "hook-CANARY0123456789"
    address = f"json://user:CANARYpassword1@127.0.0.1:{web.port}/{secret}?-key=CANARYvalue12"
    addresses(address, "a test")
    outcome, _ = sent(address)
    for said in (*outcome.failures, *(record.getMessage() for record in caplog.records)):
        assert "CANARY" not in said


def test_a_sink_that_hangs_says_nothing_later(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    before = threading.enumerate()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        outcome, _ = sent(f"json://127.0.0.1:{port}/hook-CANARY0123456789", seconds=0.05)
    # The server is gone now, and the thread hears of it.
    (thread,) = [
        one for one in threading.enumerate() if one.name == "hardenme-sink-1" and one not in before
    ]
    thread.join(20)
    assert outcome.failures == ("target 1 (JSON) did not answer in time",)
    assert not [record for record in caplog.records if "hook" in record.getMessage()]


def test_sinks_show_no_address() -> None:
    address = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/"
    sink: NotificationTarget = opened(address, 3)
    assert sink.name == "target 3 (Slack)"
    assert "TIiajk" not in repr(sink)
    assert sink.mark("a") != sink.mark("b")


def test_no_line_of_a_mail_is_longer_than_a_server_takes(mail: Mailbox) -> None:
    """RFC 5321: 998 octets; what is longer may be cut, in the middle of a name or an address."""
    name = "\u00fc" * 900 + " " + "x" * 3000
    lines = (f"- high, new: {name}", "  Fix: https://github.example.test/" + "y" * 2000)
    told = Message("hardenme: high: " + "\u00e4" * 180, dict.fromkeys(Form, lines), urgent=True)
    assert sent(mail.address, told=told) == (Outcome(1), ["target 1 (E-Mail)"])
    assert max(map(len, mail.raw[0].splitlines())) <= 998
    (letter,) = mail.letters
    subject = str(letter["Subject"])
    assert subject.endswith("…")
    assert told.title.startswith(subject.removesuffix("…"))
    assert letter.get_content().splitlines() == [told.title, "", *lines]


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_sink_that_refuses_the_title_gets_it_in_the_text(web: Hook, status: int) -> None:
    original = web.server.handler

    def handler(request: Request) -> Reply:
        titled = json.loads(request.body)["title"] == TOLD.title
        web.status = status if titled else 200
        return original(request)

    web.server.handler = handler
    outcome, taken = sent(web.address())
    assert (outcome.sent, outcome.failures, taken) == (1, (), ["target 1 (JSON)"])
    assert outcome.notes == (
        "target 1 (JSON) refused the title: it took the message with the title as its first line",
    )
    message_of = web.taken[-1]
    assert message_of["title"] == "hardenme"
    assert message_of["message"].splitlines()[:2] == [TOLD.title, ""]
    assert message_of["message"].splitlines()[2:] == list(TOLD.lines[Form.TEXT])


def test_a_mail_server_that_refuses_the_subject_gets_it_in_the_text(
    mail: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = type(mail).handle_DATA

    async def handle(self: Mailbox, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        subject = email.message_from_bytes(envelope.content, policy=default)["Subject"]
        self.answer = "554 not that subject" if subject == TOLD.title else "250 taken"
        return await original(self, server, session, envelope)

    monkeypatch.setattr(type(mail), "handle_DATA", handle)
    outcome, taken = sent(mail.address)
    assert (outcome.sent, outcome.failures, taken) == (1, (), ["target 1 (E-Mail)"])
    assert "refused the title" in outcome.notes[0]
    (letter,) = mail.letters
    assert letter["Subject"] == "hardenme"
    assert letter.get_content().startswith(TOLD.title)
