
# Whether a release through the new publisher was seen.

# prove: looks at the releases since the publisher was added, as npm shows them to anyone.
# The npm client hides the ids of publishers, so this reads the registry itself, without a session.
prove() {
  ! ever proven "$package" "$id" || return 0
  [ -n "${registry-}" ] || registry=$(npm config get registry)
  alone=alone
  [ -z "$(listed sharing)" ] || alone=shared
  number=$(read_answer published "$registry" "$package" "$id" "$since" "$repository" \
    "$workflow" "$alone" 2>"$work/error") || return 1
  note proven "$package" "$id" "$number"
}
