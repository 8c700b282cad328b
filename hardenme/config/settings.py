"""Every setting there is, and the least trust that may set it. The table is closed.

The settings are the options of the command line, by the same names where nothing is said. A test
compares them: an option without an entry here fails it, and so does an entry without an option.
"""

from __future__ import annotations

from dataclasses import dataclass

from hardenme.config.kinds import SEVERITY_WORDS, Kind
from hardenme.config.trust import Guard, Trust
from hardenme.model.depth import Depth
from hardenme.model.profile import PROFILES

PREFIX = "HARDENME_"
"""With it begin the variables that set something."""
CHECK = frozenset({"check"})
"""For settings that other commands have, too, and mean otherwise: a watch looks at younger releases
and alerts earlier."""
REPORTS = CHECK | {"report"}
"""For those that a check and its periodic report have in common."""
TARGET = "TARGET"
"""Stands in place of an option for the targets, which are arguments."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        name: as files spell it, and not otherwise.
        kind: the form of its value.
        least: the least trust that may set it.
        doc: what it is, in one line.
        option: its option on the command line; empty where there is none.
        guard: what it decides that a folder must never decide; None for nothing of that.
        words: the only values there are; empty for any.
        instead: where it is set, where neither a file nor the option tells that.
        bounds: the least and the greatest value of a number; None for any.
        commands: those for which files and variables set it, by their last word; empty for all that
            have the option.

    Raises:
        ValueError: a file in the working directory could set what is guarded.
    """

    name: str
    kind: Kind
    least: Trust
    doc: str
    option: str
    guard: Guard | None = None
    words: tuple[str, ...] = ()
    instead: str = ""
    bounds: tuple[int, int] | None = None
    commands: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.guard is not None and self.least <= Trust.FOLDER:
            raise ValueError(f"{self.name} decides {self.guard}, which is not for a folder")

    @property
    def where(self) -> str:
        """The places that may set it."""
        if self.instead:
            return self.instead
        places = [str(Trust.USER)] if self.least <= Trust.USER else []
        return " or ".join([*places, *([self.option] if self.option else [])])

    @property
    def variable(self) -> str:
        """The variable that sets it; empty where none does.

        None decides what is guarded: an environment is often made by others than the user, such as
        a job's definition or a file that a shell loads.
        """
        if self.guard is not None or self.least > Trust.USER or not self.option.startswith("--"):
            return ""
        return PREFIX + self.option.removeprefix("--").replace("-", "_").upper()

    def counts_for(self, command: str) -> bool:
        """Whether files and variables set it for a command, which goes by its last word."""
        return not self.commands or command in self.commands

    def wrong(self, value: object) -> str:
        """What is wrong with a value; empty for nothing. The value is never quoted."""
        if why := self.kind.wrong(value):
            return why
        if self.words and value not in self.words:
            return f"takes one of: {', '.join(self.words)}"
        if self.bounds and isinstance(value, int):
            low, high = self.bounds
            if not low <= value <= high:
                return f"takes a whole number from {low} to {high}"
        return ""


def _folder(  # noqa: PLR0913 (the columns of the table)
    name: str,
    kind: Kind,
    doc: str,
    option: str = "",
    words: tuple[str, ...] = (),
    *,
    bounds: tuple[int, int] | None = None,
    commands: frozenset[str] = frozenset(),
) -> Setting:
    return Setting(
        name, kind, Trust.FOLDER, doc, option, words=words, bounds=bounds, commands=commands
    )


def _own(  # noqa: PLR0913 (the columns of the table)
    name: str,
    kind: Kind,
    doc: str,
    guard: Guard | None = None,
    *,
    option: str | None = None,
    words: tuple[str, ...] = (),
    bounds: tuple[int, int] | None = None,
    commands: frozenset[str] = frozenset(),
) -> Setting:
    option = f"--{name}" if option is None else option
    return Setting(
        name, kind, Trust.USER, doc, option, guard, words, bounds=bounds, commands=commands
    )


def _run(
    name: str, kind: Kind, doc: str, guard: Guard | None = None, *, instead: str = ""
) -> Setting:
    return Setting(name, kind, Trust.OPTION, doc, f"--{name}", guard, instead=instead)


def _token(provider: str) -> Setting:
    variable = f"HARDENME_{provider.upper()}_TOKEN"
    return Setting(
        f"{provider}-token",
        Kind.WORD,
        Trust.ENVIRONMENT,
        "A token; no configuration file holds one.",
        option="",
        guard=Guard.CREDENTIAL,
        instead=f"the keyring (hardenme auth login), {variable}, --token-stdin or --token-file",
    )


SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        _folder("select", Kind.WORDS, "Only these checks: codes, slugs or families.", "--select"),
        _folder(
            "profile",
            Kind.WORD,
            "The thresholds; chosen from what is seen where nothing says.",
            "--profile",
            tuple(PROFILES),
        ),
        _folder(
            "fail-on",
            Kind.WORD,
            "The severity from which a failure counts for the exit code.",
            "--fail-on",
            SEVERITY_WORDS,
            commands=REPORTS,
        ),
        _folder(
            "since",
            Kind.NUMBER,
            "The age in days up to which releases are judged.",
            "--since",
            bounds=(1, 3650),
            commands=REPORTS,
        ),
        _folder("severities", Kind.SEVERITIES, "What a failure of a check weighs."),
        _folder("thresholds", Kind.THRESHOLDS, "Other thresholds than the profile's."),
        _folder("waivers", Kind.WAIVERS, "Findings that are accepted; a folder proposes."),
        _own(
            "trusted-folders",
            Kind.FOLDERS,
            "Folders whose waivers and milder values count.",
            option="",
        ),
        _own("ignore", Kind.WORDS, "Not these checks: codes, slugs or families."),
        _own("allow-unknown", Kind.WORDS, "What may stay unknown: checks or reasons."),
        _own(
            "targets",
            Kind.WORDS,
            "What is looked at.",
            option=TARGET,
            commands=REPORTS | {"trend"},
        ),
        _own(
            "include-repositories",
            Kind.WORDS,
            "Of an owner's repositories, only these.",
            option="--include",
        ),
        _own(
            "exclude-repositories",
            Kind.WORDS,
            "Of an owner's repositories, not these.",
            option="--exclude",
        ),
        _own("archived", Kind.SWITCH, "Whether archived repositories are looked at."),
        _own("local", Kind.SWITCH, "Whether `me` takes in this machine."),
        _own("network-lookups", Kind.SWITCH, "Whether mail domains are looked up.", Guard.ADDRESS),
        _own("depth", Kind.WORD, "How deep to ask.", words=tuple(map(str, Depth))),
        _own("rate-budget", Kind.WORD, "Requests an hour that a run may use, or off."),
        _own(
            "max-wait",
            Kind.NUMBER,
            "Seconds of a rate limit that are waited out.",
            bounds=(0, 3600),
            commands=REPORTS,
        ),
        _own("workers", Kind.NUMBER, "Requests at once.", bounds=(1, 32)),
        _own("cache", Kind.SWITCH, "Whether answers are kept."),
        _own("format", Kind.WORD, "The form of the result.", commands=CHECK),
        _own(
            "with-members",
            Kind.SWITCH,
            "People are named where many read it.",
            Guard.OUTPUT,
            commands=CHECK,
        ),
        _own("quiet", Kind.SWITCH, "The findings alone.", commands=CHECK),
        _own("output", Kind.PATH, "The file of the result.", Guard.OUTPUT, commands=CHECK),
        _own("keep-run", Kind.SWITCH, "Whether a run is kept for `hardenme show`.", commands=CHECK),
        _own("keep", Kind.NUMBER, "How many reports are kept.", bounds=(1, 10000)),
        _own("interval", Kind.WORD, "How often the timer runs."),
        _own("heartbeat", Kind.WORD, "What is requested after a complete run.", Guard.NOTIFICATION),
        _own("github-url", Kind.WORD, "GitHub's address.", Guard.ADDRESS),
        _own("npm-registry", Kind.WORD, "The registry's address.", Guard.ADDRESS),
        _own("ca-file", Kind.PATH, "The authorities to trust (PEM).", Guard.CERTIFICATES),
        _own("sigstore-trust-root", Kind.PATH, "What proves provenance.", Guard.CERTIFICATES),
        _own("token-file", Kind.FILES, "Files of tokens.", Guard.CREDENTIAL),
        _own(
            "notify-file",
            Kind.PATH,
            "The file of the addresses that messages go to.",
            Guard.NOTIFICATION,
        ),
        _own("same-person", Kind.WORDS, "Accounts of GitHub and npm that are of one person."),
        _own("use-gh", Kind.SWITCH, "Whether gh is asked for its token.", Guard.CREDENTIAL),
        _own(
            "app-id",
            Kind.NUMBER,
            "The GitHub App that asks.",
            Guard.CREDENTIAL,
        ),
        _own("app-key", Kind.PATH, "The file of its key.", Guard.CREDENTIAL),
        _own(
            "as",
            Kind.WORD,
            "Whose the GitHub token must be.",
            Guard.CREDENTIAL,
            commands=REPORTS | {"status"},
        ),
        _token("github"),
        _token("npm"),
        _run(
            "config",
            Kind.PATH,
            "The file in place of your own.",
            Guard.FILE,
            instead="--config alone: a configuration file names no other",
        ),
        _run("token-stdin", Kind.WORD, "A token comes by standard input.", Guard.CREDENTIAL),
        _run("host", Kind.WORD, "Whose token is stored or removed.", Guard.ADDRESS),
        _run("owner", Kind.WORD, "Whose things a token is for.", Guard.CREDENTIAL),
        _run("read-only", Kind.SWITCH, "A read-only token is asked for.", Guard.CREDENTIAL),
        _run("expires-in", Kind.NUMBER, "How long a new token lives.", Guard.CREDENTIAL),
        _run("interactive", Kind.SWITCH, "Asks you for a one-time password.", Guard.CREDENTIAL),
        _run("once", Kind.SWITCH, "Show each alert once."),
        _run("digest", Kind.SWITCH, "List every failed check, even where nothing changed."),
        _own("evidence", Kind.SWITCH, "Messages hold what was seen.", Guard.NOTIFICATION),
        _run("issue", Kind.WORD, "The repository for whose issue a text is printed."),
        _run("redact", Kind.SWITCH, "Pseudonyms replace names."),
        _run("offline", Kind.SWITCH, "Sends no request."),
        _run("debug", Kind.SWITCH, "Logs each request and answer."),
        _run("standard", Kind.WORD, "Whose controls are listed."),
        _run("member", Kind.WORD, "Whom the checklist is for."),
        _run("plan", Kind.SWITCH, "The plan alone."),
        _run("needs", Kind.WORD, "Whose part of a fix plan."),
        _run("save-facts", Kind.WORD, "The file of what was read.", Guard.OUTPUT),
        _run("from-facts", Kind.WORD, "A file of what was read.", Guard.FILE),
        _run("baseline", Kind.WORD, "The report to compare with.", Guard.FILE),
        _run("resume", Kind.SWITCH, "Continue a run that stopped."),
    )
}
"""The settings by name."""
BY_OPTION: dict[str, Setting] = {item.option: item for item in SETTINGS.values() if item.option}
"""The settings by their option."""
BY_VARIABLE: dict[str, Setting] = {
    item.variable: item for item in SETTINGS.values() if item.variable
}
"""The settings by the variable that sets them."""
