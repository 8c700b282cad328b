# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts

# removable: the publishers that the row's one replaces, as they are listed
removable() {
  while IFS="$tab" read -r kind old text whole <&4; do
    case $kind in equal) continue ;; esac
    if ever old "$package" "$old"; then printf '%s\t%s\t%s\n' "$old" "$text" "$whole"; fi
  done 4<"$work/publishers"
}

# finish [BATCH]: removes what was replaced, where a release through the new publisher was seen
finish() {
  choose_rows "$1"
  : >"$work/removing"
  : >"$work/closing"
  already=0
  say 'These publishers are removed:'
  while IFS= read -r row <&3; do
    take_row "$row"
    if names_all && current; then
      if finished; then already=$((already + 1)); else look_back; fi
    fi
  done 3<"$work/rows"
  if [ -s "$work/removing" ]; then
    yes 'Remove them?' || stop 'Nothing was removed.'
    while IFS="$tab" read -r package old text whole <&3; do remove; done 3<"$work/removing"
  else
    say '  none'
  fi
  if [ -s "$work/closing" ]; then close_tokens; fi
  case $already in
    0) ;;
    1) say '1 package was finished before, and is left out.' ;;
    *) say "$already packages were finished before, and are left out." ;;
  esac
}

# look_back: what of a package can be removed
look_back() {
  if ! list_publishers; then
    failed "$package" "$(why)"
  elif [ "$(listed equal)" != "$id" ]; then
    failed "$package" 'its new publisher is not on the list of npm: nothing is removed'
  elif ! released; then
    failed "$package" "$unseen: nothing is removed"
  else
    removable >"$work/removable"
    PACKAGE=$package awk -v OFS="$tab" '{ print ENVIRON["PACKAGE"], $0 }' "$work/removable" \
      >>"$work/removing"
    PACKAGE=$package awk -F "$tab" '{ print "  " ENVIRON["PACKAGE"] ": " $2 }' "$work/removable"
    standing closed reopened "$package" || printf '%s\n' "$package" >>"$work/closing"
  fi
}

# remove: a publisher that was replaced
remove() {
  note removing "$package" "$old" "$text" "$whole"
  if remove_publisher "$old"; then
    note removed "$package" "$old"
    say "  $package: removed $text"
  else
    failed "$package" "$(why)"
  fi
}

# close_tokens: what publishes with a token is refused from then on
close_tokens() {
  say ''
  say 'A release of these packages was seen:'
  sed 's/^/  /' "$work/closing"
  say 'With "Require two-factor authentication and disallow tokens", no token can publish them. npm'
  say 'does not show whether that is set.'
  yes 'Disallow tokens for them?' || return 0
  while IFS= read -r package <&3; do
    note closing "$package"
    if ask_npm "$package" access set mfa=publish "$package"; then
      note closed "$package"
      say "  $package: tokens are disallowed"
    else
      failed "$package" "$(why)"
    fi
  done 3<"$work/closing"
}
