# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts

# One run at a time: two would make the same change twice, and reach npm's limit together.

lock=
locked=no
locking=no

# take_lock COMMAND: refuses to run next to another run, and notices one that was killed
take_lock() {
  lock=$base.lock
  mkdir -p "$lock" 2>/dev/null || stop "The folder $lock cannot be made."
  if ! mkdir "$lock/taking" 2>/dev/null; then
    stop "Another run is starting or ending. Run this again. If it stays so, delete the folder $lock."
  fi
  locking=yes
  if [ -e "$lock/run" ]; then
    if is_running; then
      stop "Another run has not ended: $what, $where, since $(read_answer moment "$moment"). Wait for \
it, or end it. Then run this again."
    fi
    say 'The last run was killed. This one continues where it was.'
  fi
  {
    printf '%s\n' "$$" "$(uname -n)" "$(now)" "$1"
    shown_command "$$"
  } >"$lock/run"
  locked=yes
  rmdir "$lock/taking"
  locking=no
}

# is_running: whether the run that is written down in the lock is still there
is_running() {
  args=
  { read -r process && read -r host && read -r moment && read -r what; } <"$lock/run" || return 1
  args=$(sed 1,4d "$lock/run")
  case $process$moment in *[!0-9]*) return 1 ;; esac
  where="process $process of $host"
  # Of another machine nothing is known, and another one may have the folder too.
  [ "$host" = "$(uname -n)" ] || return 0
  where="process $process"
  kill -0 "$process" 2>/dev/null || ps -p "$process" >/dev/null 2>&1 || return 1
  # Its number may be another program's by now.
  seen=$(shown_command "$process")
  [ -z "$args" ] || [ -z "$seen" ] || [ "$args" = "$seen" ]
}

# shown_command PROCESS: how it was started, where the system shows that
shown_command() { ps -p "$1" -o args= 2>/dev/null || :; }

# release_lock: lets the next run start
release_lock() {
  if [ "$locking" = yes ]; then rmdir "$lock/taking" 2>/dev/null || :; fi
  if [ "$locked" = yes ]; then rm -f "$lock/run"; fi
  if [ "$locking$locked" != nono ]; then rmdir "$lock" 2>/dev/null || :; fi
}
