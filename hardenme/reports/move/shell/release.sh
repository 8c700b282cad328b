
# Whether a release through the new publisher was seen.

# prove: looks at the package's releases since the publisher was added
prove() {
  ! ever proven "$package" "$id" || return 0
  ask_npm "$package" view "$package" time --json --prefer-online || return 1
  read_answer newer "$since" <"$work/answer" >"$work/newer" || return 1
  while IFS= read -r number <&4; do
    if published_by; then
      note proven "$package" "$id" "$number"
      return 0
    fi
  done 4<"$work/newer"
  return 1
}

# published_by: whether npm shows this release as one of the publisher
published_by() {
  ask_npm "$package" view "$package@$number" _npmUser dist.attestations --json --prefer-online ||
    return 1
  shown=$(read_answer release "$id" <"$work/answer") || return 1
  case $shown in
    yes) return 0 ;;
    http*) ;;
    *) return 1 ;;
  esac
  # Provenance names repository and workflow, and no environment.
  [ -z "$(listed sharing)" ] || return 1
  read_answer attested "$(npm config get registry)" "$shown" "$repository" "$workflow"
}
