"""`hardenme doctor` on a run's environment: network, files and variables."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from requests.utils import select_proxy

from hardenme.cli.options.trust import demand_file
from hardenme.cli.options.variables import AskedHosts, concerning
from hardenme.collectors.transport.authorities import words
from hardenme.collectors.transport.wire import SOCKS, proxies
from hardenme.config.files import FoundFile
from hardenme.config.load import Loaded
from hardenme.config.places import IN_A_FOLDER, SearchPlaces
from hardenme.config.trust import Trust
from hardenme.ground.errors import UsageError
from hardenme.ground.places import home
from hardenme.model.text import visible
from hardenme.reports.doctor import DoctorRows

PROXIED = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
Row = tuple[str, str]


def surroundings(rows: DoctorRows, asked: AskedHosts, loaded: Loaded | None) -> None:
    """Add what a run depends on other than its options. It asks nothing and shows no value."""
    rows.heading("Network")
    for url in dict.fromkeys((asked.github, asked.registry)):
        rows.row(f"proxy for {urlsplit(url).hostname}", _proxy(url))
    rows.row("certificates", _certificates(asked))
    rows.row("working directory", _working_directory())
    rows.heading("Settings files")
    for name, text in _configuration(loaded):
        rows.row(name, text)
    rows.heading("Environment variables")
    told = list(concerning(os.environ, asked, _authorities(asked)))
    for name, text in told or [("variables", "none is set")]:
        rows.row(visible(name, longest=60), text)


def _proxy(url: str) -> str:
    if urlsplit(url).scheme != "https":
        return "none: plain http goes to this machine alone, and to no proxy"
    proxy = select_proxy(url, proxies(url))
    if not proxy:
        named = any(os.environ.get(name) for name in PROXIED)
        return "none: NO_PROXY takes this host in" if named else "none"
    # An address without a scheme is read as one of http.
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parts = urlsplit(proxy)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "set, but not understood"
    # Where a password has a character that ends the host, a part of it would be taken for that.
    if not host or ("@" in proxy and parts.username is None):
        return "set, but not understood"
    shown = f"{host}:{port}" if port else host
    if parts.scheme in {"http", "https"}:
        return visible(shown)
    known = f"{parts.scheme}://{shown}"
    return visible(f"{known}: {SOCKS}" if parts.scheme.startswith("socks") else known)


def _certificates(asked: AskedHosts) -> str:
    try:
        demand_file(asked.ca_file)
    except UsageError as error:
        return str(error)
    return _authorities(asked)


def _authorities(asked: AskedHosts) -> str:
    return words(_shown(Path(asked.ca_file)) if asked.ca_file else "")


def _working_directory() -> str:
    try:
        folder = Path.cwd()
    except OSError:
        return "is gone"
    if str(folder) in map(os.path.realpath, sys.path):
        return f"{_shown(folder)}: Python takes modules from it; what lies there runs as hardenme"
    return f"{_shown(folder)}: no module is taken from it, and no program"


def _configuration(loaded: Loaded | None) -> Iterator[Row]:
    if loaded is None:
        return
    for one in loaded.files:
        yield from _file(one)
    if not loaded.files:
        yield "found", "none"
        yield from _looked(loaded.where)
    if loaded.problems:
        yield "so", "a run stops before it sends a request; --no-config ignores all files"


def _looked(where: SearchPlaces) -> Iterator[Row]:
    if where.own is not None:
        yield "looked for", _shown(where.own.path)
    yield "and for", f"{', '.join(IN_A_FOLDER)} in the working directory, up to {_shown(where.top)}"


def _file(found: FoundFile) -> Iterator[Row]:
    own = found.source.trust >= Trust.USER
    yield "your own" if own else "of the working directory", _shown(found.source.path)
    for path in found.ignored:
        yield "next to it, not read", _shown(path)
    if found.admission is None:
        yield "not read", found.problem
        return
    admitted = found.admission
    refusals = admitted.refusals
    if found.lowered:
        untrusted = [one for one in refusals if one.beyond]
        refusals = tuple(one for one in refusals if not one.beyond)
        names = ", ".join(one.key for one in untrusted) or "nothing that it says"
        yield "trusted less", f"{found.lowered}; until then, refused: {names}"
    if found.trust is Trust.TRUSTED:
        yield "trusted further", "your own file names its folder, so that its waivers count"
    yield "may set", ", ".join(admitted.values) or "nothing"
    for waiver in admitted.waivers:
        yield "waives", f"{waiver.check} of {waiver.subject} until {waiver.until}: {waiver.reason}"
    for proposal in admitted.proposals:
        one = proposal.asked
        text = f"{one.check} of {one.subject} until {one.until}: {one.reason}"
        yield "proposes to waive", f"{text} (shown, not applied)"
    for refusal in refusals:
        yield "refused", str(refusal)


def _shown(path: Path) -> str:
    own = home()
    if own is not None and path.is_relative_to(own):
        path = Path("~") / path.relative_to(own)
    return visible(str(path))
