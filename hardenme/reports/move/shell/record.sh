# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts

# What was done: a line an event, as TIME, EVENT, PACKAGE, and what it is about.

# note EVENT PACKAGE WORDS...: writes an event
note() {
  line=$(now)
  for word in "$@"; do line="$line$tab$word"; done
  printf '%s\n' "$line" >>"$record"
}

# begin_record: a line that was cut off counts for nothing
begin_record() {
  [ -e "$record" ] || : >"$record"
  if [ -n "$(tail -c 1 "$record")" ]; then printf '%s\n' "${tab}cut off" >>"$record"; fi
}

# events EVENT [PACKAGE] [FOURTH]: each of them
events() {
  EVENT=$1 PACKAGE=${2-} FOURTH=${3-} awk -F "$tab" '
    $1 ~ /^[0-9]+$/ && $NF != "cut off" && $2 == ENVIRON["EVENT"] &&
    (ENVIRON["PACKAGE"] == "" || $3 == ENVIRON["PACKAGE"]) &&
    (ENVIRON["FOURTH"] == "" || $4 == ENVIRON["FOURTH"])' "$record"
}

# ever EVENT PACKAGE [FOURTH]: whether there was one
ever() { [ -n "$(events "$@")" ]; }

# standing EVENT ENDED PACKAGE: whether the one happened, and the other did not after it
standing() {
  EVENT=$1 ENDED=$2 PACKAGE=$3 awk -F "$tab" '
    $1 !~ /^[0-9]+$/ || $NF == "cut off" || $3 != ENVIRON["PACKAGE"] { next }
    $2 == ENVIRON["EVENT"] { found = 1 }
    $2 == ENVIRON["ENDED"] { found = 0 }
    END { exit !found }' "$record"
}

# finished: whether all was done for the row: its publisher has released, nothing that it replaced is
# left, and no token publishes the package
finished() {
  ever proven "$package" "$id" && standing closed reopened "$package" || return 1
  PACKAGE=$package awk -F "$tab" '
    $1 !~ /^[0-9]+$/ || $NF == "cut off" || $3 != ENVIRON["PACKAGE"] { next }
    $2 == "old" { left[$4] = 1 }
    $2 == "removed" { delete left[$4] }
    END { for (one in left) exit 1 }' "$record"
}

# part NUMBER LINE: a part of an event
part() { printf '%s\n' "$2" | cut -f "$1"; }

# recorded: each package that something was done to
recorded() {
  awk -F "$tab" '
    $1 ~ /^[0-9]+$/ && $2 ~ /^(made|removing|closing)$/ && !seen[$3]++ { print $3 }' "$record"
}

# current: the publisher that was added or found for the row; it sets state, id and since
current() {
  found=$(PACKAGE=$package CLAIMS=$claims awk -F "$tab" '
    $1 !~ /^[0-9]+$/ || $3 != ENVIRON["PACKAGE"] { next }
    ($2 == "made" || $2 == "there") && $5 == ENVIRON["CLAIMS"] { found = $0; id = $4 }
    $2 == "revoked" && $4 == id { found = "" }
    END { if (found != "") print found }' "$record")
  [ -n "$found" ] || return 1
  state=$(part 2 "$found")
  id=$(part 4 "$found")
  since=$(part 6 "$found")
}

# recent: whether that was written down within the last hour, so that npm need not be asked
recent() { [ "$(now)" -lt $(($(part 1 "$found") + 3600)) ]; }

# overdue: whether its time is over, and no release through it was seen
overdue() {
  [ "$state" = made ] && ! ever proven "$package" "$id" && [ "$(now)" -gt $((since + hours)) ]
}
