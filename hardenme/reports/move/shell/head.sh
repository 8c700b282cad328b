#!/bin/sh
# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts
# Moves npm packages to trusted publishing. Written by hardenme, which runs none of it.
#
#   sh NAME.sh check [BATCH]    show what is set, and when each new publisher expires
#   sh NAME.sh set BATCH        add the trusted publishers of a batch; removes nothing
#   sh NAME.sh finish [BATCH]   remove what was replaced, where a release through the new one was seen
#   sh NAME.sh approve          go through the staged versions, one at a time
#   sh NAME.sh undo             restore what was there before
#
# Read the table NAME.txt first. Each command shows its changes, and asks before the first one.
# NAME.record keeps what was done: a command that was stopped continues where it was.
# NAME.lock is there while a command runs: a second one next to it is refused.
# It runs your npm client, with your session of `npm login`. It holds no token.

set -eu
umask 077
LC_ALL=C
export LC_ALL

hours=172800 # seconds after which a new publisher that has published nothing expires
most=10      # publishers of a package
failures=0
tab=$(printf '\t')

say() { printf '%s\n' "$*"; }
stop() {
  printf '%s\n' "$*" >&2
  exit 1
}

# stopped CODE: the person ended it
stopped() {
  printf '\n%s\n' 'Stopped. Run the same command again: it continues here.' >&2
  exit "$1"
}

# yes QUESTION: whether the person agrees
yes() {
  printf '%s [y/N] ' "$1"
  answer=
  read -r answer || return 1
  case $answer in
    [Yy] | [Yy][Ee][Ss]) return 0 ;;
    *) return 1 ;;
  esac
}

now() { date -u +%s; }

# read_answer MODE WORDS...: reads what npm printed, by node, on which npm itself runs
read_answer() { node -e "$reader" -- "$@"; }

# failed PACKAGE TEXT: a package that is left as it is
failed() {
  failures=$((failures + 1))
  printf '  %s: %s\n' "$1" "$2" >&2
}
