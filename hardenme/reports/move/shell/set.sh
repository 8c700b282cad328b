# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts

# set_batch [BATCH]: adds the publishers of a batch
set_batch() {
  if [ -z "$1" ]; then
    say 'Name a batch:'
    awk '{ count[$1]++ } END { for (one in count) print "  " one ": " count[one] " packages" }' \
      "$work/all" | sort
    exit 2
  fi
  choose_rows "$1"
  : >"$work/adding"
  : >"$work/absent"
  expired=0
  say "These publishers are added to the packages of batch $1:"
  while IFS= read -r row <&3; do
    take_row "$row"
    if names_all; then
      look
    else
      failed "$package" 'write a name in place of each ? in the table'
    fi
  done 3<"$work/rows"
  if [ ! -s "$work/adding" ]; then
    say '  none: all that can be set is set'
    return
  fi
  warn_before
  yes 'Add them?' || stop 'Nothing was added.'
  while IFS= read -r row <&3; do
    take_row "$row"
    add
  done 3<"$work/adding"
}

# warn_before: what the person has to know before
warn_before() {
  say ''
  say 'Each expires unless a release is published through it by'
  say "$(read_answer moment $(($(now) + hours))). Add only what you release by then."
  if grep -q ' stage ' "$work/adding"; then
    say 'A workflow with id-token: write that runs npm publish is refused from then on, even with a'
    say 'token. Merge its change to npm stage publish first.'
  fi
  if [ "$expired" -gt 0 ]; then
    say "$expired have expired unused, and are removed and added again. If npm's page does not show"
    say 'one as expired, answer no.'
  fi
}

# look: what has to be done for a row
look() {
  if current && recent && ! overdue; then return; fi
  if ! list_publishers; then
    if refused E404 && is_new; then
      say "  $package is not on npm: a placeholder is staged first"
      say "    + $named, may $permission"
      printf '%s\n' "$row" >>"$work/adding"
      printf '%s\n' "$package" >>"$work/absent"
    else
      failed "$package" "$(why)"
    fi
    return
  fi
  keep_old
  there=$(listed equal)
  if [ -n "$there" ]; then
    equal_there
  elif [ -n "$(listed differs)" ]; then
    failed "$package" 'the same workflow and environment has another permission, and npm cannot change it. Name another environment in the table, so that both exist until a release was seen'
  elif [ "$(awk 'END { print NR }' "$work/publishers")" -ge "$most" ]; then
    failed "$package" "it has $most publishers. Remove one that is not used on npm's page"
  else
    show_row
    printf '%s\n' "$row" >>"$work/adding"
  fi
}

# is_new: whether npm has no such package
is_new() { ! ask_npm "$package" view "$package" name --json && refused E404; }

# equal_there: one of the same claims and permission is listed
equal_there() {
  if current && [ "$id" = "$there" ]; then
    # Overdue, else it would not be looked at.
    if released; then return; fi
    expired=$((expired + 1))
    say "  $package: its publisher expired $(read_answer moment $((since + hours)))"
    show_row
    printf '%s\n' "$row" >>"$work/adding"
  else
    intended=$(events intend "$package" "$claims" | tail -n 1)
    if [ -n "$intended" ] && [ -z "$(events there "$package" "$there")" ]; then
      # Added by a run that was stopped before it could write that down.
      note made "$package" "$there" "$claims" "$(part 1 "$intended")"
    else
      note there "$package" "$there" "$claims" 0
      say "  $package: is set already"
    fi
  fi
}

# show_row: what is added, and what stays next to it
show_row() {
  say "  $package"
  say "    + $named, may $permission"
  awk -F "$tab" '$1 != "equal" { print "    = " $3 ", stays until a release was seen" }' \
    "$work/publishers"
}

# keep_old: writes down what is there, for undo
keep_old() {
  while IFS="$tab" read -r kind old text whole <&4; do
    case $kind in equal) continue ;; esac
    if ! ever made "$package" "$old" && ! ever old "$package" "$old"; then
      note old "$package" "$old" "$text" "$whole"
    fi
  done 4<"$work/publishers"
}

# add: adds the publisher of a row
add() {
  if current && overdue; then
    if ! remove_publisher "$id"; then
      failed "$package" "$(why)"
      return
    fi
    note revoked "$package" "$id"
  fi
  if grep -Fqx -e "$package" "$work/absent" && ! place; then
    failed "$package" "$(why)"
    return
  fi
  moment=$(now)
  note intend "$package" "$claims"
  if ! add_publisher && ! refused E409; then
    failed "$package" "$(why)"
    return
  fi
  made=$(read_answer id <"$work/answer" 2>/dev/null) || made=
  if [ -z "$made" ]; then
    list_publishers || :
    made=$(listed equal)
  fi
  if [ -z "$made" ]; then
    failed "$package" 'npm lists no such publisher after it was added'
    return
  fi
  note made "$package" "$made" "$claims" "$moment"
  say "  $package: added; release it by $(read_answer moment $((moment + hours)))"
}

# place: stages a version without content, for which npm makes the package
place() {
  rm -rf "$work/new"
  mkdir "$work/new"
  printf '{"name": "%s", "version": "0.0.0-placeholder", "repository": "github:%s"}\n' \
    "$package" "$repository" >"$work/new/package.json"
  ask_npm "$package" stage publish "$work/new" --access=public --tag=placeholder --json || return 1
  staged=$(read_answer staged_id <"$work/answer") || return 1
  note placed "$package" "$staged"
  say "  $package: reject the placeholder when you like: npm stage reject $staged"
}
