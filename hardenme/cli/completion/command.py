"""`hardenme completion`: what a shell needs to complete codes and options.

The script asks hardenme for each word. It is printed and never installed: a user's own files are
theirs to edit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from hardenme.cli.completion.last_run import BY_COMMAND, FromRun, offered
from hardenme.cli.completion.words import BY_ARGUMENT, BY_OPTION, Offers
from hardenme.cli.terminal.console import Console

VARIABLE = "_HARDENME_COMPLETE"
"""By this the script asks; typer reads it."""
SHORT = "Print a shell script that completes codes, steps and options."
HELP = """\
Print a script that completes commands, options, codes and families. It installs nothing.

\b
eval "$(hardenme completion bash)"                 in ~/.bashrc
eval "$(hardenme completion zsh)"                  in ~/.zshrc, after compinit
hardenme completion fish > ~/.config/fish/completions/hardenme.fish

Then `hardenme explain GHA` and the tab key lists the checks of your GitHub account. `fix`, `show`,
`waive add` and `attest` complete steps, checks and subjects of the last run. Completion sends no
request: names of accounts and packages are not looked up.
"""
EPILOG = "Exit codes: 0 printed, 2 usage."

BASH = """\
_hardenme() {
  local IFS=$' \\t\\n' line=${COMP_LINE:0:COMP_POINT} last=0
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  last=$((${#words[@]} - 1))
  local word=${words[last]}
  IFS=$'\\n'
  COMPREPLY=($(COMP_WORDS="$line" COMP_CWORD=$last VARIABLE=complete_bash "$1" 2>/dev/null))
  # Readline takes what stands behind the last colon, or the last @, for the whole word.
  local mark before='' cut
  for mark in : @; do
    cut=${word%"${word##*"$mark"}"}
    [[ $COMP_WORDBREAKS == *"$mark"* && ${#cut} -gt ${#before} ]] && before=$cut
  done
  COMPREPLY=("${COMPREPLY[@]#"$before"}")
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[:/] ]] && compopt -o nospace
  return 0
}
complete -o default -F _hardenme hardenme
"""
ZSH = """\
#compdef hardenme
_hardenme() {
  local line
  local -a lines words_found shown
  lines=("${(@f)$(_TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" \\
    _TYPER_COMPLETE_FISH_ACTION=get-args VARIABLE=complete_fish "${words[1]}" 2>/dev/null)}")
  for line in $lines; do
    words_found+=("${line%%$'\\t'*}")
    shown+=("${line/$'\\t'/  }")
  done
  if (( ! $#words_found )); then
    _files
  elif [[ $#words_found -eq 1 && $words_found[1] == *[:/] ]]; then
    compadd -S '' -a words_found
  else
    compadd -l -d shown -a words_found
  fi
}
compdef _hardenme hardenme
"""
FISH = """\
function __hardenme_words
  set -lx VARIABLE complete_fish
  set -lx _TYPER_COMPLETE_ARGS (commandline -cp)
  _TYPER_COMPLETE_FISH_ACTION=$argv[1] hardenme 2>/dev/null
end
complete --command hardenme --no-files --condition '__hardenme_words is-args' \\
  --arguments '(__hardenme_words get-args)'
"""
SCRIPTS = {
    shell: text.replace("VARIABLE", VARIABLE)
    for shell, text in (("bash", BASH), ("zsh", ZSH), ("fish", FISH))
}
"""What each shell reads once. Bash breaks words at colons, of which targets have one."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word to offer, in the form that typer hands on.

    Attributes:
        value: the word.
        help: what it means; None for nothing.
        type: by which a shell would look for files instead; it never does.
    """

    value: str
    help: str | None
    type: str = "plain"


def command(
    context: typer.Context,
    shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")],
) -> int:
    """Print the script of a shell."""
    console: Console = context.obj
    if shell not in SCRIPTS:
        console.say(f"SHELL is one of {', '.join(SCRIPTS)}; not {shell!r}")
        return 2
    console.print(SCRIPTS[shell])
    return 0


def prepare(command: Any) -> None:
    """Have typer answer what a shell asks, with the words that are ours to offer."""
    from typer import _completion_classes as classes  # noqa: PLC0415 (start-up is a feature)

    # It would load rich to take markup out of descriptions, which have none.
    classes._sanitize_help_text = lambda text: text  # noqa: SLF001
    classes.completion_init()
    for name, parameter in _parameters(command):
        offers, from_run = _offers(parameter), BY_COMMAND.get((name, parameter.name))
        if from_run is not None:
            parameter.shell_complete = _from_run(from_run)
        elif offers is not None:
            parameter.shell_complete = _completer(offers)


def _parameters(command: Any) -> Iterator[tuple[str, Any]]:
    """All parameters, each with the name of its command."""
    yield from ((command.name, parameter) for parameter in command.params)
    for inner in getattr(command, "commands", {}).values():
        yield from _parameters(inner)


def _offers(parameter: Any) -> Offers | None:
    if parameter.param_type_name == "argument":
        return BY_ARGUMENT.get((parameter.metavar or "").strip("[]."))
    return next((BY_OPTION[name] for name in parameter.opts if name in BY_OPTION), None)


def _completer(offers: Offers) -> Any:
    def words(_: Any, incomplete: str) -> list[Word]:
        return [Word(word, text or None) for word, text in offers(incomplete)]

    return words


def _from_run(source: FromRun) -> Any:
    def words(context: Any, incomplete: str) -> list[Word]:
        found = offered(source, context.params, incomplete)
        return [Word(word, text or None) for word, text in found]

    return words
