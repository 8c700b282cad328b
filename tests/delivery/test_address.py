from __future__ import annotations

import pytest

from hardenme.delivery.address import addresses
from hardenme.delivery.dependence import dependence
from hardenme.delivery.notification_target import opened
from hardenme.ground.errors import UsageError
from hardenme.model.secret import redact

MAIL = "mailtos://audit:CANARYpass1@mail.example?to=me@acme.example"


def test_each_line_is_an_address_and_comments_are_left_out() -> None:
    text = (
        "# the team\n ntfys://push.example/a  ntfys://push.example/b\n\n\tntfys://push.example/c\n"
    )
    assert addresses(text, "a file") == tuple(f"ntfys://push.example/{one}" for one in "abc")


@pytest.mark.parametrize(
    "text",
    ["you@mail.example", "hooks.example/T0/B0", "slacks://", "://x", "sl\x1back://x", "q7" * 1500],
)
def test_what_is_no_address_is_told_by_its_place_alone(text: str) -> None:
    with pytest.raises(UsageError, match=r"^address 2 of a file is none: ") as error:
        addresses(f"ntfys://push.example/a\n{text}", "a file")
    assert text not in str(error.value)


def test_more_than_twenty_are_refused() -> None:
    with pytest.raises(UsageError, match="more than 20"):
        addresses("\n".join(f"ntfys://push.example/{one}" for one in range(21)), "a file")


def test_addresses_and_their_secret_parts_are_removed_from_text() -> None:
    addresses(
        "slack://T1CANARY01/B1CANARY02/tokenCANARY03/#alerts\n"
        "mailtos://audit:p%40CANARY04@mail.example:587?to=you@receiver.example\n"
        "jsons://hooks.example/in/CANARY05abc?-key=CANARY06xyz\n"
        "discord://417421629812345678/CANARY07_token",
        "a test",
    )
    for secret in (
        *("T1CANARY01", "B1CANARY02", "tokenCANARY03", "p%40CANARY04", "p@CANARY04"),
        *("CANARY05abc", "CANARY06xyz", "417421629812345678", "CANARY07_token"),
        "https://hooks.slack.com/services/T1CANARY01/B1CANARY02/tokenCANARY03",
    ):
        assert "CANARY" not in redact(f"asked {secret} and failed")
        assert secret not in redact(f"asked {secret} and failed")
    kept = "alerts go to mail.example and hooks.example for you@receiver.example, by audit"
    assert redact(kept) == kept


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("jsons://hooks.example/in?verify=no", "turns certificates off"),
        ("json://hooks.example/in", "plain text: use jsons://"),
        ("mailto://audit:CANARYpass2@mail.example", "plain text: use mailtos://"),
        ("ntfy://push.example/topic", "plain text: use ntfys://"),
        ("macosx://x", "only on this machine"),
        ("file:///etc/passwd", "not an address that apprise knows"),
        ("nonsense://x", "not an address that apprise knows"),
        ("slack://x", "lacks a part"),
    ],
)
def test_an_address_that_is_not_to_be_used_is_refused(address: str, why: str) -> None:
    with pytest.raises(UsageError, match=why) as error:
        opened(address, 1)
    assert address not in str(error.value)
    assert "CANARY" not in str(error.value)


@pytest.mark.parametrize(
    ("values", "mailboxes", "said"),
    [
        ((MAIL,), {"me@acme.example"}, "a mailbox of the watched account"),
        ((MAIL,), {"Me@ACME.example"}, "a mailbox of the watched account"),
        ((MAIL,), {"other@acme.example"}, "the mail domain of the watched account"),
        (("mailtos://me:x@gmail.com",), {"me@gmail.com"}, "a mailbox of the watched account"),
        (("mailtos://me:x@gmail.com",), {"you@gmail.com"}, ""),
        ((MAIL,), set(), ""),
        ((MAIL, "ntfys://push.example/a"), {"me@acme.example"}, ""),
        ((MAIL.replace("to=", "to=x@y.example,"),), {"me@acme.example"}, ""),
        (("jsons://api.github.com/repos/a/b/dispatches",), set(), "GitHub, which is watched"),
        (("github://ghp@acme/web",), set(), "GitHub, which is watched"),
        ((), {"me@acme.example"}, ""),
    ],
)
def test_sinks_that_all_depend_on_what_is_watched_are_told(
    values: tuple[str, ...], mailboxes: set[str], said: str
) -> None:
    found = dependence(values, mailboxes)
    assert (said in found) if said else not found
