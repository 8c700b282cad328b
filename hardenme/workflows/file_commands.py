"""Commands that do with files what their options say: which of their forms run none of them.

A form that is not listed here may run a file; what is known to run one is certain.

Sources: the manual pages of GNU's and BSD's programs (`tar --to-command`, `sed e`, `awk -f`, `find
-exec`, `zip -TT`), of apt (a package by its path), brew (`bundle`), git (`apply`, hooks and `-c`),
and the references of `gh`, `gcloud`, `aws` and `az`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hardenme.workflows.level import Level

PRINT = "echo printf true false : date uname id whoami pwd which type command read wait sleep"
LOOK = """
    ls cat head tail grep egrep fgrep cut tr sort uniq wc diff cmp comm paste nl rev column stat
    file du df jq yq sha256sum sha1sum md5sum base64 basename dirname realpath expr seq numfmt test
    [ [[ ]] ] mapfile readarray write-host write-output
"""
PLACE = "mkdir touch cp mv rm ln chmod tee cd pushd popd gzip gunzip unzip curl wget"
SHELL = """
    exit set unset export declare local readonly return shift if then else elif fi for do done while
    until case esac in function { } ( ) ! break continue let
"""
HARMLESS = {
    name: reason
    for names, reason in (
        (PRINT, "prints or waits"),
        (LOOK, "reads, compares or counts what files hold"),
        (PLACE, "puts files somewhere, or fetches them"),
        (SHELL, "is of the shell's own grammar"),
    )
    for name in names.split()
}
"""Programs of which no option runs a file, each with what they do."""

GIT = frozenset(
    """
    add branch cat-file checkout clean clone commit config describe diff diff-index fetch
    for-each-ref init log ls-files ls-remote merge merge-base mv pull push remote reset restore
    rev-list rev-parse rm show show-ref sparse-checkout stash status switch symbolic-ref tag
    update-index worktree
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
"""Commands of git that move commits and files."""
GH = frozenset(
    [
        "api",
        "auth",
        "cache",
        "issue",
        "label",
        "pr",
        "project",
        "release",
        "repo",
        "run",
        "search",
        "secret",
        "variable",
    ]
)
"""Commands of gh that ask GitHub."""
GIT_RUNS = re.compile(r"(?i:core\.(?:hookspath|fsmonitor|sshcommand)|alias\.|filter\.)")
"""Settings of git that name programs."""
CLOUD = {
    "gcloud": (
        frozenset({"auth", "config", "info", "storage", "secrets", "version", "artifacts"}),
        re.compile(r"(?:builds submit|(?:app|functions|run) deploy|run jobs deploy)\b.*"),
    ),
    "aws": (
        frozenset(
            {"s3", "s3api", "sts", "ecr", "configure", "cloudfront", "secretsmanager", "ssm"}
        ),
        re.compile(r"(?:codebuild start-build|cloudformation package)\b.*"),
    ),
    "az": (
        frozenset({"login", "logout", "account", "storage", "keyvault", "version"}),
        re.compile(r"(?:acr build|webapp up|functionapp deploy)\b.*"),
    ),
}
"""Commands of clouds that move data and ask who one is, and those that build or run a folder."""
TAR_RUNS = re.compile(
    r"--(?:to-command|use-compress-program|checkpoint-action|rsh-command|info-script"
    r"|new-volume-script|rmt-command)(?:=.*)?|-\w*[IF]\w*"
)
PACKAGE_FILE = re.compile(r"\.{0,2}/.*|.*\.(?:deb|rpm|apk)|.*[$*].*")
"""What apt and others install from a file, or may: a variable or a pattern can name one."""
SED_RUNS = re.compile(r"(?:^|[;{}]|/)\s*e(?:\s|$)|/[gpimIM0-9]*e[gpimIM0-9]*(?:[;}\s]|$)")
"""A script of sed with its command `e`, or that flag of `s`."""


def runs_files(name: str, words: Sequence[str]) -> Level:
    """How surely a command runs a file.

    Args:
        name: of its program.
        words: behind that, without quotes.
    """
    judge = FORMS.get(name)
    if judge is not None:
        return judge(words)
    return Level.NO if name in HARMLESS else Level.MAYBE


def put_on_path(script: str) -> bool:
    """Whether a script has programs looked for, or loaded, from a folder of its own choice."""
    named = ("".join(found.groups("")) for found in ON_PATH.finditer(script))
    folders = (part.strip("\"' ") for text in named for part in text.split(":"))
    return any(not OWN_FOLDER.fullmatch(one) for one in folders) or bool(LOADED.search(script))


ON_PATH = re.compile(
    r"^[^\S\n]*(?:echo|printf)[^\S\n]+([^\n|;&>]*)>>[^\n]*\bGITHUB_PATH\b"
    r"|(?:^|[\s;&])PATH=[\"']?([^\s;&]*)",
    re.MULTILINE,
)
OWN_FOLDER = re.compile(
    r"|\$\{?PATH\}?|(?:\$\{?HOME\}?|~|/usr|/opt|\$\{?RUNNER_TOOL_CACHE\}?)(?:/[^$]*)?"
)
"""A folder of the runner's own, which holds no repository and no artifact."""
LOADED = re.compile(
    r"\b(?:LD_PRELOAD|LD_LIBRARY_PATH|DYLD_\w+|BASH_ENV|NODE_OPTIONS|PYTHONPATH|PERL5OPT|RUBYOPT"
    r"|GIT_SSH_COMMAND)=[\"']?[^\"'\n;&]*[./]"
)
"""Variables by which every program after loads or runs something."""


def _operands(words: Sequence[str]) -> list[str]:
    return [word for word in words if not word.startswith("-")]


def _awk(words: Sequence[str]) -> Level:
    if any(re.fullmatch(r"-(?:f|E|l|i).*|--(?:file|exec|load|include)(?:=.*)?", w) for w in words):
        return Level.YES
    return Level.MAYBE if "system(" in " ".join(words) else Level.NO


def _sed(words: Sequence[str]) -> Level:
    if any(re.fullmatch(r"-\w*f|--file(?:=.*)?", word) for word in words):
        return Level.YES
    return Level.MAYBE if SED_RUNS.search(" ".join(words)) else Level.NO


def _tar(words: Sequence[str]) -> Level:
    return Level.YES if any(map(TAR_RUNS.fullmatch, words)) else Level.NO


def _find(words: Sequence[str]) -> Level:
    return Level.YES if {"-exec", "-execdir", "-ok", "-okdir"} & set(words) else Level.NO


def _zip(words: Sequence[str]) -> Level:
    return Level.YES if {"-TT", "--unzip-command"} & set(words) else Level.NO


def _git(words: Sequence[str]) -> Level:
    rest = list(words)
    while rest and rest[0].startswith("-"):
        option = rest.pop(0).partition("=")[0]
        if option in {"-c", "--exec-path", "--config-env"}:
            return Level.YES
        if option in {"-C", "--git-dir", "--work-tree"}:
            # The settings of another folder may name programs.
            return Level.MAYBE
    verb = rest[0] if rest else "status"
    if verb in {"apply", "am", "bisect", "submodule", "rebase", "lfs"}:
        return Level.YES if verb in {"apply", "am"} or "foreach" in rest else Level.MAYBE
    if verb == "config" and any(map(GIT_RUNS.match, rest)):
        return Level.YES
    return Level.NO if verb in GIT else Level.MAYBE


def _gh(words: Sequence[str]) -> Level:
    verb, *rest = [*_operands(words), ""]
    if verb == "extension":
        return Level.YES if rest[:1] in (["install"], ["exec"]) else Level.MAYBE
    return Level.NO if verb in {*GH, ""} else Level.MAYBE


def _apt(words: Sequence[str]) -> Level:
    if "-o" in words or any(word.startswith("-o") for word in words):
        return Level.MAYBE
    named = _operands(words)[1:]
    return Level.YES if any(map(PACKAGE_FILE.fullmatch, named)) else Level.NO


def _brew(words: Sequence[str]) -> Level:
    verb, *named = [*_operands(words), ""]
    if verb == "bundle" or any(re.fullmatch(r"\.{0,2}/.*|.*\.rb", one) for one in named):
        return Level.YES
    return Level.NO if verb in {"install", "update", "upgrade", "list", "info", ""} else Level.MAYBE


def _cloud(name: str) -> Callable[[Sequence[str]], Level]:
    data, runs = CLOUD[name]

    def judge(words: Sequence[str]) -> Level:
        named = _operands(words)
        if runs.fullmatch(" ".join(named)):
            return Level.YES
        return Level.NO if named[:1] and named[0] in data else Level.MAYBE

    return judge


def _trap(words: Sequence[str]) -> Level:
    return Level.MAYBE if "/" in " ".join(words) else Level.NO


FORMS: dict[str, Callable[[Sequence[str]], Level]] = {
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _awk),
    **dict.fromkeys(("sed", "gsed"), _sed),
    **dict.fromkeys(("tar", "bsdtar", "gtar"), _tar),
    **dict.fromkeys(("apt", "apt-get", "aptitude", "dnf", "yum", "apk", "zypper"), _apt),
    **{name: _cloud(name) for name in CLOUD},
    "brew": _brew,
    "find": _find,
    "gh": _gh,
    "git": _git,
    "hub": _git,
    "trap": _trap,
    "zip": _zip,
}
"""Programs of which some forms run files."""
