"""What programs do with a text that they are given: which take it as data, and which run it.

Sources: the manual pages of the programs; bash's on arithmetic, `eval`, `source`, `test -v` and
`${!name}`; https://git-scm.com/docs/git (`-c`), the documentation of `npm exec` (`-c`),
https://www.gnu.org/software/sed/manual/sed.html (`e`), the POSIX text of `awk` (`system`).
"""

from __future__ import annotations

import re

PRINTS = "echo printf : true false cat tac nl rev column fold fmt write-host write-output logger"
READS = """
    ls grep egrep fgrep head tail cut tr sort uniq wc tee diff cmp comm paste join stat file du df
    sha256sum sha1sum md5sum shasum base64 basename dirname realpath readlink date expr seq sleep
    test [ case in esac for select jq read mapfile readarray which type pwd numfmt od xxd strings
"""
MOVES = "mkdir touch cp mv rm rmdir ln chmod cd pushd popd unzip gzip gunzip"
SENDS = "curl wget gh hub http slack"
FLOW = "exit return shift set unset if then else elif fi do done while until { } ! break continue"
DATA = {
    name: reason
    for names, reason in (
        (PRINTS, "prints its arguments or its input"),
        (READS, "reads, compares or counts its arguments, its input and files"),
        (MOVES, "takes its arguments as names of files"),
        (SENDS, "sends its arguments or its input to a server"),
        (FLOW, "is of the shell's own grammar, or takes numbers and options"),
    )
    for name in names.split()
}
"""Programs that take text as data, each with what they do with it."""
LEADING = frozenset({"curl", "find", "rg", "scp", "sort", "tar", "wget", "zip"})
"""Programs with options that run something: a text must be neither one nor what follows one."""
DATA_OPTIONS = {
    "curl": frozenset(
        """
        -A -d -F -H -u -X --data --data-ascii --data-binary --data-raw --data-urlencode --form
        --form-string --header --json --request --user --user-agent
        """.split()  # noqa: SIM905 (the same)
    ),
    "git": frozenset({"--author", "--branch", "--depth", "--format", "--message", "-b", "-m"}),
    "wget": frozenset({"--header", "--post-data", "--user-agent"}),
}
"""Options of them, and of git, whose words are data."""
SHELLS = frozenset({"bash", "sh", "zsh", "dash", "ksh", "ash", "fish"})
WINDOWS = frozenset({"cmd", "powershell", "pwsh"})
INTERPRETERS = frozenset(
    "python python2 python3 node nodejs perl ruby php lua deno bun rscript osascript tclsh".split()  # noqa: SIM905 (words, not a list of strings)
)
CODE = re.compile(r"-\w*[ceEpr]|--eval|--print|--command|eval")
EVALUATES = frozenset(
    """
    eval iex invoke-expression source . trap alias let parallel watch at batch ssh su runuser
    """.split()  # noqa: SIM905 (the same)
)
"""What runs its arguments: the shell's own, and programs that hand them to a shell."""
RUNS_INPUT = frozenset("at batch parallel ssh iex invoke-expression".split())  # noqa: SIM905 (the same)
WRAPPERS = frozenset(
    """
    sudo time nohup env command exec builtin nice stdbuf timeout then else do if elif while
    until ! {
    """.split()  # noqa: SIM905 (the same)
)
"""Commands that take another command as their arguments."""
OPTIONS_OF = {
    "sudo": frozenset({"-u", "-g", "-h", "-p", "-C", "-T", "-D", "-R"}),
    "env": frozenset({"-u", "-C"}),
    "exec": frozenset({"-a"}),
    "nice": frozenset({"-n"}),
    "stdbuf": frozenset({"-i", "-o", "-e"}),
    "timeout": frozenset({"-s", "-k"}),
}
"""Options of them with a word of their own."""
VALUE = re.compile(r"[A-Za-z_][\w.]*(?:\[[^]]*\])?\+?=")
DECLARES = frozenset("export declare typeset local readonly env".split())  # noqa: SIM905 (the same)
RUN_BY_VARIABLE = re.compile(
    r"(?:BASH_ENV|ENV|PATH|LD_\w+|DYLD_\w+|NODE_OPTIONS|PERL5OPT|RUBYOPT|PYTHON(?:STARTUP|PATH)"
    r"|PROMPT_COMMAND|PS4|GIT_\w+|SHELL|(?:GH_)?(?:EDITOR|PAGER|BROWSER)|VISUAL|MAKEFLAGS|LESSOPEN"
    r"|(?:_JAVA|JAVA_TOOL|JDK_JAVA)_OPTIONS|(?:MAVEN|GRADLE|SBT)_OPTS|CLASSPATH|NODE_PATH|PERL5LIB"
    r"|RUBYLIB|GOFLAGS|CC|CXX|RUSTC|RUSTC_\w+|(?:npm_config|NPM_CONFIG|PIP|UV|CARGO|BUNDLE)_\w+"
    r"|SSH_ASKPASS|HOME|ZDOTDIR)\+?="
)
"""Environment variables that make programs run something."""
NUMBERS = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-v"})
"""What has `[[` compute a value, and `-v` everywhere; bash runs the substitutions in it."""
GIT_DATA = frozenset(
    """
    add branch cat-file checkout cherry-pick commit describe diff for-each-ref log ls-files merge
    notes remote reset restore rev-list rev-parse show show-ref status switch tag update-ref
    """.split()  # noqa: SIM905 (the same)
)
"""Commands of git whose arguments are names, messages and paths."""
GIT_REMOTE = frozenset({"clone", "fetch", "ls-remote", "pull", "push"})
"""Those with an option that names a program of the other side."""
CONTAINER_DATA = re.compile(r"(?:-e|--env|-t|--tag|--label|-l|--name)(?:=.*)?")
