_hardenme() {
  local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT} last=0
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  last=$((${#words[@]} - 1))
  local word=${words[last]} found
  COMPREPLY=()
  while IFS= read -r found; do
    [[ -z $found ]] || COMPREPLY+=("$found")
  done <<<"$(COMP_WORDS="$line" COMP_CWORD=$last _HARDENME_COMPLETE=complete_bash "$1" 2>/dev/null)"
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
