# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts

case ${1-} in
  check | set | finish | approve | undo) ;;
  *)
    sed -n '2,13s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
case $0 in
  /*) base=${0%.sh} ;;
  *) base=$PWD/${0%.sh} ;;
esac
table=$base.txt
record=$base.record
work=$(mktemp -d)
trap 'rm -rf "$work"; release_lock' EXIT
trap 'stopped 130' INT
trap 'stopped 143' TERM HUP
# Nothing of the folder where this is run counts: no package.json, no .npmrc.
cd "$work" || exit
check_client
check_rows
take_lock "$1"
begin_record
case $1 in
  check) check "${2-}" ;;
  set) set_batch "${2-}" ;;
  finish) finish "${2-}" ;;
  approve) approve ;;
  undo) undo ;;
esac
case $failures in
  0) ;;
  1) stop '1 package was left as it is: see above.' ;;
  *) stop "$failures packages were left as they are: see above." ;;
esac
