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


def _folder(name: str, kind: Kind, doc: str, option: str, words: tuple[str, ...] = ()) -> Setting:
    return Setting(name, kind, Trust.FOLDER, doc, option, words=words)


def _own(  # noqa: PLR0913 (the columns of the table)
    name: str,
    kind: Kind,
    doc: str,
    guard: Guard | None = None,
    *,
    option: str = "",
    words: tuple[str, ...] = (),
) -> Setting:
    return Setting(name, kind, Trust.USER, doc, option or f"--{name}", guard, words)


def _run(name: str, kind: Kind, doc: str, guard: Guard | None = None) -> Setting:
    return Setting(name, kind, Trust.OPTION, doc, f"--{name}", guard)


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
        _folder("select", Kind.WORDS, "Only these checks.", "--select"),
        _folder("profile", Kind.WORD, "The thresholds.", "--profile", tuple(PROFILES)),
        _folder("fail-on", Kind.WORD, "What counts as failed.", "--fail-on", SEVERITY_WORDS),
        _folder("since", Kind.NUMBER, "The age of releases that are judged.", "--since"),
        _folder("severities", Kind.SEVERITIES, "Another severity for a check.", ""),
        _folder("waivers", Kind.WAIVERS, "Findings that are accepted; a folder proposes.", ""),
        _own("ignore", Kind.WORDS, "Not these checks."),
        _own("allow-unknown", Kind.WORDS, "What may stay unknown."),
        _own("targets", Kind.WORDS, "What is looked at.", option="TARGET"),
        _own("include-repositories", Kind.WORDS, "Only these.", option="--include"),
        _own("exclude-repositories", Kind.WORDS, "Not these.", option="--exclude"),
        _own("archived", Kind.SWITCH, "Archived repositories, too."),
        _own("local", Kind.SWITCH, "This machine, too."),
        _own("network-lookups", Kind.SWITCH, "Mail domains are looked up.", Guard.ADDRESS),
        _own("depth", Kind.WORD, "How deep to ask.", words=tuple(map(str, Depth))),
        _own("rate-budget", Kind.WORD, "Requests an hour."),
        _own("max-wait", Kind.NUMBER, "Seconds of a rate limit that are waited out."),
        _own("workers", Kind.NUMBER, "Requests at once."),
        _own("cache", Kind.SWITCH, "Whether answers are kept."),
        _own("format", Kind.WORD, "The form of the result."),
        _own("quiet", Kind.SWITCH, "The findings alone."),
        _own("output", Kind.WORD, "The file of the result.", Guard.OUTPUT),
        _own("github-url", Kind.WORD, "GitHub's address.", Guard.ADDRESS),
        _own("npm-registry", Kind.WORD, "The registry's address.", Guard.ADDRESS),
        _own("ca-file", Kind.WORD, "The authorities to trust.", Guard.CERTIFICATES),
        _own("sigstore-trust-root", Kind.WORD, "What proves provenance.", Guard.CERTIFICATES),
        _own("token-file", Kind.WORDS, "Files of tokens.", Guard.CREDENTIAL),
        _own("use-gh", Kind.SWITCH, "gh is asked for its token.", Guard.CREDENTIAL),
        _own("app-id", Kind.NUMBER, "The GitHub App that asks.", Guard.CREDENTIAL),
        _own("app-key", Kind.WORD, "The file of its key.", Guard.CREDENTIAL),
        _own("as", Kind.WORD, "Whose the token must be.", Guard.CREDENTIAL),
        _token("github"),
        _token("npm"),
        _run("token-stdin", Kind.WORD, "A token comes by standard input.", Guard.CREDENTIAL),
        _run("host", Kind.WORD, "Whose token is stored or removed.", Guard.ADDRESS),
        _run("owner", Kind.WORD, "Whose things a token is for.", Guard.CREDENTIAL),
        _run("read-only", Kind.SWITCH, "A read-only token is asked for.", Guard.CREDENTIAL),
        _run("expires-in", Kind.NUMBER, "How long a new token lives.", Guard.CREDENTIAL),
        _run("interactive", Kind.SWITCH, "Somebody is there to be asked.", Guard.CREDENTIAL),
        _run("offline", Kind.SWITCH, "Nobody is asked."),
        _run("debug", Kind.SWITCH, "What is asked and answered is told."),
        _run("member", Kind.WORD, "Whom the checklist is for."),
        _run("plan", Kind.SWITCH, "The plan alone."),
        _run("save-facts", Kind.WORD, "The file of what was read.", Guard.OUTPUT),
        _run("from-facts", Kind.WORD, "A file of what was read.", Guard.FILE),
        _run("resume", Kind.SWITCH, "Go on with a run that was stopped."),
    )
}
"""The settings by name."""
