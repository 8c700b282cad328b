"""`gh api` as the commands of fixes use it, for tests: it asks a sandbox in place of a host.

It takes what these commands hold and nothing else, and reads it as GitHub's own program does
(https://cli.github.com/manual/gh_api): what `tests/gh/test_stand_in.py` shows with that program,
where it is installed.

- The method is GET, or POST where there are fields or a body.
- `-f key=value` adds a text. `-F key=value` turns true, false, null and whole numbers into what
  they are, and reads a file for a value that begins with an @.
- `key[sub]=value` makes an object and `key[]=value` a list.
- `--input -` sends standard input as the body.
- `--jq` filters the answer. Of its language two statements are known here: `del(.a, .b)`, and
  `.a = ` with true, false or a text.
- `--paginate` is known with a program that prints a text for each item that has a value:
  `.[] | select(.a == "b") | "text \\(.c)"`. A list of more than a page is not.
- On an error the answer is printed, then `gh: MESSAGE (HTTP STATUS)` to standard error; the exit
  code is 1.
"""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from hardenme.ground.errors import UsageError

MAGIC: dict[str, Any] = {"true": True, "false": False, "null": None}
KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
DELETION = re.compile(r"del\((\.\w+(?:, \.\w+)*)\)")
ASSIGNMENT = re.compile(r'\.(\w+) = (true|false|"\w*"|\["[^]|]*\])')
LOOKUP = re.compile(r'\.\[\] \| select\(\.(\w+) == "([^"]*)"\) \| "([^"]*)"')
FIELD = re.compile(r"\\\((?:\.(\w+))\)")
REFUSED, PAGE = 400, 100


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a command, and the status that it was answered with."""

    method: str
    path: str
    body: Any
    status: int


@dataclass(frozen=True, slots=True)
class Done:
    """What a command came to."""

    code: int
    output: str = ""
    error: str = ""
    asked: tuple[Asked, ...] = ()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def _parser() -> _Parser:
    parser = _Parser(prog="gh", add_help=False, allow_abbrev=False)
    parser.add_argument("command", choices=["api"])
    parser.add_argument("path")
    parser.add_argument("--hostname", default="github.com")
    parser.add_argument("-X", "--method")
    parser.add_argument("-H", "--header", action="append", default=[])
    parser.add_argument("-f", "--raw-field", dest="fields", type=_raw, action="append", default=[])
    parser.add_argument("-F", "--field", dest="fields", type=_magic, action="append")
    parser.add_argument("--input")
    parser.add_argument("-q", "--jq")
    parser.add_argument("--paginate", action="store_true")
    return parser


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"a field needs a value: {text}")
    return key, value


def _raw(text: str) -> tuple[str, Any]:
    return _pair(text)


def _magic(text: str) -> tuple[str, Any]:
    key, value = _pair(text)
    if value.startswith("@"):
        return key, Path(value[1:]).read_text(encoding="utf-8")
    if value in MAGIC:
        return key, MAGIC[value]
    return key, int(value) if re.fullmatch(r"-?\d+", value) else value


def body_of(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object that fields make."""
    body: dict[str, Any] = {}
    for key, value in fields:
        found = KEY.fullmatch(key)
        if found is None:
            raise UsageError(f"invalid key: {key}")
        name, subs = found[1], re.findall(r"\[([^\[\]]*)\]", found[2])
        place: dict[str, Any] = body
        for sub in subs[:-1] if subs and not subs[-1] else subs:
            place = place.setdefault(name, {})
            name = sub
        if subs and not subs[-1]:
            place.setdefault(name, []).append(value)
        else:
            place[name] = value
    return body


def filtered(data: dict[str, Any], program: str) -> dict[str, Any]:
    """What a program of jq makes of an object."""
    for statement in program.split(" | "):
        if found := DELETION.fullmatch(statement):
            gone = {name.strip(" .") for name in found[1].split(",")}
            data = {name: value for name, value in data.items() if name not in gone}
        elif found := ASSIGNMENT.fullmatch(statement):
            data = data | {found[1]: json.loads(found[2])}
        else:
            raise UsageError(f"unknown to the stand-in: {statement}")
    return data


def looked_up(items: list[dict[str, Any]], program: str) -> str:
    """The lines that a program of jq prints for the items of a list."""
    found = LOOKUP.fullmatch(program)
    if found is None or len(items) >= PAGE:
        raise UsageError(f"unknown to the stand-in: {program}, of {len(items)} items")
    name, value, line = found.groups()
    lines = (
        FIELD.sub(lambda key, item=one: str(item[key[1]]), line)
        for one in items
        if one[name] == value
    )
    return "".join(f"{one}\n" for one in lines)


def run(words: list[str], url: str, token: str, body: str = "") -> Done:
    """Run one command, its first word being `api`.

    Args:
        words: the words behind `gh`.
        url: the sandbox's address, in place of the host's.
        token: what the program sends.
        body: standard input.

    Raises:
        UsageError: for words that it does not take.
    """
    given = _parser().parse_args(words)
    if re.search(r"\{\w+\}", given.path):
        raise UsageError(f"it would be filled in from the working directory: {given.path}")
    sent = None
    if given.input == "-" and given.fields:
        raise UsageError("fields beside a body go into the address: no fix means that")
    if given.input == "-":
        sent = body.encode()
    elif given.input:
        raise UsageError(f"unknown to the stand-in: --input {given.input}")
    elif given.fields:
        sent = json.dumps(body_of(given.fields)).encode()
    method = given.method or ("GET" if sent is None else "POST")
    headers = dict(header.split(": ", 1) for header in given.header)
    base = url if given.hostname == "github.com" else f"{url}/api/v3"
    headers |= {"Authorization": f"token {token}", "User-Agent": "GitHub CLI"}
    address = f"{base}/{given.path.removeprefix('/')}"
    if given.paginate and not LOOKUP.fullmatch(given.jq or ""):
        raise UsageError("unknown to the stand-in: --paginate without a lookup")
    pages = f"?per_page={PAGE}" if given.paginate else ""
    status, text = _answer(method, address + pages, sent, headers)
    asked = Asked(method, given.path, json.loads(sent) if sent else None, status)
    if status >= REFUSED:
        message = json.loads(text).get("message", "") if text else ""
        return Done(1, text, f"gh: {message} (HTTP {status})\n", (asked,))
    if given.jq is None:
        return Done(0, text, asked=(asked,))
    if given.paginate:
        return Done(0, looked_up(json.loads(text), given.jq), asked=(asked,))
    return Done(0, json.dumps(filtered(json.loads(text), given.jq)) + "\n", asked=(asked,))


def _answer(
    method: str, address: str, body: bytes | None, headers: dict[str, str]
) -> tuple[int, str]:
    """The status and the text of an answer; no redirect is followed."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=60)
    try:
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
