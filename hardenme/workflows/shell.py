"""Takes a shell script apart into its commands: words as written, pipes, what is fed to each.

It reads what bash, dash and zsh share. Each character is looked at once, but for what is nested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

DEEPEST = 40
"""Substitutions within one another; what is deeper is left as it is written."""
SHOWN = 40
"""Characters that are shown of what is unclear."""
ENDS = frozenset(" \t\r\n;&|()<>")
"""What ends a word that is not quoted."""
FILLED_IN = re.compile(r"\$\{?[#!]?(?:env:)?([A-Za-z_]\w*)|%([A-Za-z_]\w*)%")
ONE_WORD = re.compile(
    r"\$(?:[?#!$]|\(\(|\{#\w+\}|(?P<brace>\{)?(?:GITHUB_(?:ACTOR|ENV|OUTPUT|REF|REPOSITORY"
    r"|RUN_ATTEMPT|RUN_ID|RUN_NUMBER|SHA|STEP_SUMMARY|WORKSPACE)|RUNNER_TEMP)(?(brace)\}|\b))"
)
"""Numbers, and variables of the runner whose values have no space and begin with no dash. The short
name of a branch or tag is none of them: git refuses no `refs/heads/-x`."""
PATTERN = frozenset("*?[{")
"""How a word begins that a shell replaces by names of files, or by several words."""
CONTINUED = "\\\n"
"""What ends a line that the next one continues."""
LISTED = re.compile(r"\$(?:@|\{@|\{!?\w+\[@\])")
"""`"$@"` and `"${NAME[@]}"`: each item is a word."""
INDIRECT = re.compile(r"\$\{(?:!([A-Za-z_]\w*)\}|([A-Za-z_]\w*)@P\})")
"""`${!NAME}` and `${NAME@P}`, with which bash runs the substitutions that a value holds."""


@dataclass(slots=True)
class ShellCommand:
    """A simple command.

    Attributes:
        words: as they are written, with quotes and substitutions.
        fed: the texts of here-strings and here-documents in which variables are filled in.
        script: those in which none is filled in.
        source: the command whose output it reads.
        writes: the files that its output goes to, as they are written.
        reads: the files that its input comes from, as they are written.
    """

    words: list[str] = field(default_factory=list)
    fed: list[str] = field(default_factory=list)
    script: list[str] = field(default_factory=list)
    source: ShellCommand | None = None
    writes: list[str] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ShellScript:
    """A script that was taken apart.

    Attributes:
        commands: in the order in which they end, those of substitutions before what holds them.
        arithmetic: what is computed, as it is written.
        unclear: what shells take in different ways.
    """

    commands: list[ShellCommand] = field(default_factory=list)
    arithmetic: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)


def shell_script(text: str, depth: int = 0) -> ShellScript:
    """Take a script apart."""
    found = ShellScript()
    _Scanner(text, found, depth).script("")
    return found


def is_split(word: str) -> bool:
    """Whether a shell may make several words of one, or none: it fills something in unquoted.

    What lists arguments is several words in double quotes as well.
    """
    position, double = 0, False
    while position < len(word):
        char = word[position]
        if char == "\\":
            position += 1
        elif char == '"':
            double = not double
        elif char == "'" and not double:
            end = word.find("'", position + 1)
            position = len(word) if end < 0 else end
        elif _is_filled(char, word, position, double=double):
            return True
        position += 1
    return False


def may_be_option(word: str) -> bool:
    """Whether a word may begin with a dash that is not written, in quotes or not.

    It begins with what is filled in, or with a pattern, and others choose values and file names.
    """
    plain = word.lstrip('"')
    if plain[:1] in {"$", "`"}:
        return ONE_WORD.match(plain) is None
    return (len(word) - len(plain)) % 2 == 0 and plain[:1] in PATTERN


def fills_in(word: str) -> bool:
    """Whether a shell fills anything in, within double quotes as well."""
    return any(sign in unquoted(word, literal=False) for sign in "$`")


def _is_filled(char: str, word: str, position: int, *, double: bool) -> bool:
    """Whether a shell fills in something here that may be any number of words."""
    listed = not double or LISTED.match(word, position) is not None
    return char in "$`" and listed and ONE_WORD.match(word, position) is None


def filled_in(word: str) -> set[str]:
    """The names of the variables that a shell fills in where it reads a word."""
    if "$" not in word and "%" not in word:
        return set()
    found = FILLED_IN.findall(unquoted(word, literal=False))
    return {first or second for first, second in found}


def unquoted(word: str, *, literal: bool = True) -> str:
    """A word without its quotes.

    Args:
        word: as it is written.
        literal: whether what single quotes hold is kept, in which nothing is filled in.
    """
    if not ("'" in word or '"' in word or "\\" in word):
        return word
    found: list[str] = []
    position, double = 0, False
    while position < len(word):
        char = word[position]
        if char == "\\":
            found.append(word[position + 1 : position + 2] if literal else "")
            position += 1
        elif char == '"':
            double = not double
        elif char == "'" and not double:
            end = word.find("'", position + 1)
            end = len(word) if end < 0 else end
            if literal:
                found.append(word[position + 1 : end])
            position = end
        else:
            found.append(char)
        position += 1
    return "".join(found)


@dataclass(slots=True)
class _Scanner:
    """Goes through a script.

    Attributes:
        text: the script.
        depth: of the substitution that this is in.
        position: of the next character.
        closer: what closes the substitution that this is in.
        waiting: here-documents that begin on the next line: where they end, whether variables are
            filled in, and whose they are.
        quoted: whether this is within double quotes.
    """

    text: str
    found: ShellScript
    depth: int = 0
    position: int = 0
    closer: str = ""
    waiting: list[tuple[str, bool, ShellCommand]] = field(default_factory=list)
    quoted: bool = False

    def script(self, closer: str) -> None:
        """Commands up to what closes them."""
        outer, self.closer = self.closer, closer
        current, source = ShellCommand(), None
        while self.position < len(self.text):
            char = self.text[self.position]
            if char == closer:
                self.position += 1
                break
            if char in " \t\r" or self.continued():
                self.skip_spaces()
            elif char == "#":
                self.skip_to("\n")
            elif char in "<>" or self.text.startswith("&>", self.position):
                self.redirected(current)
            elif char in "\n;&|()":
                source = self.ended(current, char)
                current = ShellCommand(source=source)
            elif self.text.startswith("[[", self.position) and not current.words:
                current.words += self.until("]]").replace(CONTINUED, " ").split()
            else:
                self.worded(current)
        self.ended(current, "")
        self.closer = outer

    def ended(self, current: ShellCommand, char: str) -> ShellCommand | None:
        """Keep a command that ends here; what comes next reads its output behind a pipe."""
        empty = not (current.words or current.fed or current.script)
        if not empty:
            self.found.commands.append(current)
        if not char:
            return None
        piped = char == "|" and not self.text.startswith("||", self.position)
        if self.text.startswith("((", self.position):
            self.found.arithmetic.append(self.until("))"))
            return None
        doubled = char in "&|;" and self.text.startswith(char * 2, self.position)
        self.position += 2 if doubled or self.text.startswith("|&", self.position) else 1
        if char == "\n":
            self.documents()
        if piped:
            return current
        # What follows a pipe may be on the next line, or in a group.
        return current.source if empty and char in "\n(" else None

    def worded(self, current: ShellCommand) -> None:
        """One word; a number before a redirection is none."""
        word = self.word()
        redirects = self.position < len(self.text) and self.text[self.position] in "<>"
        if not (redirects and word.isdecimal()):
            current.words.append(word)

    def word(self) -> str:
        """One word as it is written."""
        start = self.position
        while self.position < len(self.text):
            char = self.text[self.position]
            if char == "(" and self.position > start and self.text[self.position - 1] == "=":
                self.until(")")
            elif char in ENDS:
                break
            else:
                self.step()
        if self.position == start:
            self.position += 1
        return self.text[start : self.position].replace(CONTINUED, "")

    def continued(self) -> bool:
        """Whether the next line continues this one here. In comments and documents none does."""
        return self.text.startswith(CONTINUED, self.position)

    def skip_spaces(self) -> None:
        """Go past spaces, on this line or on one that continues it."""
        while self.position < len(self.text):
            if self.continued():
                self.position += len(CONTINUED)
            elif self.text[self.position] in " \t\r":
                self.position += 1
            else:
                return

    def step(self) -> None:
        """One character of a word, or all of what is quoted or substituted."""
        text, at = self.text, self.position
        char = text[at]
        if char == "\\":
            self.position += 2
        elif char == "'" or text.startswith("$'", at):
            if self.quoted:
                # bash takes it for a quote here, and dash for a plain character.
                self.found.unclear.append(text[at : at + SHOWN])
            self.position = at + (1 if char == "'" else 2)
            self.skip_to("'", backslash=char == "$")
            self.position += 1
            if char == "$" and "\\'" in text[at : self.position]:
                # In dash, no `$` changes what a quote does.
                self.found.unclear.append(text[at : at + SHOWN])
        elif char == '"':
            self.double_quoted()
        elif char == "`":
            self.backticks()
        elif text.startswith("$(", at):
            self.substituted()
        elif text.startswith("${", at):
            self.position += 2
            while self.position < len(text) and text[self.position] != "}":
                self.step()
            self.position += 1
        else:
            self.position += 1

    def double_quoted(self) -> None:
        """What double quotes hold."""
        outer, self.quoted = self.quoted, True
        self.position += 1
        while self.position < len(self.text) and self.text[self.position] != '"':
            if self.text[self.position] in "\\$`":
                self.step()
            else:
                self.position += 1
        self.position += 1
        self.quoted = outer

    def backticks(self) -> None:
        """A substitution in backticks: its text ends first, and is read after that."""
        start = self.position + 1
        self.position = start
        self.skip_to("`", backslash=True)
        inner = self.text[start : self.position]
        self.position += 1
        if self.depth < DEEPEST:
            escaped = r"\\([`$\\\"])" if self.quoted else r"\\([`$\\])"
            _Scanner(re.sub(escaped, r"\1", inner), self.found, self.depth + 1).script("")

    def substituted(self) -> None:
        """A substitution, whose commands are found too."""
        if self.text.startswith("$((", self.position):
            self.found.arithmetic.append(self.until("))"))
            return
        self.position += 2
        if self.depth >= DEEPEST:
            self.skip_to(")")
            self.position += 1
            return
        self.depth += 1
        waiting, self.waiting = self.waiting, []
        outer, self.quoted = self.quoted, False
        self.script(")")
        self.quoted = outer
        self.waiting = waiting
        self.depth -= 1

    def redirected(self, current: ShellCommand) -> None:
        """A redirection, a here-text, or a process whose output is a file."""
        text, at = self.text, self.position
        if text.startswith(("<(", ">("), at):
            current.words.append(self.process())
            return
        sign = next(s for s in SIGNS if text.startswith(s, at))
        self.position += len(sign)
        self.skip_spaces()
        process = text.startswith(("<(", ">("), self.position)
        word = self.process() if process else self.word() if self.position < len(text) else ""
        if sign == "<<<":
            current.fed.append(word)
        elif sign in {"<<", "<<-"}:
            quoted = any(sign in word for sign in "'\"\\")
            self.waiting.append((unquoted(word), not quoted, current))
        elif sign.endswith("&") and DESCRIPTOR.fullmatch(word):
            pass
        else:
            # `<>` does both, and `>&` writes a file where no descriptor follows.
            (current.reads if "<" in sign else current.writes).append(word)
            current.writes += [word] if sign == "<>" else []

    def process(self) -> str:
        """A process whose output or input is a file, `<( … )`, as it is written."""
        start = self.position
        self.position += 2
        if self.depth >= DEEPEST:
            self.skip_to(")")
            self.position += 1
        else:
            self.depth += 1
            self.script(")")
            self.depth -= 1
        return self.text[start : self.position]

    def documents(self) -> None:
        """The here-documents that begin with this line."""
        for end, expands, command in self.waiting:
            lines: list[str] = []
            while self.position < len(self.text):
                start = self.position
                self.skip_to("\n")
                line = self.text[start : self.position]
                self.position += 1
                if line.strip() == end:
                    break
                lines.append(line)
            (command.fed if expands else command.script).append("\n".join(lines))
        self.waiting = []

    def until(self, closer: str) -> str:
        """What comes up to a closing sign, with it."""
        start = self.position
        end = self.text.find(closer, start + 1)
        self.position = len(self.text) if end < 0 else end + len(closer)
        return self.text[start : self.position]

    def skip_to(self, sign: str, *, backslash: bool = False) -> None:
        """Go to the next of a sign, or to the end; one behind a backslash may not count."""
        while self.position < len(self.text) and self.text[self.position] != sign:
            self.position += 2 if backslash and self.text[self.position] == "\\" else 1


DESCRIPTOR = re.compile(r"\d+-?|-|\$\{?\w+\}?")
"""What follows `>&` and `<&` in place of a file: an open one, or that it is to be closed."""
SIGNS = ("<<<", "<<-", "<<", "&>>", "&>", ">>", ">&", "<&", ">|", "<>", "<", ">")
"""Redirections, the longest first."""
