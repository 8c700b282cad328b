function __hardenme_words
  set -lx _HARDENME_COMPLETE complete_fish
  set -lx _TYPER_COMPLETE_ARGS (commandline -cp)
  _TYPER_COMPLETE_FISH_ACTION=$argv[1] hardenme 2>/dev/null
end
complete --command hardenme --no-files --condition '__hardenme_words is-args' \
  --arguments '(__hardenme_words get-args)'
