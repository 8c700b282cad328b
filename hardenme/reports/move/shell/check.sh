# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts

# check [BATCH]: what is set, and until when
check() {
  choose_rows "$1"
  while IFS= read -r row <&3; do
    take_row "$row"
    say "$package, batch $batch"
    say "  to be: $named, may $permission"
    if ! names_all; then
      say '  next: write a name in place of each ? in the table'
    elif list_publishers; then
      awk -F "$tab" '$1 != "equal" { print "  there: " $3 }' "$work/publishers"
      what_is_next
      say "  next: $todo"
    elif refused E404; then
      say "  next: set $batch, which stages a placeholder: it is not on npm"
    else
      failed "$package" "$(why)"
    fi
  done 3<"$work/rows"
}

# what_is_next: what is to be done for a row, as todo
what_is_next() {
  there=$(listed equal)
  if [ -z "$there" ]; then
    todo="set $batch"
  elif ! current; then
    todo="set $batch, which finds it set"
  elif prove; then
    left=$(removable)
    if [ -n "$left" ]; then
      todo='finish, which removes what it replaces: a release through it was seen'
    else
      todo='nothing: a release through it was seen'
    fi
  elif [ -n "$maybe" ]; then
    todo="finish, which asks whether $number was released through it"
  elif [ "$state" = there ]; then
    todo='release it: no release through it was seen'
  elif overdue; then
    todo="set $batch, which adds it again: it expired $(read_answer moment $((since + hours)))"
  else
    todo="release it by $(read_answer moment $((since + hours)))"
  fi
}
