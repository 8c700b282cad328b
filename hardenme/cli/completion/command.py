"""`hardenme completion`: what a shell needs to complete codes and options.

The script asks hardenme for each word. It is printed and never installed: a user's own files are
theirs to edit.
"""

from __future__ import annotations

from hardenme.cli.completion import VARIABLE
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import PanelCommand
from hardenme.config.option import text
from hardenme.ground.errors import UsageError

HELP = """\
Print a script that completes commands, options, codes and families. It installs nothing.

\b
eval "$(hardenme completion bash)"                 in ~/.bashrc
eval "$(hardenme completion zsh)"                  in ~/.zshrc, after compinit
hardenme completion fish > ~/.config/fish/completions/hardenme.fish

Then `hardenme explain GHA` and the tab key lists the checks of your GitHub account. It reads no
kept run and sends no request: names of accounts and packages are not looked up.
"""
EPILOG = "Exit codes: 0 printed, 2 usage."

BASH = """\
_hardenme() {
  local IFS=$' \\t\\n' line=${COMP_LINE:0:COMP_POINT} last=0
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  last=$((${#words[@]} - 1))
  local word=${words[last]} found
  COMPREPLY=()
  while IFS= read -r found; do
    [[ -z $found ]] || COMPREPLY+=("$found")
  done <<<"$(COMP_WORDS="$line" COMP_CWORD=$last VARIABLE=complete_bash "$1" 2>/dev/null)"
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
# In a folder of zsh's own completions, this file is the function, and was called to complete.
[[ "$funcstack[1]" != _hardenme ]] || _hardenme "$@"
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
SHELL = text("shell", "bash, zsh or fish.", spelled="SHELL", required=True, offers="shells")


def completion(given: OptionValues) -> int:
    """Print the script of a shell."""
    console, shell = given.console, given[SHELL]
    if shell not in SCRIPTS:
        raise UsageError(f"SHELL is one of {', '.join(SCRIPTS)}; not {shell!r}")
    console.print(SCRIPTS[shell])
    return 0


COMMAND = PanelCommand("completion", completion, SHELL, help=HELP, epilog=EPILOG)
