"""Expressions of GitHub Actions: `${{ … }}` in a string, and what they look up.

They are parsed into a tree: a name within quotes differs from one that is looked up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hardenme.facts.github.workflow import ALL
from hardenme.ground.errors import ContentError
from hardenme.workflows import values

TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<number>0[xX][0-9a-fA-F]+|0o[0-7]+|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?![\w.*'$@#-])"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)(?![^\s()\[\],.!<>=&|*])"
    r"|(?P<sign>&&|\|\||[!=<>]=|[!<>()\[\],.*]))"
)
CONSTANTS: dict[str, float | bool | None] = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": math.nan,
    "Infinity": math.inf,
}
BASES = frozenset({"0x", "0o"})
OPEN, CLOSE = "${{", "}}"
DEEPEST = 50
"""Parentheses within one another."""
LONGEST = 21_000
"""Characters; GitHub takes no more."""
EQUALITIES = ("==", "!=")
ORDERS = ("<", "<=", ">", ">=")
PULL = re.compile(r"refs/pull/|(?:^|[/+:\"'])pull/[^/\s]+/(?:head|merge)")
"""How a ref of a pull request is written."""
AT, EVERY = "[]", "[*]"
ANY = "*"
"""A part of a path that is chosen at run time, or every part."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is written out: a string, a number, true, false or null."""

    value: str | float | bool | None


@dataclass(frozen=True, slots=True)
class Path:
    """Something that is looked up, like `github.event.issue.title`; in lower case."""

    parts: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A function with its arguments, or an operator like `&&`, `!` or `==` with its sides.

    `[]` looks into its first part by the others, and `[*]` takes all that is in its only part.
    """

    name: str
    parts: tuple[Node, ...]


Node = Literal | Path | FunctionCall


def bodies(text: str) -> Iterator[str]:
    """The text between `${{` and `}}` in a string; up to its end where nothing closes it."""
    start = text.find(OPEN)
    while start >= 0:
        position, quoted = start + len(OPEN), False
        while position < len(text):
            if text[position] == "'":
                quoted = not quoted
            elif not quoted and text.startswith(CLOSE, position):
                break
            position += 1
        yield text[start + len(OPEN) : position]
        start = text.find(OPEN, position + len(CLOSE))


def parse(text: str) -> Node:
    """The tree of an expression, what it looks up as paths, and what is fixed worked out.

    Raises:
        ContentError: it is none that is understood.
    """
    return _simplified(exact(text))


def exact(text: str) -> Node:
    """The tree of an expression as GitHub reads it; a path has one part.

    Raises:
        ContentError: it is none that is understood.
    """
    if len(text) > LONGEST:
        raise ContentError("it is too long")
    parser = _Parser(list(_tokens(text)))
    tree = parser.either(0)
    if parser.kind:
        raise ContentError("something follows its end")
    return tree


def walk(node: Node) -> Iterator[Node]:
    """A tree's nodes."""
    yield node
    if isinstance(node, FunctionCall):
        for part in node.parts:
            yield from walk(part)


def paths(text: str) -> Iterator[Path]:
    """What the expressions of a string look up.

    Raises:
        ContentError: one of them is not understood.
    """
    for body in bodies(text):
        for node in walk(parse(body)):
            if isinstance(node, Path):
                yield node


def strings(value: Any) -> Iterator[str]:
    """Every string of a value as YAML gives it, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def secrets(value: Any) -> set[str]:
    """The names of the secrets that a value's expressions look up, in upper case, `*` for all."""
    found: set[str] = set()
    for text in strings(value):
        if OPEN not in text or "secrets" not in text.lower():
            continue
        try:
            looked_up = [path.parts for path in paths(text) if path.parts[0] == "secrets"]
        except ContentError:
            found.add(ALL)
            continue
        found |= {parts[1].upper() if parts[1:] else ALL for parts in looked_up}
    return found - {"GITHUB_TOKEN"}


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position, end = 0, len(text.rstrip())
    while position < end:
        found = TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            raise ContentError("an unknown character")
        yield found.lastgroup, found[found.lastgroup]
        position = found.end()


@dataclass(slots=True)
class _Parser:
    """Takes tokens from the left, by the operators' order: `||`, `&&`, comparisons, `!`."""

    tokens: list[tuple[str, str]]
    position: int = 0

    @property
    def kind(self) -> str:
        """The next token's kind; empty at the end."""
        return self.tokens[self.position][0] if self.position < len(self.tokens) else ""

    @property
    def word(self) -> str:
        """The next token; empty at the end."""
        return self.tokens[self.position][1] if self.position < len(self.tokens) else ""

    def take(self, sign: str = "") -> str:
        """The next token, which has to be that sign where one is named."""
        if not self.kind or (sign and (self.kind, self.word) != ("sign", sign)):
            raise ContentError("it ends too early" if not self.kind else "out of order")
        self.position += 1
        return self.tokens[self.position - 1][1]

    def follows(self, *signs: str) -> bool:
        """Whether the next token is one of these signs."""
        return self.kind == "sign" and self.word in signs

    def either(self, depth: int) -> Node:
        """What `||` joins."""
        return self._joined("||", lambda: self._joined("&&", lambda: self._compared(depth)))

    def _joined(self, sign: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.follows(sign):
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else FunctionCall(sign, tuple(parts))

    def _compared(self, depth: int) -> Node:
        return self._paired(EQUALITIES, lambda: self._paired(ORDERS, lambda: self._negated(depth)))

    def _paired(self, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
        left = part()
        while self.follows(*signs):
            left = FunctionCall(self.take(), (left, part()))
        return left

    def _negated(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise ContentError("it is nested too deep")
        if self.follows("!"):
            self.take()
            return FunctionCall("!", (self._negated(depth + 1),))
        return self._value(depth)

    def _value(self, depth: int) -> Node:
        kind = self.kind
        if self.follows("("):
            self.take()
            inner = self.either(depth + 1)
            self.take(")")
            return self._looked_up(inner, depth)
        word = self.take()
        if kind == "text":
            return Literal(word[1:-1].replace("''", "'"))
        if kind == "number":
            return Literal(float(int(word, 0)) if word[:2].lower() in BASES else float(word))
        if kind != "name":
            raise ContentError("out of order")
        if self.follows("("):
            return self._looked_up(self._call(word, depth), depth)
        if word in CONSTANTS:
            return Literal(CONSTANTS[word])
        return self._looked_up(Path((word.lower(),)), depth)

    def _call(self, name: str, depth: int) -> Node:
        self.take("(")
        parts: list[Node] = []
        while not self.follows(")"):
            parts.append(self.either(depth + 1))
            if not self.follows(")"):
                self.take(",")
        self.take(")")
        return FunctionCall(name.lower(), tuple(parts))

    def _looked_up(self, node: Node, depth: int) -> Node:
        """What follows a value: `.name`, `.*`, `[…]`."""
        while self.follows(".", "["):
            fenced = self.take() == "["
            if self.follows("*"):
                self.take()
                node = FunctionCall(EVERY, (node,))
            elif fenced:
                node = FunctionCall(AT, (node, self.either(depth + 1)))
            elif self.kind == "name":
                node = FunctionCall(AT, (node, Literal(self.take())))
            else:
                raise ContentError("out of order")
            if fenced:
                self.take("]")
        return node


def _simplified(node: Node) -> Node:
    if not isinstance(node, FunctionCall):
        return node
    if node.name in {AT, EVERY}:
        return _looked_up(node)
    parts = tuple(map(_simplified, node.parts))
    fixed = [part.value for part in parts if isinstance(part, Literal)]
    if node.name in values.FUNCTIONS and len(fixed) == len(parts):
        found = values.called(node.name, tuple(fixed))
        if values.is_scalar(found):
            return Literal(found)
    return FunctionCall(node.name, parts)


def _looked_up(node: FunctionCall) -> Node:
    """What a chain of keys looks up, as a path if it begins with a context."""
    chain: list[Node | None] = []
    root: Node = node
    while isinstance(root, FunctionCall) and root.name in {AT, EVERY}:
        chain.insert(0, _simplified(root.parts[1]) if root.name == AT else None)
        root = root.parts[0]
    chosen = [key for key in chain if key is not None]
    if not isinstance(root, Path):
        return FunctionCall(AT, (_simplified(root), *chosen))
    path = Path((*root.parts, *map(_part, chain)))
    if all(isinstance(key, Literal) for key in chosen):
        return path
    return FunctionCall(AT, (path, *chosen))


def _part(key: Node | None) -> str:
    """A key as a part of a path."""
    fixed = isinstance(key, Literal) and isinstance(key.value, str)
    return str(key.value).lower() if fixed else ANY  # type: ignore[union-attr]  # a literal
