"""Programs of scripts, each with the forms of it that are known to change nothing about installing.

A form is known if it runs no program that the script does not name, and writes no file by which a
package manager decides. A program or an option that is not listed counts as not read.

Sources: the manual pages of GNU's and BSD's programs, of bash, git, curl, wget and apt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from hardenme.exposure.known_paths import ENDING, is_writable, removes_no_lock
from hardenme.facts.npm.workspaces import MODULES

PRINT = """
    : [[ arch b2sum basename break cat cmp comm continue cut df diff dirname do done du
    echo egrep else esac exit expr false fgrep fi fold free grep groups head hostname id jq kill ls
    lsb_release md5sum nl nproc od paste popd printenv ps pwd readlink realpath return rev seq
    sha1sum sha256sum sha512sum shasum shift sleep stat strings sw_vers sync tac tail then tr
    true type umask uname uptime wait wc which whoami } ]] ]
"""
"""What prints, waits or is of the shell's grammar, whatever its options are."""
TOOLS = """
    actionlint ava biome cosign esbuild eslint jest mocha oxlint prettier rollup shellcheck
    stylelint tap tsc vite vitest webpack zizmor
"""
"""Compilers, linters and test programs: what they run is what was installed."""
INSTALLING = frozenset(
    {"--init", "create", "generate", "init", "install", "loader", "migrate", "plugin", "serve"}
)
"""Words by which some of them install packages: `eslint --init`, `tap plugin`, `webpack serve`."""
EVALUATED = re.compile(r"\[.*(?:\$\(|`)", re.DOTALL)
"""An index of a list with a command in it, which `test -v` and `unset` run, whatever its quotes."""
PACKAGE_OF_SYSTEM = re.compile(
    r"(?!node|npm|yarn|pnpm|bun|corepack)[a-z0-9][a-z0-9.+-]*(?::[a-z0-9]+)?(?:=[\w.:~+*-]+)?"
)
"""A package other than one that brings Node.js or a client, of whichever version."""
SORTS = re.compile(
    r"-[bdfgiMhnRrVcCmsuz]+|-[kt].*|--(?:reverse|unique|[a-z]+-sort|zero-terminated)"
)
NO_PROGRAM_OF_AWK = re.compile(r"(?:(?!\b(?:system|getline)\b)[^|>@])*", re.DOTALL)
SED_PLACE = r"(?:\d+|\$|/(?:[^/\\]|\\.)*/)"
SED = re.compile(
    rf"(?:(?:{SED_PLACE}(?:,{SED_PLACE})?)?\s*!?\s*(?:[pdq=]"
    r"|s([/|#,@:~])(?:(?!\1)[^\\]|\\.)*\1(?:(?!\1)[^\\]|\\.)*\1[gpI\d]*)\s*(?:;\s*|\n\s*|$))+"
)
FINDS = frozenset(
    """
    ! ( ) , -a -and -anewer -cmin -ctime -daystart -depth -empty -executable -false -follow -group
    -iname -ipath -iregex -links -maxdepth -mindepth -mmin -mount -mtime -name -newer -not -o -or
    -path -perm -print -print0 -printf -prune -quit -readable -regex -regextype -size -true -type
    -user -writable -xdev -H -L -P
    """.split()  # noqa: SIM905 (words, not a list of strings)
)
CURLS = re.compile(
    r"-[sSfLkvigIX#]+|--(?:silent|show-error|fail(?:-with-body)?|location|insecure|compressed|head"
    r"|retry(?:-[a-z-]+)?|request|header|data(?:-raw|-binary|-urlencode)?|user|form|max-time|url"
    r"|connect-timeout|write-out|proto|tlsv1\.\d|http1\.1|oauth2-bearer|get|json)(?:=.*)?"
    r"|-[HdumFwAbG]|-X\w+"
)
WGETS = re.compile(
    r"-(?:q|nv|c|S)|--(?:quiet|no-verbose|continue|https-only|tries=\d+|timeout=\d+)"
)
OUTPUT = frozenset({"-o", "--output", "-O", "--output-document"})
APT = frozenset({"update", "install", "upgrade", "remove", "autoremove", "clean", "purge"})
APT_SWITCH = re.compile(
    r"-(?:y|q+|f|yq+)|--(?:yes|quiet|no-install-recommends|fix-missing|fix-broken|assume-yes)"
)
SETS = re.compile(r"[-+][eEufxvhC]*o?|pipefail|errexit|nounset|xtrace|noglob|noclobber|verbose")
SHOPTS = frozenset({"-s", "-u", "-q", "dotglob", "extglob", "failglob", "globstar"}) | frozenset(
    {"inherit_errexit", "lastpipe", "nocaseglob", "nocasematch", "nullglob"}
)
NAME = re.compile(r"[A-Za-z_]\w*")
COMPARES = re.compile(r"|\]|==?|!=|<|>|=~|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef|a|o)")
"""What follows the first word of a test that is a value."""
PACKAGE_FIELD = re.compile(r"""require\(["']\./package\.json["']\)(?:\.\w+)*""")
RUNTIME = (["--version"], ["-v"], ["--help"])
Form = Callable[[Sequence[str], frozenset[str]], bool]
"""From the words after a program, without quotes, and names of folders with packages, to whether
that is known."""


def _options(words: Sequence[str]) -> list[str]:
    return [word for word in words if word.startswith("-") and word != "-"]


def _operands(words: Sequence[str]) -> list[str]:
    return [word for word in words if not word.startswith("-") or word == "-"]


def _prints(words: Sequence[str], _folders: frozenset[str]) -> bool:
    return not any(map(EVALUATED.search, words))


def _always(_words: Sequence[str], _folders: frozenset[str]) -> bool:
    return True


def _printf(words: Sequence[str], _folders: frozenset[str]) -> bool:
    # Only its first word can be an option: `-v` sets a variable, and computes the index of a list.
    return not any(word.startswith(("-", "$", "`")) for word in words[:1])


def _unsets(words: Sequence[str], _folders: frozenset[str]) -> bool:
    return all(map(NAME.fullmatch, words)) or (words[:1] == ["-f"] and _unsets(words[1:], _folders))


def _compares(words: Sequence[str], _folders: frozenset[str]) -> bool:
    """A test. After `-v` comes a name, and an operator is one that is written."""
    rest = list(words)
    while rest[:1] == ["!"]:
        rest = rest[1:]
    hidden = (
        rest[:1] and rest[0].startswith(("$", "`")) and not COMPARES.fullmatch("".join(rest[1:2]))
    )
    variable = any(a in {"-v", "-R"} and not NAME.fullmatch(b) for a, b in pairwise(rest))
    return not hidden and not variable and _prints(words, _folders)


def _encodes(words: Sequence[str], folders: frozenset[str]) -> bool:
    """What BSD's writes, it names; others take no such option."""
    known = all(re.fullmatch(r"-[dDiow]\d*|--(?:decode|wrap=\d+)", one) for one in _options(words))
    targets = [b for a, b in pairwise(words) if a == "-o"]
    return known and all(is_writable(one, folders) for one in targets)


def _tool(words: Sequence[str], _folders: frozenset[str]) -> bool:
    # A word with a space may be a command that the tool is to run.
    return not any(map(str.isspace, "".join(words))) and INSTALLING.isdisjoint(words)


def _sorts(words: Sequence[str], _folders: frozenset[str]) -> bool:
    return all(map(SORTS.fullmatch, _options(words)))


def _one_file(words: Sequence[str], _folders: frozenset[str]) -> bool:
    """What writes its second file."""
    return len(_operands(words)) <= 1 and not any("r" in word for word in _options(words))


def _awk(words: Sequence[str], _folders: frozenset[str]) -> bool:
    options = [word for word in _options(words) if not re.match(r"-F|-v", word)]
    return not options and all(map(NO_PROGRAM_OF_AWK.fullmatch, words))


def _sed(words: Sequence[str], folders: frozenset[str]) -> bool:
    options = _options(words)
    if not all(
        re.fullmatch(r"-[nErsz]+|-i[.\w]*|-e|--quiet|--regexp-extended", o) for o in options
    ):
        return False
    rest = _operands(words)
    if "-e" in options:
        at = [n + 1 for n, word in enumerate(words) if word == "-e"]
        scripts = [words[n] for n in at if n < len(words)]
        files = [word for word in rest if word not in scripts]
    else:
        # BSD's takes the ending of a copy after -i.
        rest = [word for word in rest if word]
        scripts, files = rest[:1], rest[1:]
    in_place = any(re.match(r"-\w*i", one) for one in options)
    return all(map(SED.fullmatch, scripts)) and (
        not in_place or all(is_writable(one, folders) for one in files)
    )


def _yq(words: Sequence[str], folders: frozenset[str]) -> bool:
    options = _options(words)
    if not all(
        re.fullmatch(r"-[reiPnMjo0]+|-[op]=?\w+|--raw-output|--inplace", o) for o in options
    ):
        return False
    in_place = any(re.match(r"-\w*i|--inplace", one) for one in options)
    return not in_place or all(is_writable(one, folders) for one in _operands(words)[1:])


def _find(words: Sequence[str], _folders: frozenset[str]) -> bool:
    return all(word in FINDS or re.fullmatch(r"-\d+", word) for word in _options(words))


def _curl(words: Sequence[str], folders: frozenset[str]) -> bool:
    return _fetches(words, folders, CURLS, named=("-O", "--remote-name"))


def _wget(words: Sequence[str], folders: frozenset[str]) -> bool:
    return _fetches(words, folders, WGETS, named=())


def _fetches(
    words: Sequence[str], folders: frozenset[str], known: re.Pattern[str], named: tuple[str, ...]
) -> bool:
    """Whether a download goes to a file that decides nothing, by options that are known."""
    rest, taken = list(words), False
    formats = [b for a, b in pairwise(words) if a == "-w"]
    formats += [word for word in words if word.startswith("--write-out")]
    if any("%output" in word for word in words) or any("$" in one or "`" in one for one in formats):
        # `--write-out` can name a file.
        return False
    while rest:
        word = rest.pop(0)
        flag, _, value = word.partition("=")
        cluster = re.fullmatch(r"-([a-zA-Z]*)([oO])", word)
        plain = cluster is not None and (not cluster[1] or known.fullmatch(f"-{cluster[1]}"))
        if word in named or (plain and named and word.endswith("O")):
            continue
        if flag in OUTPUT or plain:
            target = value or (rest.pop(0) if rest else "")
            taken = True
            if target != "-" and not is_writable(target, folders):
                return False
        elif word.startswith("-") and word != "-" and not known.fullmatch(word):
            return False
    addresses = [word for word in words if "/" in word]
    by_address = set(named) & set(words) or any(word.endswith("O") for word in _options(words))
    return (taken and not (named and by_address)) or all(
        is_writable(one.rpartition("/")[2] or "index", folders) for one in addresses
    )


def _apt(words: Sequence[str], _folders: frozenset[str]) -> bool:
    verb, *named = [*_operands(words), ""]
    return (
        verb in APT
        and all(map(APT_SWITCH.fullmatch, _options(words)))
        and all(map(PACKAGE_OF_SYSTEM.fullmatch, filter(None, named)))
    )


def _writes(words: Sequence[str], folders: frozenset[str]) -> bool:
    return all(is_writable(one, folders) for one in _operands(words))


def _removes(words: Sequence[str], folders: frozenset[str]) -> bool:
    return all(removes_no_lock(one, folders) for one in _operands(words))


def _copies(words: Sequence[str], folders: frozenset[str]) -> bool:
    """A copy of named files, or of folders without packages, to where none are."""
    if not all(
        re.fullmatch(r"-[rRafvpPLnTus]+|--(?:recursive|force|verbose)", o) for o in _options(words)
    ):
        return False
    *sources, target = ["", *_operands(words)]
    if len(sources) < 2:  # noqa: PLR2004 (a source and its target)
        return False
    if target.startswith("/") and any(re.search("[rRa]", one) for one in _options(words)):
        # A folder there can have programs that are used.
        return False
    # With a slash behind it, BSD's copies what is in a folder.
    if any(one.endswith("/") or not removes_no_lock(one, folders) for one in sources[1:]):
        return False
    # What is in `node_modules` is run, and a file keeps its name in the folder it is put into.
    names = [one.rpartition("/")[2] for one in sources[1:]]
    if any(MODULES in one.casefold().split("/") for one in sources) or not all(
        ENDING.fullmatch(one) or is_writable(one, folders) for one in names
    ):
        return False
    return target in {".", "./", ".."} or is_writable(target, folders)


def _sets(words: Sequence[str], _folders: frozenset[str]) -> bool:
    plain = words[: list(words).index("--")] if "--" in words else words
    return all(map(SETS.fullmatch, plain))


def _shopt(words: Sequence[str], _folders: frozenset[str]) -> bool:
    return set(words) <= SHOPTS


def _node(words: Sequence[str], _folders: frozenset[str]) -> bool:
    field = words[:1] in (["-p"], ["--print"]) and len(words) == 2  # noqa: PLR2004 (it and its code)
    return list(words) in RUNTIME or (field and PACKAGE_FIELD.fullmatch(words[1]) is not None)


def _packs(words: Sequence[str], folders: frozenset[str]) -> bool:
    allowed = re.compile(
        r"-?[ctxzjvfJpPk]+|--(?:exclude=.*|exclude-vcs|create|list|extract|gzip|verbose|file=.*"
        r"|directory=.*|strip-components=\d+|no-same-owner|one-top-level=.*)|-C"
    )
    first = [*words[:1], *_options(words[1:])]
    return all(map(allowed.fullmatch, first)) and _archive(words, folders)


def _zips(words: Sequence[str], folders: frozenset[str]) -> bool:
    options = _options(words)
    return all(re.fullmatch(r"-[rqj0-9lotvnujdx]+", one) for one in options) and _archive(
        words, folders
    )


def _archive(words: Sequence[str], folders: frozenset[str]) -> bool:
    return all(is_writable(one, folders) for one in _operands(words) if one.endswith(("json", "c")))


def _compresses(words: Sequence[str], folders: frozenset[str]) -> bool:
    """What takes the place of the file that it is made of."""
    return all(
        re.fullmatch(r"-[cdfkltnqv0-9]+|--(?:keep|stdout|decompress|force|best|fast|list|test)", o)
        for o in _options(words)
    ) and _removes(words, folders)


WHATEVER = frozenset({"chmod", "chown", "chgrp", "date", "file", *PRINT.split()})
"""Programs of which no option, and no further word, changes a file or runs a program."""
ANY_OPTION = frozenset({"[", "test", "printf", "rm", "rmdir"})
"""Programs of which no option does so, or which look for options themselves."""
VALUES = {
    "curl": frozenset(
        """
        -A -F -H -X -b -d -m -u --data --data-binary --data-raw --data-urlencode --form --header
        --json --max-time --oauth2-bearer --request --retry --url --user
        """.split()  # noqa: SIM905 (words, not a list of strings)
    ),
    "tar": frozenset({"-cf", "-czf", "-cjf", "-cJf", "-cvf", "-cvzf", "cf", "czf", "cjf", "-f"}),
}
"""By program, options whose value is the next word, whatever that begins with."""
PROGRAM_TEXT = frozenset({"awk", "gawk", "mawk", "sed"})
"""Programs that take a program as a word."""
FORMS: dict[str, Form] = {
    **dict.fromkeys(PRINT.split(), _prints),
    **dict.fromkeys(TOOLS.split(), _tool),
    **dict.fromkeys(("awk", "gawk", "mawk"), _awk),
    **dict.fromkeys(("apt", "apt-get"), _apt),
    **dict.fromkeys(("chmod", "chown", "chgrp", "date", "file"), _always),
    **dict.fromkeys(("cp", "mv", "ln"), _copies),
    **dict.fromkeys(("mkdir", "mktemp", "tee", "touch"), _writes),
    **dict.fromkeys(("rm", "rmdir"), _removes),
    **dict.fromkeys(("[", "test"), _compares),
    **dict.fromkeys(("uniq", "xxd"), _one_file),
    **dict.fromkeys(("gzip", "gunzip", "xz", "unxz", "zstd", "unzstd"), _compresses),
    **dict.fromkeys(("zip", "unzip"), _zips),
    "base64": _encodes,
    "curl": _curl,
    "find": _find,
    "node": _node,
    "printf": _printf,
    "sed": _sed,
    "set": _sets,
    "shopt": _shopt,
    "sort": _sorts,
    "tar": _packs,
    "unset": _unsets,
    "wget": _wget,
    "yq": _yq,
}
