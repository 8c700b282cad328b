"""Names in texts, each replaced by a pseudonym.

A word does not show whether it is a name. So the rule is inverted: every word is replaced that
hardenme does not use itself. A word that it does use is replaced if it is also a known name and is
used like one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import quote, unquote

from hardenme.model.npm_address import REGISTRY_HOST
from hardenme.model.text import disguised

LETTERS = "ghjklmnpqrstvwxyz"
"""Of what pseudonyms are made: no digit of a hexadecimal number, and no vowel that makes words."""
LENGTH = 10
"""Letters of a pseudonym: of 100,000 names two share one with a chance of 1 in 400."""
PREFIX = "name-"
UNSEEN = "\u200b"
"""A character that is not seen, of a name that had some."""
UNNAMED = b"\xff the mark of the key"
"""What no name is: it is not text in UTF-8."""
HOSTS = frozenset(
    {
        "github.com",
        "api.github.com",
        "docs.github.com",
        "gist.github.com",
        "uploads.github.com",
        "npmjs.com",
        "www.npmjs.com",
        "docs.npmjs.com",
        REGISTRY_HOST,
        "slsa.dev",
        "www.cisecurity.org",
        "baseline.openssf.org",
    }
)
"""Hosts that are everyone's."""
MARKS = "…·→≥≤\u2014\u2013\u2018\u2019\u201c\u201d■─"
LETTER = rf"[^\x00-,./:-@\[-^`{{-\xa0{MARKS}]"
"""A character of a word: a letter, a digit, `-`, `_`, and whatever is neither ASCII nor a mark of
our own sentences. It is one class, so that no text can be matched in two ways."""
WORD = re.compile(
    rf"(?P<encoded>{LETTER}*(?:%[0-9A-Fa-f]{{2}}{LETTER}*)+)"
    rf"|(?P<mail>{LETTER}(?:{LETTER}|[.+]){{0,64}}@{LETTER}+(?:\.{LETTER}+)+)"
    rf"|(?P<dotted>{LETTER}+(?:\.{LETTER}+)+)"
    rf"|(?P<word>{LETTER}+)"
)
NUMBER = re.compile(
    r"\d{1,5}[a-z]{0,2}|v?\d{1,5}(?:\.\d{1,5}){1,2}"
    r"|\d{4}-\d\d-\d\d(?:T\d\d)?|\d\d(?:Z|\.\d+Z?)|T\d\d"
)
"""Counts, versions, and parts of moments."""
TAGS = r"alpha|beta|canary|dev|experimental|latest|legacy|next|nightly|pre|preview|rc|stable"
"""Dist-tags and prereleases that many packages have, so that they name none."""
VERSION = re.compile(rf"\d{{1,5}}(?:\.\d{{1,5}}){{2}}(?:-(?:(?:{TAGS}|\d{{1,5}})[.-]?)+)?")
NUMBERS = re.compile(r"\d{1,5}(?:\.\d{1,5}){2}(?=-|$)")
"""What a version begins with; a prerelease after it can be a name."""
RELEASE = re.compile(rf"(?<=[\w-])@(?:{VERSION.pattern}|{TAGS})(?![\w.+@-])")
"""A version or dist-tag after a package's name; the name alone says whose it is."""
ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
ORDINARY = re.compile(r"(?:--?|[A-Z])?[a-z]+(?:-[a-z]+)*")
"""What reads as a word of a sentence, or as an option."""
PROVIDER = "GitHub"
"""How it writes itself: so it stays also in quotes, and where someone is called like it."""
ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
BEFORE = frozenset({"/", "@", "="})
"""What comes before a word that is used like a name."""
SHORT, KEPT = 2000, 4096
"""The length up to which a text is cached with its result, and the size of the cache."""
MARK = re.compile(r"[`\"']")
LABELS = frozenset(
    [
        "a",
        "an",
        "and",
        "branch",
        "branches",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "the",
        "to",
    ]
)
"""Words of a label in quotes that say nothing of anyone, also if someone has such a name."""
QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|'[^']*'")


def words(text: str) -> Iterator[str]:
    """The words of a text, as `Pseudonyms` splits them; at dots, too."""
    for match in WORD.finditer(text):
        yield from _parts(match)


def _parts(match: re.Match[str]) -> Iterator[str]:
    if match["encoded"]:
        yield from words(unquote(match[0]).replace("%", "/"))
    else:
        yield from filter(None, re.split(r"[.@+]", match[0]))


class Pseudonyms:
    """Puts pseudonyms in place of names: always the same one for a name.

    Args:
        key: what they are made with; without it no one can try names out.
        vocabulary: the words that hardenme uses.
    """

    def __init__(self, key: bytes, vocabulary: Collection[str]) -> None:
        self._key = key
        self._vocabulary = vocabulary
        self._known: set[str] = set()
        self._hosts: set[str] = set()
        self._dotted: set[str] = set()
        self._made: dict[str, str] = {}
        self._given: set[str] = set()
        self._words: dict[tuple[str, bool], str] = {}
        self._texts: dict[str, str] = {}

    def learn(self, name: str) -> None:
        """Treat each word of a name as a name, wherever it is used like one."""
        self._forget()
        for match in WORD.finditer(RELEASE.sub(" ", name)):
            self._known.update(part.casefold() for part in _parts(match))
            if match["dotted"]:
                self._dotted.add(match[0].casefold())

    def learn_host(self, host: str) -> None:
        """Treat it as a host, wherever it occurs."""
        self._forget()
        if host and host not in HOSTS:
            self._hosts.add(host.casefold())

    def _forget(self) -> None:
        """What was made before more was known does not hold any more."""
        self._words.clear()
        self._texts.clear()

    def of(self, name: str) -> str:
        """The pseudonym of one name; upper and lower case are the same."""
        folded = name.casefold()
        made = self._made.get(folded)
        if made is None:
            letters = self._letters(folded.encode("utf-8", "surrogatepass"))
            made = self._made[folded] = f"{PREFIX}{letters}"
            self._given.add(made)
        return made

    @property
    def mark(self) -> str:
        """A mark that identifies the key of pseudonyms; it reveals nothing about the key."""
        return self._letters(UNNAMED)

    def _letters(self, name: bytes) -> str:
        number = int.from_bytes(hmac.new(self._key, name, hashlib.sha256).digest())
        letters = []
        for _ in range(LENGTH):
            number, rest = divmod(number, len(LETTERS))
            letters.append(LETTERS[rest])
        return "".join(letters)

    def name(self, text: str) -> str:
        """A name: every word of it is replaced; separators and a version are kept."""
        made: list[str] = []
        end = 0
        for match in RELEASE.finditer(text):
            made += (WORD.sub(self._whole, text[end : match.start()]), match[0])
            end = match.end()
        return "".join((*made, WORD.sub(self._whole, text[end:])))

    def label(self, text: str) -> str:
        """What a person called something: that characters of it were hidden still shows."""
        made = self.name(text)
        return f"{made}{UNSEEN}" if disguised(text) and not disguised(made) else made

    def _whole(self, match: re.Match[str]) -> str:
        if match["encoded"]:
            return self._recoded(match[0], self.name)
        return ".".join(map(self.of, match[0].split("."))) if match["dotted"] else self._unit(match)

    def _recoded(self, encoded: str, made: Callable[[str], str]) -> str:
        """What is percent-encoded, made from what it means; one that is so twice is one name."""
        plain = unquote(encoded)
        if ENCODED.search(plain):
            return self.of(encoded)
        return quote(made(plain), safe="", errors="surrogatepass")

    def _unit(self, match: re.Match[str]) -> str:
        if match["mail"]:
            user, _, host = match[0].rpartition("@")
            return f"{self.of(user)}@{self._version(host) or self.host(host)}"
        return self.of(match[0])

    def _version(self, text: str) -> str:
        """A version, with a pseudonym for a prerelease that can be a name; empty for none."""
        numbers = NUMBERS.match(text)
        if numbers is None or VERSION.fullmatch(text):
            return "" if numbers is None else text
        return f"{numbers[0]}-{self.of(text[numbers.end() + 1 :])}"

    def host(self, host: str) -> str:
        """A host with its port, or an address: everyone's are kept."""
        if host.casefold() in HOSTS:
            return host
        name, colon, port = host.partition(":")
        return f"{self.of(name)}.invalid{colon}{port}"

    def text(self, text: str) -> str:
        """A sentence, an address or a command: words of our own are kept."""
        shown = self._texts.get(text)
        if shown is None:
            shown = self._replaced(text)
            if len(text) < SHORT:
                if len(self._texts) >= KEPT:
                    self._texts.clear()
                self._texts[text] = shown
        return shown

    def _replaced(self, text: str) -> str:
        spans = [match.span() for match in QUOTED.finditer(text)] if MARK.search(text) else ()
        made: list[str] = []
        end = span = 0
        for match in WORD.finditer(text):
            start = match.start()
            while span < len(spans) and spans[span][1] <= start:
                span += 1
            quoted = span < len(spans) and spans[span][0] < start
            if quoted and match[0] in LABELS and " " in text[slice(*spans[span])]:
                quoted = False
            made += (text[end:start], self._shown(match, quoted=quoted))
            end = match.end()
        made.append(text[end:])
        return "".join(made)

    def _shown(self, match: re.Match[str], *, quoted: bool) -> str:
        text, (start, end), kind, word = match.string, match.span(), match.lastgroup, match[0]
        if kind == "encoded":
            return self._recoded(word, self.text)
        if kind == "mail":
            return self._unit(match)
        if text.startswith("://", max(start - 3, 0)) or word.casefold() in self._hosts:
            return self.host(word)
        named = quoted or text[start - 1 : start] in BEFORE or text[end : end + 1] == "/"
        named = named or word == text
        if kind == "word":
            return self._part(word, named=named)
        if ADDRESS.fullmatch(word):
            return self.host(word)
        if NUMBER.fullmatch(word) or word.casefold() in HOSTS:
            return word
        if version := self._version(word):
            return version
        named = named or word.casefold() in self._dotted
        return ".".join([self._part(part, named=named) for part in word.split(".")])

    def _part(self, word: str, *, named: bool) -> str:
        """A word; one that is both our own and a name is a name only where it is used like one."""
        shown = self._words.get((word, named))
        if shown is None:
            shown = word if self._stays(word, named=named) else self.of(word)
            if len(word) < SHORT:
                self._words[word, named] = shown
        return shown

    def _stays(self, word: str, *, named: bool) -> bool:
        if word == PROVIDER:
            return True
        known = word.casefold() in self._known
        if NUMBER.fullmatch(word) and not (known and named):
            return True
        return self._own(word) and not (known and (named or not ORDINARY.fullmatch(word)))

    def _own(self, word: str) -> bool:
        return (
            word in self._vocabulary
            or word in self._given
            or (word.endswith("s") and word[:-1] in self._vocabulary)
        )
