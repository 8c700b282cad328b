#compdef hardenme
_hardenme() {
  local line
  local -a lines words_found shown
  lines=("${(@f)$(_TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" \
    _TYPER_COMPLETE_FISH_ACTION=get-args _HARDENME_COMPLETE=complete_fish "${words[1]}" 2>/dev/null)}")
  for line in $lines; do
    words_found+=("${line%%$'\t'*}")
    shown+=("${line/$'\t'/  }")
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
