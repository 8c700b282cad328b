"""A workflow of GitHub Actions that reads a fleet: a plan, a job a shard, and one that merges.

Results are passed from job to job as artifacts. No token is: each job signs in as the app.
"""

from __future__ import annotations

import shlex

from hardenme.ground import distribution
from hardenme.reports.schedule.job import ScheduledRun
from hardenme.reports.schedule.workflow import FROM_COMMIT, pinned

SHARDS = 32
"""Jobs of the matrix, at most: GitHub takes 256, and rounds the minutes of each up."""
SET_UP = """\
      - name: Set up Python
        uses: @SETUP_PYTHON@
        with:
          python-version: "3.13"

@GET@      - name: Install hardenme
        run: @INSTALL@
"""
FETCHED = """\
      - name: Fetch the plan
        env:
          GH_TOKEN: ${{ github.token }}
        run: |
          gh run download "$GITHUB_RUN_ID" --repo "$GITHUB_REPOSITORY" --name hardenme-plan \\
            --dir "$RUNNER_TEMP/plan"
"""
WORKFLOW = """\
# .github/workflows/hardenme-fleet.yml
# Printed by hardenme @VERSION@; nothing was installed. Save it under that name.
# Reads @SHOWN@ in up to @MOST@ jobs, @OFTEN@, and merges them into one report.
#
# Put it into a PRIVATE repository. Anyone who can read the repository can read its log,
# its summary and its artifacts, which name people, keys and settings.
#
# Before the first run, under Settings > Environments:
#   1. Create the environment "hardenme", and let only the default branch deploy to it.
#   2. Add the variable HARDENME_APP_ID, and the secret HARDENME_APP_KEY: the ID and the private
#      key of a GitHub App that is installed on each organization. What it takes:
#      hardenme permissions --app-manifest
#
# Each job that reads gets that key. It can read all organizations: use one workflow, one
# environment and one app for each group of organizations that must not share a key.
#
# A job that was stopped continues with "Re-run failed jobs", also one that a rate limit stopped.
# No one notices a missed run: look at the date of the newest one.
name: hardenme fleet

on:
  schedule:
    - cron: "@CRON@"
  workflow_dispatch: {}

permissions: {}

concurrency:
  group: @NAME@
  cancel-in-progress: false

jobs:
  plan:
    name: Plan
    # A timer runs on the default branch alone; by hand, it must be that one, too.
    if: github.event_name == 'schedule' || github.ref_name == github.event.repository.default_branch
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    environment: hardenme
    permissions: {}
    outputs:
      indexes: ${{ steps.plan.outputs.indexes }}
    steps:
      # Empty where the event does not say: then it counts as public.
      - name: Stop in a public repository
        env:
          PRIVATE: ${{ github.event.repository.private }}
        run: |
          if [ "$PRIVATE" != true ]; then
            echo "::error::Anyone who can read this repository could read what hardenme finds."
            exit 1
          fi

@SET_UP@
      # 3: some organizations cannot be read. They are in the report as not looked at.
      - name: Plan
        id: plan
        working-directory: ${{ runner.temp }}
        env:
          APP_ID: ${{ vars.HARDENME_APP_ID }}
          APP_KEY: ${{ secrets.HARDENME_APP_KEY }}
        run: |
          umask 077
          printf '%s\\n' "$APP_KEY" > app.pem
          code=0
          "$RUNNER_TEMP/venv/bin/hardenme" fleet plan --no-config --app-id "$APP_ID" \\
            --app-key "$RUNNER_TEMP/app.pem" --shards @MOST@ --output plan.json \\
            @ARGUMENTS@ || code=$?
          rm app.pem
          [ "$code" = 0 ] || [ "$code" = 3 ] || exit "$code"
          echo "indexes=$(jq --compact-output '[range(.plan.shards | length)]' plan.json)" \\
            >> "$GITHUB_OUTPUT"

      - name: Keep the plan for this run
        uses: @UPLOAD@
        with:
          name: hardenme-plan
          path: ${{ runner.temp }}/plan.json
          retention-days: 90
          overwrite: true

  read:
    # The index alone: names would be in the log.
    name: Shard ${{ matrix.index }}
    needs: plan
    if: needs.plan.outputs.indexes != '[]'
    strategy:
      # What stops one shard must not stop the others.
      fail-fast: false
      max-parallel: 8
      matrix:
        index: ${{ fromJSON(needs.plan.outputs.indexes) }}
    runs-on: ubuntu-24.04
    timeout-minutes: 350
    environment: hardenme
    permissions:
      actions: read # fetches the plan, and what earlier attempts of this shard read
    steps:
@SET_UP@
@FETCHED@
      - name: Fetch what earlier attempts read
        if: github.run_attempt != '1'
        env:
          GH_TOKEN: ${{ github.token }}
          INDEX: ${{ matrix.index }}
        run: |
          gh run download "$GITHUB_RUN_ID" --repo "$GITHUB_REPOSITORY" \\
            --pattern "hardenme-results-$INDEX-*" --dir "$RUNNER_TEMP/earlier" || exit 0
          mkdir -p "$RUNNER_TEMP/results"
          for one in "$RUNNER_TEMP"/earlier/*/; do cp -R "$one." "$RUNNER_TEMP/results"; done

      # It ends with 3 where something was not read as a whole. What was read counts all the same.
      - name: Read
        working-directory: ${{ runner.temp }}
        env:
          APP_ID: ${{ vars.HARDENME_APP_ID }}
          APP_KEY: ${{ secrets.HARDENME_APP_KEY }}
          INDEX: ${{ matrix.index }}
        run: |
          umask 077
          printf '%s\\n' "$APP_KEY" > app.pem
          code=0
          "$RUNNER_TEMP/venv/bin/hardenme" fleet run --no-config --no-cache --app-id "$APP_ID" \\
            --app-key "$RUNNER_TEMP/app.pem" --plan plan/plan.json --index "$INDEX" \\
            --out results || code=$?
          rm app.pem
          exit "$code"

      - name: Keep what was read for this run
        if: ${{ !cancelled() }}
        uses: @UPLOAD@
        with:
          name: hardenme-results-${{ matrix.index }}-${{ github.run_attempt }}
          path: ${{ runner.temp }}/results
          if-no-files-found: ignore
          retention-days: 7

  merge:
    name: Merge
    needs: [plan, read]
    # Also where shards failed: what they did not read is then reported as not looked at.
    if: ${{ !cancelled() && needs.plan.result == 'success' }}
    runs-on: ubuntu-24.04
    timeout-minutes: 180
    permissions:
      actions: read # fetches the plan and the results
    steps:
@SET_UP@
@FETCHED@
      - name: Fetch the results
        env:
          GH_TOKEN: ${{ github.token }}
        run: |
          mkdir -p "$RUNNER_TEMP/results"
          gh run download "$GITHUB_RUN_ID" --repo "$GITHUB_REPOSITORY" \\
            --pattern 'hardenme-results-*' --dir "$RUNNER_TEMP/fetched" || exit 0
          for one in "$RUNNER_TEMP"/fetched/*/; do cp -R "$one." "$RUNNER_TEMP/results"; done

      # It judges what was read. It holds no key, and asks no one.
      - name: Merge
        working-directory: ${{ runner.temp }}
        run: |
          "$RUNNER_TEMP/venv/bin/hardenme" fleet merge --no-config --plan plan/plan.json \\
            --in results --format json --output report.json

      - name: Show it
        if: ${{ !cancelled() }}
        working-directory: ${{ runner.temp }}
        run: |
          "$RUNNER_TEMP/venv/bin/hardenme" show report.json --format github

      - name: Keep the report
        if: ${{ !cancelled() }}
        uses: @UPLOAD@
        with:
          name: hardenme-report-${{ github.run_attempt }}
          path: ${{ runner.temp }}/report.json
          retention-days: 90
"""


def fleet_workflow(job: ScheduledRun) -> str:
    """The workflow, with what to know at its head.

    Args:
        job: the targets, all of them organizations; none for every one with the app.
    """
    moment = job.moment
    day = str(moment.day) if moment.every == "week" else "*"
    words = {
        "SET_UP": SET_UP,
        "FETCHED": FETCHED,
        "GET": "" if distribution.RELEASED else FROM_COMMIT,
        "INSTALL": distribution.install_into('"$RUNNER_TEMP/venv"'),
        "CHECKOUT": pinned("actions/checkout"),
        "OWNER": distribution.OWNER,
        "COMMIT": distribution.COMMIT,
        "VERSION": job.version,
        "SHOWN": " ".join(job.targets) or "every organization that has the app",
        "MOST": str(SHARDS),
        "OFTEN": job.often,
        "CRON": f"{moment.minute} {moment.hour} * * {day}",
        "NAME": f"hardenme-fleet-{job.key}",
        "ARGUMENTS": " ".join(map(shlex.quote, job.targets)) or "--all-organizations",
        "SETUP_PYTHON": pinned("actions/setup-python"),
        "UPLOAD": pinned("actions/upload-artifact"),
    }
    text = WORKFLOW
    for name, word in words.items():
        text = text.replace(f"@{name}@", word)
    return text
