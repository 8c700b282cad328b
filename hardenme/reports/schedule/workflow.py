"""A workflow of GitHub Actions.

Its history is passed from run to run as an artifact. Cache entries are removed after a week without
use, and weekly runs are that far apart.
"""

from __future__ import annotations

import shlex

from hardenme.ground import distribution
from hardenme.reports.schedule.job import ScheduledRun

PINS = {
    "actions/checkout": ("3d3c42e5aac5ba805825da76410c181273ba90b1", "v7.0.1"),
    "actions/setup-python": ("5fda3b95a4ea91299a34e894583c3862153e4b97", "v7.0.0"),
    "actions/upload-artifact": ("043fb46d1a93c77aae656e7c1c64a875d1fc6a0a", "v7.0.1"),
    "github/codeql-action": ("cdf488f595d80d6e07e03d4674febd5ab45fa938", "v4.37.9"),
}
"""Commit and version by repository."""


def pinned(action: str) -> str:
    """The value of `uses:`, like `actions/checkout@… # v7.0.1`."""
    owner, name, *_ = action.split("/")
    commit, version = PINS[f"{owner}/{name}"]
    return f"{action}@{commit} # {version}"


FROM_COMMIT = """\
      # Fill in the account that publishes hardenme, and the full commit that you looked at. What
      # is installed is that commit, and each package by the digest that it names.
      - name: Check out hardenme
        uses: @CHECKOUT@
        with:
          repository: @OWNER@/hardenme
          ref: @COMMIT@
          persist-credentials: false

"""
"""The step before the installation, as long as no release can be installed by name."""
WORKFLOW = """\
# .github/workflows/hardenme.yml
# Printed by hardenme @VERSION@; nothing was installed. Save it under that name.
# What changed about @SHOWN@, @OFTEN@.
#
# Put it into a PRIVATE repository. Anyone who can read the repository can read its log,
# its summary and its artifacts, which name people, keys and settings.
#
# Before the first run, under Settings > Environments:
#   1. Create the environment "hardenme", and let only the default branch deploy to it.
#   2. Add the secrets below that you need:
#      HARDENME_GITHUB_TOKEN  @PERMISSIONS@ prints the link that creates it
#      HARDENME_NPM_TOKEN     a read-only token of npm
#      HARDENME_NOTIFY        addresses that messages go to, separated by spaces
#
# The job's own GITHUB_TOKEN is not used for reading. It sees only this repository, and of
# it neither rules with their exceptions, nor hooks, deploy keys, secrets' names and people; of an
# account, an organization and other repositories it sees what everyone sees. All of that would be
# unknown with it.
#
# GitHub turns timers off in a repository where nothing happened for 60 days, if it is public, and
# starts them late when many do. No one notices a missed run: add --heartbeat with
# the address of a service that warns if no request arrives.
name: hardenme

on:
  schedule:
    - cron: "@CRON@"
  workflow_dispatch: {}

permissions: {}

concurrency:
  group: @NAME@
  cancel-in-progress: false

jobs:
  report:
    name: What changed
    # A timer runs on the default branch alone; by hand, it must be that one, too.
    if: github.event_name == 'schedule' || github.ref_name == github.event.repository.default_branch
    runs-on: ubuntu-24.04
    timeout-minutes: 180
    environment: hardenme
    permissions:
      actions: read # finds the history in the artifacts of the run before
      contents: read # uploading SARIF from a private repository looks up the commit
      security-events: write # uploads what is open to code scanning
    steps:
      # Empty where the event does not say: then it counts as public. To have everyone read what
      # hardenme finds, change "counts" to "full".
      - name: Stop in a public repository
        env:
          PRIVATE: ${{ github.event.repository.private }}
          SUMMARY: counts
        run: |
          if [ "$PRIVATE" != true ] && [ "$SUMMARY" != full ]; then
            echo "::error::Anyone who can read this repository could read what hardenme finds."
            exit 1
          fi

      - name: Set up Python
        uses: @SETUP_PYTHON@
        with:
          python-version: "3.13"

@GET@      - name: Install hardenme
        run: @INSTALL@

      # Without it, the run says "baseline, not verified", and compares with nothing.
      - name: Bring the history of the run before
        env:
          GH_TOKEN: ${{ github.token }}
        run: |
          file="${GITHUB_WORKFLOW_REF%@*}"
          mkdir -p "$RUNNER_TEMP/state/hardenme"
          runs="$(gh run list --repo "$GITHUB_REPOSITORY" --workflow "${file##*/}" \\
            --branch "$GITHUB_REF_NAME" --limit 30 --json databaseId --jq '.[].databaseId')"
          for run in $runs; do
            if gh run download "$run" --repo "$GITHUB_REPOSITORY" --name @NAME@ \\
              --dir "$RUNNER_TEMP/state/hardenme" 2>/dev/null; then
              echo "The history comes from run $run."
              break
            fi
          done
          chmod -R go= "$RUNNER_TEMP/state"

      # Annotations, and the summary of this step. It ends with 1 where something is new or worse.
      # Not in the workspace: a file that is checked out there must not decide anything.
      - name: Report what changed
        working-directory: ${{ runner.temp }}
        env:
          HARDENME_GITHUB_TOKEN: ${{ secrets.HARDENME_GITHUB_TOKEN }}
          HARDENME_NPM_TOKEN: ${{ secrets.HARDENME_NPM_TOKEN }}
          HARDENME_NOTIFY: ${{ secrets.HARDENME_NOTIFY }}
        run: |
          export XDG_STATE_HOME="$RUNNER_TEMP/state"
          "$RUNNER_TEMP/venv/bin/hardenme" report --format github --interval @INTERVAL@ \\
            @ARGUMENTS@

      - name: Keep the history for the next run
        if: ${{ !cancelled() }}
        uses: @UPLOAD@
        with:
          name: @NAME@
          path: ${{ runner.temp }}/state/hardenme
          retention-days: 90

      # Leave out what follows where the repository has no code scanning.
      - name: Write what is open as SARIF
        if: ${{ !cancelled() }}
        working-directory: ${{ runner.temp }}
        run: |
          newest="$(find "$RUNNER_TEMP/state/hardenme/history" -name '*.json' -printf '%T@ %p\\n' \\
            | sort -n | tail -n 1 | cut -d ' ' -f 2-)"
          "$RUNNER_TEMP/venv/bin/hardenme" show "$newest" --format sarif \\
            --output "$RUNNER_TEMP/hardenme.sarif"

      - name: Upload it to code scanning
        if: ${{ !cancelled() }}
        uses: @SARIF@
        with:
          sarif_file: ${{ runner.temp }}/hardenme.sarif
          category: hardenme
"""


def workflow(job: ScheduledRun) -> str:
    """The workflow, with what to know at its head."""
    moment = job.moment
    day = str(moment.day) if moment.every == "week" else "*"
    words = {
        "GET": "" if distribution.RELEASED else FROM_COMMIT,
        "INSTALL": distribution.install_into('"$RUNNER_TEMP/venv"', "notify", "provenance"),
        "CHECKOUT": pinned("actions/checkout"),
        "OWNER": distribution.OWNER,
        "COMMIT": distribution.COMMIT,
        "VERSION": job.version,
        "SHOWN": " ".join(job.targets),
        "OFTEN": "once a week" if moment.every == "week" else "once a day",
        "PERMISSIONS": " ".join(("hardenme permissions --expires-in 90", *_target_options(job))),
        "CRON": f"{moment.minute} {moment.hour} * * {day}",
        "NAME": job.name,
        "INTERVAL": job.interval,
        "ARGUMENTS": " ".join(map(shlex.quote, (*job.anywhere, *job.targets))),
        "SETUP_PYTHON": pinned("actions/setup-python"),
        "UPLOAD": pinned("actions/upload-artifact"),
        "SARIF": pinned("github/codeql-action/upload-sarif"),
    }
    text = WORKFLOW
    for name, word in words.items():
        text = text.replace(f"@{name}@", word)
    return text


def _target_options(job: ScheduledRun) -> list[str]:
    """The options of `hardenme permissions` for the targets; none for one's own accounts."""
    return [f"--for {target}" for target in job.targets if target != "me"]
