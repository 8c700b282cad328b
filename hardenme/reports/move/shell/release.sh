# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts

# Whether a release through the new publisher was seen.

# prove: looks at the releases since the publisher was added, as npm shows them to anyone.
# The npm client hides the ids of publishers, so this reads the registry itself, without a session.
prove() {
  ! ever proven "$package" "$id" || return 0
  maybe=
  unseen='no release through the new publisher was seen'
  [ -n "${registry-}" ] || registry=$(npm config get registry)
  alone=alone
  [ -z "$(listed sharing)" ] || alone=shared
  code=0
  number=$(read_answer published "$registry" "$package" "$id" "$since" "$repository" \
    "$workflow" "$alone" 2>"$work/error") || code=$?
  case $code in
    0) note proven "$package" "$id" "$number" ;;
    1) return 1 ;;
    *) prove_by_client ;;
  esac
}

# prove_by_client: the same by the npm client, of a package that only its owners see, or where the
# registry is behind a proxy. It has npm store the answer in a folder of its own. What only a person
# can know is then in maybe.
prove_by_client() {
  rm -rf "$work/cache"
  if ! ask_npm "$package" view "$package" time --json "--cache=$work/cache" --prefer-online; then
    unseen="its releases could not be read ($(why))"
    return 1
  fi
  set --
  while IFS="$tab" read -r kind other _ <&5; do
    [ "$kind" = equal ] || set -- "$@" "$other"
  done 5<"$work/publishers"
  seen=$(read_answer shown_release "$work/cache" "$package" "$id" "$since" "$@" \
    <"$work/answer" 2>"$work/error") || return 1
  number=$(part 2 "$seen")
  case $seen in
    seen*) note proven "$package" "$id" "$number" ;;
    *)
      maybe=$seen
      return 1
      ;;
  esac
}

# released: whether a release was seen, by the script or by the person
released() {
  ! prove || return 0
  [ -n "$maybe" ] || return 1
  say "  $package@$number was published $(part 3 "$maybe") by $(part 4 "$maybe")."
  say '    npm does not show through which publisher.'
  yes "    Did $named publish it?" || return 1
  note proven "$package" "$id" "$number" 'as the person says'
}
