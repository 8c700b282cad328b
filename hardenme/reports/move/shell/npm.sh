# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts

# What npm is asked. Its registry takes a call every two seconds.

# check_client: refuses a client that lacks a command
check_client() {
  for program in npm node; do
    command -v "$program" >/dev/null || stop "$program is missing."
  done
  version=$(npm --version)
  code=0
  read_answer client "$version" || code=$?
  case $code in
    0) ;;
    2) stop "npm $version is too old, and npm 11 does not install on Node $(node --version). \
Install Node 24, then: npm install --global npm@11" ;;
    *) stop "npm $version is too old: this needs 11.15.0. Update it: npm install --global npm@11" ;;
  esac
  if [ -n "${NPM_CONFIG_OTP-}${npm_config_otp-}" ]; then
    stop 'Unset NPM_CONFIG_OTP: npm asks for a one-time password when it wants one.'
  fi
  # Limits are waited for in here, and said.
  npm_config_fetch_retries=0
  npm_config_update_notifier=false
  export npm_config_fetch_retries npm_config_update_notifier
}

called=no
pause() {
  if [ "$called" = yes ]; then sleep 2; fi
  called=yes
}

# read_code: the code of npm's last refusal, as refusal; names in its text do not count
read_code() {
  refusal=$(awk '
    $1 == "npm" && ($2 == "error" || $2 == "ERR!") && $3 == "code" { print $4; exit }
    $1 == "\"code\":" { gsub(/[",]/, "", $2); print $2; exit }' "$work/error" "$work/answer")
}

# refused CODE: whether that is npm's last refusal
refused() {
  read_code
  [ "$refusal" = "$1" ]
}

# why: npm's last refusal, in a line
why() { cat "$work/error" "$work/answer" | read_answer why; }

# open_window PACKAGE: npm asks for 2FA, at the terminal
open_window() {
  if [ ! -t 0 ] || [ ! -t 1 ]; then stop 'npm asks for 2FA: run this at a terminal.'; fi
  say 'npm asks for 2FA. On its page, choose to skip 2FA for the next five minutes.'
  note window "$1"
  npm trust list "$1" || given=no
}

# wait_for_limit: npm takes no more requests for a while
wait_for_limit() {
  if [ "$delay" -gt 1920 ]; then
    stop 'npm still limits requests. Run this again later: it continues here.'
  fi
  say "npm limits requests: waiting $delay seconds."
  sleep "$delay"
  delay=$((delay * 2))
}

# ask_npm PACKAGE WORDS...: runs npm; what it answers is in $work/answer
ask_npm() {
  about=$1
  shift
  opened=0
  given=no
  delay=60
  while :; do
    pause
    if npm "$@" >"$work/answer" 2>"$work/error" </dev/null; then return 0; fi
    read_code
    case $refusal in
      EOTP)
        if [ "$given" = yes ]; then
          stop 'npm asks for 2FA at each call. Run this again, and skip it for five minutes on the page.'
        elif [ "$opened" -eq 3 ]; then
          stop 'npm did not accept your 2FA. Run this again: it continues here.'
        elif [ "$opened" -gt 0 ]; then
          say 'npm did not accept that.'
        fi
        opened=$((opened + 1))
        given=yes
        open_window "$about"
        ;;
      E429) wait_for_limit ;;
      ENEEDAUTH | E401)
        stop 'npm does not accept your session. Run npm login, then this again: it continues here.'
        ;;
      E5[0-9][0-9] | ECONN* | ENOTFOUND | EAI_AGAIN | *TIMEDOUT | *TIMEOUT | E*UNREACH | *CERT* | \
        *SIGNATURE)
        stop "npm could not be asked: $(why). Run this again later: it continues here."
        ;;
      *) return 1 ;;
    esac
  done
}

# list_publishers: those of the package are in $work/publishers, one a line:
# how it compares to the row, its id, what it is, and the whole answer
list_publishers() {
  ask_npm "$package" trust list "$package" --json || return 1
  read_answer publishers "$repository" "$workflow" "$environment" "$permission" \
    <"$work/answer" >"$work/publishers" 2>"$work/error"
}

# listed KIND: the id of the publisher that compares so
listed() { awk -F "$tab" -v kind="$1" '$1 == kind { print $2; exit }' "$work/publishers"; }

# is_listed ID
is_listed() { ID=$1 awk -F "$tab" '$2 == ENVIRON["ID"] { found = 1 } END { exit !found }' "$work/publishers"; }

# add_publisher: that of the row
add_publisher() {
  set -- trust github "$package" "--repo=$repository" "--file=$workflow"
  [ "$environment" = - ] || set -- "$@" "--env=$environment"
  case $permission in publish | both) set -- "$@" --allow-publish ;; esac
  case $permission in stage | both) set -- "$@" --allow-stage-publish ;; esac
  ask_npm "$package" "$@" --yes --json
}

# remove_publisher ID: removes one; one that is gone counts as removed
remove_publisher() {
  ask_npm "$package" trust revoke "$package" "--id=$1" || refused E404
}
