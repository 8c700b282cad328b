"""Notification targets. apprise knows the services; this module decides how it is used."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.header import Header
from functools import partial
from typing import Any

from hardenme.delivery.address import mark, schema_of
from hardenme.delivery.dependence import MAIL
from hardenme.ground.errors import UsageError
from hardenme.model.message import Form

LITERAL = frozenset(
    {
        *("mailto", "mailtos", "ntfy", "ntfys", "gotify", "gotifys", "pover", "prowl", "pbul"),
        *("json", "jsons", "xml", "xmls", "form", "forms", "syslog", "rsyslog"),
        *("ses", "sendgrid", "mailgun", "postmark", "sparkpost", "o365", "azure", "brevo"),
        *("slack", "workflow", "workflows", "msteams", "gchat", "rocket", "rockets"),
        *("matrix", "matrixs", "wxteams", "signal", "signals", "twilio", "pagerduty", "opsgenie"),
    }
)
"""Kinds of targets that show a text unchanged, or for which apprise escapes it."""
SPANS = frozenset({"discord", "mmost", "mmosts", "zulip"})
"""Kinds that parse any text as Markdown: names are written as code spans. So they are for all
unknown kinds, where an at sign is also replaced by a wide one, since it may mention someone."""
WIDE_AT = "\uff20"
HERE = frozenset(
    {"macosx", "windows", "dbus", "kde", "qt", "glib", "gnome", "blink1", "file", "aprs"}
)
"""Kinds that show on this machine, some by starting a program; no one sits before a timer."""
PAUSE = 1.0
"""Seconds before a second try; twice that before the third."""
APART = 2
"""Lines at the end that stay together: an empty one, and the summary."""
TRIES = 3
SUBJECT = 900
"""Characters of the subject of a mail, as they are sent."""
PIECE = 4.0
"""Seconds that apprise waits to connect, and for each piece of an answer."""
FAILED = "did not take the message"


@dataclass(frozen=True, slots=True)
class NotificationTarget:
    """One notification target, ready to be used.

    Attributes:
        number: its place among the addresses, from 1.
        schema: its kind, as apprise calls it, like `slack`.
        service: the service's name, like `Slack`.
        form: the form of a text that is safe there.
        room: how many characters it takes; 0 for any number.
    """

    number: int
    schema: str
    service: str
    form: Form
    room: int
    _notify: Callable[[str, str, bool], bool] = field(repr=False, compare=False)
    _mark: Callable[[str], str] = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """What it is called in what is shown: never its address."""
        return f"target {self.number} ({self.service})"

    def mark(self, salt: str) -> str:
        """What identifies it among other addresses; with a salt, so that it reveals nothing."""
        return self._mark(salt)

    def give(self, title: str, lines: Sequence[str], *, urgent: bool) -> bool:
        """Write to it once; whether it took the message. Never raises."""
        try:
            return self._notify(title, fitting(lines, self.room - len(title)), urgent)
        except Exception:  # noqa: BLE001 (apprise loads some eighty services, each with its faults)
            return False


def fitting(lines: Sequence[str], room: int) -> str:
    """As many of the lines as there is room for, and how many are left out; all if room is none.

    The last line is kept if only an empty one is before it: it is the summary.
    """
    whole = "\n".join(lines)
    if room <= 0 or len(whole) <= room:
        return whole
    apart = len(lines) > APART and not lines[-APART]
    foot = lines[-APART:] if apart else ()
    rest = lines[: len(lines) - len(foot)]
    last = "… and {} more lines: compare the stored reports with `hardenme diff`"
    size = len(last) + 4 + sum(len(line) + 1 for line in foot)
    kept: list[str] = []
    for line in rest:
        size += len(line) + 1
        if size > room:
            break
        kept.append(line)
    return "\n".join([*kept, last.format(len(rest) - len(kept)), *foot])


def fitting_subject(title: str) -> str:
    """As much of a title as the subject of a mail may hold.

    apprise writes it in one line, where a character that is not ASCII takes up to twelve. A server
    may cut or refuse a line of more than 998 (RFC 5321, section 4.5.3.1.6).
    """
    kept = title
    while len(Header(kept, "utf-8").encode(maxlinelen=0)) > SUBJECT:
        kept = f"{kept[:-2]}…"
    return kept


def opened(address: str, number: int) -> NotificationTarget:
    """The notification target of an address.

    Redirects are not followed, no template and no other format is taken from the address, and
    nothing is kept on the disk.

    Raises:
        UsageError: apprise knows no such address, or it is not to be used.
    """
    where = f"target {number} ({schema_of(address) or 'of no kind'})"
    # Services that it loads at the first address use what Python has put up for removal.
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        import apprise  # noqa: PLC0415 (start-up: loaded when something is sent)
        from apprise.plugins import url_to_dict  # noqa: PLC0415

        parts: dict[str, Any] | None = url_to_dict(address)  # type: ignore[no-untyped-call]
    if not parts:
        raise UsageError(f"{where} is not an address that apprise knows")
    schema = str(parts["schema"])
    if schema in HERE:
        raise UsageError(f"{where} shows only on this machine, where no one may look")
    if not parts.get("verify", True):
        raise UsageError(f"{where} turns certificates off, which are always verified")
    # What leads elsewhere, reads a file, or would make markup of the text.
    for name in ("format", "template", "emojis", "overflow", "retry", "wait", "store", "tz"):
        parts.pop(name, None)
    parts["redirect"] = False
    try:
        plugin = apprise.Apprise.instantiate(parts, asset=_asset(), suppress_exceptions=False)
    except Exception:  # noqa: BLE001 (its text can hold the address)
        plugin = None
    if plugin is None:
        raise UsageError(f"{where} lacks a part that this service needs")
    _demand_cover(plugin, schema, where)
    return _sink(plugin, schema, address, number)


def _asset() -> Any:
    import apprise  # noqa: PLC0415 (start-up)

    asset = apprise.AppriseAsset(
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        allow_templates=False,
        service_timeout=0,
        image_path_mask=False,
    )
    asset.async_mode = False
    asset.http_redirects = False
    asset.default_service_retry = 0
    asset.app_id = asset.app_desc = "hardenme"
    asset.app_url = asset.image_url_mask = asset.image_url_logo = ""
    return asset


def _demand_cover(plugin: Any, schema: str, where: str) -> None:
    """See to it that no message and no password is sent in plain text, but to this machine."""
    # apprise turns encryption on by itself for the mail services that it knows.
    host = str(getattr(plugin, "smtp_host", "") or getattr(plugin, "host", "") or "")
    clear = schema in _names(plugin.protocol) and not plugin.secure
    covered = _names(plugin.secure_protocol)
    if host and clear and covered and not _loopback(host):
        raise UsageError(f"{where} would be sent in plain text: use {covered[0]}://")


def _names(protocol: Any) -> tuple[str, ...]:
    if not protocol:
        return ()
    return (protocol,) if isinstance(protocol, str) else tuple(protocol)


def _loopback(host: str) -> bool:
    return host in {"localhost", "127.0.0.1", "[::1]", "::1"}


def _sink(plugin: Any, schema: str, address: str, number: int) -> NotificationTarget:
    import apprise  # noqa: PLC0415 (start-up)

    plugin.request_rate_per_sec = 0
    plugin.socket_connect_timeout = plugin.socket_read_timeout = PIECE
    every = apprise.Apprise(asset=plugin.asset)
    every.add(plugin)
    types = apprise.NotifyType

    def notify(title: str, body: str, urgent: bool) -> bool:  # noqa: FBT001 (called by `give`)
        kind = types.WARNING if urgent else types.INFO
        if schema in MAIL and (subject := fitting_subject(title)) != title:
            title, body = subject, f"{title}\n\n{body}"
        if schema not in LITERAL | SPANS:
            title, body = title.replace("@", WIDE_AT), body.replace("@", WIDE_AT)
        sent = every.notify(
            body=body, title=title, notify_type=kind, body_format=apprise.NotifyFormat.TEXT
        )
        return bool(sent)

    return NotificationTarget(
        number,
        schema,
        str(plugin.service_name),
        Form.TEXT if schema in LITERAL else Form.MARKDOWN,
        int(plugin.body_maxlen),
        notify,
        partial(mark, address),
    )
