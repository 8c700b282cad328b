# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts

# approve: goes through what is staged, one version at a time
approve() {
  if [ ! -t 0 ] || [ ! -t 1 ]; then stop 'Approve at a terminal.'; fi
  command -v hardenme >/dev/null ||
    stop 'hardenme is missing: it judges each package before its version is approved.'
  take_row "$(head -n 1 "$work/all")"
  ask_npm "$package" stage list --json || stop "$(why)"
  read_answer staged <"$work/answer" >"$work/staged" || stop 'The list of npm was not understood.'
  while IFS="$tab" read -r id package number tag when actor <&3; do
    if awk -v name="$package" '$2 == name { found = 1 } END { exit !found }' "$work/all"; then
      offer
    else
      say "$package@$number: left out, it is not in the table"
    fi
  done 3<"$work/staged"
}

# offer: shows a version, and asks whether to approve it
offer() {
  say ''
  say "$package@$number, for the dist-tag $tag"
  say "  staged by $actor, $when"
  # It has the terminal: npm shows with 2FA alone which workflows can stage.
  hardenme check "npm:$package" --select REL,NPP112 --no-local --interactive -f json \
    >"$work/judged" || :
  if ! read_answer judged "$id" <"$work/judged" >"$work/doubts"; then
    sed 's/^/  /' "$work/doubts"
    failed "$package@$number" 'left out'
    return
  fi
  if ! differences; then
    failed "$package@$number" "left out: its content could not be compared. $(why)"
    return
  fi
  if yes "Approve $package@$number?"; then
    pause
    # Each approval asks for 2FA, so npm has the terminal.
    if npm stage approve "$id"; then
      note approved "$package" "$id" "$number"
    else
      failed "$package@$number" 'npm did not approve it'
    fi
  else
    say "  left as it is. To reject it: npm stage reject $id"
  fi
}

# differences: shows the commit, and what changed since the last release
differences() {
  rm -f "$work"/*.tgz
  ask_npm "$package" stage view "$id" --json || return 1
  say "  commit $(read_answer commit <"$work/answer")"
  ask_npm "$package" stage download "$id" || return 1
  set -- "$work"/*.tgz
  [ -e "$1" ] || return 1
  if ask_npm "$package" view "$package" version --json --prefer-online; then
    last=$(read_answer text <"$work/answer") || return 1
    say "  changes since $last:"
    ask_npm "$package" diff "--diff=$package@$last" "--diff=file:$1" || return 1
  elif refused E404; then
    say '  this is its first release: all files'
    tar -tzf "$1" >"$work/answer" || return 1
  else
    return 1
  fi
  read_answer visible <"$work/answer"
}
