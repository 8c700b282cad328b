# shellcheck shell=sh disable=SC2034,SC2154 # names are set and used in other parts

# The table: BATCH PACKAGE REPOSITORY WORKFLOW PERMISSION ENVIRONMENT

# rows [BATCH]: the rows of the table, or of one batch
rows() {
  BATCH=${1-} awk '
    $1 !~ /^#/ && NF && (ENVIRON["BATCH"] == "" || $1 == ENVIRON["BATCH"])' "$table"
}

# choose_rows [BATCH]: the rows that a command is about are in $work/rows
choose_rows() {
  rows "$1" >"$work/rows"
  [ -s "$work/rows" ] || stop "The table has no batch $1."
}

# take_row ROW: reads a row into batch, package, repository, workflow, permission, environment
take_row() {
  IFS=' ' read -r batch package repository workflow permission environment <<ROW
$1
ROW
  claims="$repository $workflow $environment"
  named="$workflow of $repository"
  [ "$environment" = - ] || named="$named, environment $environment"
}

# names_all: whether a row names everything
names_all() {
  case "$repository$workflow$permission$environment" in *'?'*) return 1 ;; esac
}

# check_rows: refuses a table that npm could read in another way than a person does
check_rows() {
  [ -r "$table" ] || stop "The table $table is missing: hardenme writes it next to this script."
  rows >"$work/all"
  [ -s "$work/all" ] || stop "The table $table has no rows."
  while IFS= read -r row <&3; do
    take_row "$row"
    check_row
  done 3<"$work/all"
  twice=$(awk '{ print $2 }' "$work/all" | sort | uniq -d)
  [ -z "$twice" ] || stop "The table has two rows for: $twice"
}

# check_row: refuses a row that is not of the form
check_row() {
  [ -n "$environment" ] || stop "A row of the table has fewer than six words: $row"
  case $package in
    -* | .* | *[!A-Za-z0-9@/._~-]* | *..*) stop "Not a package name: $package" ;;
  esac
  case $repository in
    '?') ;;
    -* | *[!A-Za-z0-9._/-]* | */*/* | /* | */)
      stop "Write the repository of $package as OWNER/NAME, not $repository"
      ;;
    */*) ;;
    *) stop "Write the repository of $package as OWNER/NAME, not $repository" ;;
  esac
  case $workflow in
    '?') ;;
    -* | *[!A-Za-z0-9._-]*) stop "Write the workflow of $package as a file name, not $workflow" ;;
    *.yml | *.yaml) ;;
    *) stop "The workflow of $package has to end in .yml or .yaml, not $workflow" ;;
  esac
  case $permission in
    stage | publish | both) ;;
    *) stop "The permission of $package is stage, publish or both, not $permission" ;;
  esac
  case $environment in
    - | '?') ;;
    -*) stop "The environment of $package begins with a dash: $environment" ;;
    *"$tab"*) stop "The environment of $package holds a tab" ;;
  esac
}
