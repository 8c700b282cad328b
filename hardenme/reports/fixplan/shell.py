"""The fixed part of every fix script: its usage and its shell functions.

POSIX shell, so that any `sh` runs it. The functions are few and short, since anyone who runs a
script should be able to read it first.
"""

from __future__ import annotations

HEAD = """\
#!/bin/sh
"""
HOW = """\
#
#   sh {name}                               prints each command, and runs none
#   sh {name} --apply                       runs the commands that remove nothing
#   sh {name} --apply --apply-destructive   also runs those that remove something
#
#   --only ID, --only CODE  only that step, or the steps that close findings of that check
#   --from ID               that step and all later ones
#   --yes                   yes to every question: each step by hand is done, and each
#                           removal is allowed
#
# It asks before a step that removes something, and whether a step by hand is done that others
# need. A step that needs one that is not done is left out. Running it twice does no harm: what
# is done stays done, and what GitHub or npm refuse is listed at the end.
"""
START = """\
# shellcheck disable=SC2016  # names stand as they are: nothing in them is to expand
set -eu

# say TEXT: a line, as it is
say() { printf '%s\\n' "$1"; }

apply=no
destructive=no
yes=no
only=
from=
while [ "$#" -gt 0 ]; do
  case $1 in
    --apply) apply=yes ;;
    --apply-destructive) destructive=yes ;;
    --yes) yes=yes ;;
    --only | --from)
      if [ "$#" -lt 2 ]; then
        say "$1 takes the id of a step" >&2
        exit 2
      fi
      if [ "$1" = --only ]; then only=$2; else from=$2; fi
      shift
      ;;
    *)
      say "there is no $1: read the head of this file" >&2
      exit 2
      ;;
  esac
  shift
done
if [ "$destructive" = yes ] && [ "$apply" = no ]; then
  say '--apply-destructive goes together with --apply' >&2
  exit 2
fi

# npm asks before it continues, unless this was answered
if [ "$yes" = yes ]; then
  NPM_CONFIG_YES=true
  export NPM_CONFIG_YES
fi

id=
removes=no
ok=yes
undone=' '
faults=0
npm_ran=no

# step NUMBER ID CODES BEFORE [removes TITLE]: whether this step is to be taken
step() {
  id=$2
  removes=no
  case $from in
    '' | "$1" | "$id") from= ;;
    *) return 1 ;;
  esac
  if [ -n "$only" ]; then
    case " $1 $id $3 " in
      *" $only "*) ;;
      *) return 1 ;;
    esac
  fi
  for before in $4; do
    case $undone in
      *" $before "*)
        say "# step $id is left out: it needs step $before"
        not_done
        return 1
        ;;
    esac
  done
  say "# step $id"
  if [ "${5:-}" = removes ]; then
    removes=yes
    if [ "$apply" = yes ] && [ "$destructive" = no ]; then
      say '# removes something: printed, and run only with --apply-destructive'
      not_done
    elif [ "$apply" = yes ]; then
      ask "Step $id removes something: $6" || {
        not_done
        return 1
      }
    fi
  fi
}

# The step is not done, so steps that need it are left out too
not_done() { undone="$undone$id "; }

# ask QUESTION: whether the answer is yes
ask() {
  if [ "$yes" = yes ]; then return 0; fi
  if [ ! -t 0 ]; then
    say "# not answered, since no terminal is there: $1"
    return 1
  fi
  printf '%s [y/N] ' "$1" >&2
  read -r reply || return 1
  case $reply in
    [Yy]*) return 0 ;;
    *) return 1 ;;
  esac
}

# Whether commands of this step are run, and not only printed
running() {
  if [ "$apply" = no ]; then return 1; fi
  if [ "$removes" = yes ]; then [ "$destructive" = yes ]; fi
}

# quoted WORD...: the words as a shell reads them
quoted() {
  for word in "$@"; do
    case $word in
      '' | *[!A-Za-z0-9_/.:=@%+,-]*)
        printf " '%s'" "$(printf '%s' "$word" | sed "s/'/'\\\\\\\\''/g")"
        ;;
      *) printf ' %s' "$word" ;;
    esac
  done
}

# call COMMAND...: runs it; what gh is answered is long, and what it is refused it says elsewhere
call() { if [ "$1" = gh ]; then "$@" >/dev/null; else "$@"; fi; }

# A command has failed
failed() {
  ok=no
  faults=$((faults + 1))
  say "# step $id: that command failed" >&2
  not_done
}
"""
RUN = """
went=

# run COMMAND...: prints it, and runs it where that is wanted and it did not go well before
run() {
  ok=yes
  line=$(quoted "$@")
  say " $line"
  if running; then
    case $went in
      *"<$line>"*)
        say '  # it was run above'
        return 0
        ;;
    esac
    if [ "$1 $npm_ran" = 'npm yes' ]; then sleep "${NPM_PAUSE:-2}"; fi
    if [ "$1" = npm ]; then npm_ran=yes; fi
    if call "$@"; then went="$went<$line>"; else failed; fi
  fi
}
"""
RUN_WITH = """
# run_with BODY COMMAND...: the same, with a body as standard input
run_with() {
  ok=yes
  body=$1
  shift
  say "  printf '%s\\\\n'$(quoted "$body") |$(quoted "$@")"
  if running; then printf '%s\\n' "$body" | call "$@" || failed; fi
}
"""
READ_FROM = """
source=

# read_from COMMAND...: reads a setting, for what is written next
read_from() {
  ok=yes
  source=$(quoted "$@")
  answer=
  if running; then answer=$("$@") || failed; fi
}

# write_back COMMAND...: runs it with what was read as standard input
write_back() {
  say " $source |$(quoted "$@")"
  if [ "$ok" = yes ] && running; then printf '%s\\n' "$answer" | call "$@" || failed; fi
}
"""
IF_OK = """
# if_ok COMMAND...: only where the command before it went well
if_ok() { if [ "$ok" = yes ]; then "$@"; fi; }
"""
BY_HAND = """
# by_hand QUESTION: a step by hand that others need
by_hand() {
  say "# by hand: $1"
  if [ "$apply" = yes ]; then ask "Is it done? $1" || not_done; fi
}
"""
RELEASED = """
# released QUESTION: whether what has to be seen first was seen; if not, this step is left out
released() {
  say "# first: $1"
  if [ "$apply" = no ] || ask "Is it done? $1"; then return 0; fi
  not_done
  return 1
}
"""
SILENT = """
if [ -z "$only" ]; then
  say '# by hand only, see the comments of this file: {names}'
fi
"""
END = """
if [ -n "$from" ]; then
  say "there is no step $from with commands in here" >&2
  exit 2
fi
if [ "$apply" = no ]; then
  say '# nothing was run: --apply runs the commands'
elif [ "$undone" != ' ' ]; then
  say "# not done: steps$undone" >&2
fi
if [ "$faults" -gt 0 ]; then
  say "# commands that failed: $faults; look at each, then run this again" >&2
  exit 1
fi
"""
EMPTY = """\
set -eu
echo '# there is no command to run: what is to do stands in the comments of this file'
"""
