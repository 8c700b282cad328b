# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts

# undo: restores what was there before. What publishes is there before anything is removed.
undo() {
  recorded >"$work/packages"
  : >"$work/undoing"
  say 'This is undone:'
  repository=- workflow=- environment=- permission=-
  while IFS= read -r package <&3; do
    if list_publishers; then
      look_undone
    else
      failed "$package" "$(why)"
    fi
  done 3<"$work/packages"
  if [ ! -s "$work/undoing" ]; then
    say '  nothing'
    return
  fi
  if grep -q "${tab}restore$tab" "$work/undoing"; then
    say 'A publisher that is added again expires, unless a release is published through it by'
    say "$(read_answer moment $(($(now) + hours))). Restore its workflow first."
  fi
  yes 'Undo it?' || stop 'Nothing was undone.'
  broken=
  while IFS="$tab" read -r package what subject text whole <&3; do
    if [ "$broken" = "$package" ]; then continue; fi
    if undo_one; then
      say "  $package: done: $text"
    else
      broken=$package
      failed "$package" "$(why)"
    fi
  done 3<"$work/undoing"
}

# look_undone: the steps for a package, in the order in which they are taken
look_undone() {
  if standing closing reopened "$package"; then
    subject=- whole=-
    undoing reopen "allow tokens again: npm's default; it does not show what was set before"
  fi
  events removing "$package" >"$work/gone"
  while IFS="$tab" read -r _ _ _ subject text whole <&4; do
    if ! is_listed "$subject" && ! ever restored "$package" "$subject" && ! same_listed; then
      undoing restore "add $text again"
    fi
  done 4<"$work/gone"
  events made "$package" >"$work/added"
  while IFS="$tab" read -r _ _ _ subject _ <&4; do
    whole=-
    text=$(ID=$subject awk -F "$tab" '$2 == ENVIRON["ID"] { print $3 }' "$work/publishers")
    if [ -n "$text" ]; then undoing revoke "remove $text"; fi
  done 4<"$work/added"
}

# undoing WHAT TEXT: one step of it
undoing() {
  say "  $package: $2"
  printf '%s\t%s\t%s\t%s\t%s\n' "$package" "$1" "$subject" "$2" "$whole" >>"$work/undoing"
}

# same_listed: whether one like it is listed, as after a restoring that was stopped
same_listed() { cut -f 4 "$work/publishers" | read_answer same "$whole"; }

# undo_one: takes one step
undo_one() {
  case $what in
    reopen)
      ask_npm "$package" access set mfa=automation "$package" || return 1
      note reopened "$package"
      ;;
    restore)
      read_answer again "$package" "$whole" >"$work/again" 2>"$work/error" || return 1
      set --
      while IFS= read -r word <&4; do set -- "$@" "$word"; done 4<"$work/again"
      ask_npm "$package" "$@" || refused E409 || return 1
      note restored "$package" "$subject"
      ;;
    revoke)
      remove_publisher "$subject" || return 1
      note revoked "$package" "$subject"
      ;;
  esac
}
