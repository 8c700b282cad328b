"""Runs many commands by the real npm client in one process of node, since its start costs most.

Each is read, carried out and refused by npm's own code, as its `npm` program does it. What a
command leaves behind in the environment is taken back, since its process would have ended.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.sandbox.test_npm_client import NPM, Client

NODE = shutil.which("node")
PASSWORD = ("--otp=000000",)
"""What a person would be asked for; given to `npm login`, it would ask for a name, too."""
PROGRAM = """\
const root = process.argv[1]
process.argv[1] = 'npm'
const Npm = require(root + '/lib/npm.js')
const wanted = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
const first = { ...process.env }
async function run (argv) {
  let said = ''
  const sink = { write: part => { said += part; return true }, on () {}, columns: 100 }
  const npm = new Npm({ argv, stdout: sink, stderr: sink })
  let code = 0
  try {
    const { exec, command, args } = await npm.load()
    if (exec) await npm.exec(command, args)
    code = process.exitCode || 0
  } catch (error) {
    code = error.exitCode || 1
    said += `${error.code ?? ''} ${error.message}`
  }
  npm.unload()
  process.exitCode = 0
  for (const name of Object.keys(process.env)) if (!(name in first)) delete process.env[name]
  Object.assign(process.env, first)
  return [code, said]
}
(async () => {
  // A connection of an earlier command that is used again does not keep node waiting.
  const waits = setInterval(() => {}, 1000)
  const ended = []
  for (const argv of wanted) ended.push(await run(argv))
  clearInterval(waits)
  process.stdout.write(JSON.stringify(ended))
})()
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command came to."""

    words: tuple[str, ...]
    code: int
    said: str


def many(client: Client, commands: Sequence[Sequence[str]], token: str = "") -> list[Ended]:
    """Run commands one after the other, whatever they come to.

    Args:
        client: whose sandbox and home.
        commands: the words behind `npm` of each.
        token: what the client is signed in with at first.
    """
    assert NPM is not None
    assert NODE is not None
    root = Path(NPM).resolve().parents[1]
    done = subprocess.run(  # noqa: S603 (our own npm, our own words)
        [NODE, "-e", PROGRAM, "--", str(root)],
        cwd=client.home,
        env=client.environment(token),
        input=json.dumps([[*one, *PASSWORD[one[0] == "login" :]] for one in commands]),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ended = json.loads(done.stdout)
    return [
        Ended(tuple(words), code, said) for words, (code, said) in zip(commands, ended, strict=True)
    ]
