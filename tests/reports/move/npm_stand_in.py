"""Stands in for npm: it keeps packages in a file, and can stop the script at any of its calls.

It answers what the script asks, in npm's words. Nothing of it is imported, since it is a program.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import uuid
from pathlib import Path
from typing import Any

STATE = Path(os.environ.get("MOVE_STATE", "state.json"))
WINDOW = 80
OLD = "old-1"
"""The id of the publisher that packages have at first."""
PERMISSIONS = {"--allow-publish": "createPackage", "--allow-stage-publish": "createStagedPackage"}


def main(words: list[str]) -> int:
    """Answer one call; it is counted, and may be the last one of the script."""
    state = json.loads(STATE.read_text())
    state["calls"] += 1
    kill = state["kills"].pop(0) if state["calls"] in state["kills"][:1] else None
    if kill is not None and kill % 2:
        save(state)
        stop()
    code, text = answer(state, words)
    save(state)
    if kill is not None:
        stop()
    sys.stdout.write(text)
    return code


def save(state: dict[str, Any]) -> None:
    """Keep the state, after every package was looked at for a way that npm accepts.

    The old publisher is one until a release was made by the new one, which may not work before.
    """
    for name, one in state["packages"].items():
        working = {item["id"] for item in one["publishers"]}
        if name in state["unproven"]:
            working &= {OLD}
        if one["mfa"] == "publish" and not working:
            state["without"].append(name)
    STATE.write_text(json.dumps(state))


def stop() -> None:
    """End the script and all that it started."""
    os.killpg(os.getpgrp(), signal.SIGKILL)


def answer(state: dict[str, Any], words: list[str]) -> tuple[int, str]:
    """The exit code, and what is printed."""
    match words:
        case ["--version"]:
            return 0, state["version"]
        case ["config", "get", "registry"]:
            return 0, state["registry"]
    if (refused := challenged(state)) is not None:
        return refused
    return changed(state, words)


def challenged(state: dict[str, Any]) -> tuple[int, str] | None:
    """The refusal of a call without 2FA; a person at the terminal answers at once."""
    if state["down"]:
        return 1, refusal(state["down"], f"request to {state['registry']} failed")
    if state["limits"]:
        state["limits"] -= 1
        return 1, refusal("E429", "429 Too Many Requests")
    if state["window"] == 0:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            return 1, refusal("EOTP", "This operation requires a one-time password.")
        if state["wrong"]:
            state["wrong"] -= 1
            return 1, refusal("EOTP", "This operation requires a one-time password.")
        if state["interrupted"]:
            state["interrupted"] = False
            save(state)
            os.killpg(os.getpgrp(), signal.SIGINT)
        state["window"] = WINDOW
        state["prompts"] += 1
    state["window"] -= 1
    state["asked"] += 1
    return None


def changed(state: dict[str, Any], words: list[str]) -> tuple[int, str]:
    """What reads or changes settings."""
    match words:
        case ["trust", "list", name, *_]:
            package = state["packages"].get(name)
            if package is None:
                return 1, refusal("E404", "404 Package not found")
            return 0, "".join(f"{json.dumps(one, indent=2)}\n\n" for one in package["publishers"])
        case ["trust", "github", name, *_] if name in state["forbidden"]:
            return 1, refusal("E403", f"403 Forbidden - POST /-/package/{name}/trust")
        case ["trust", "github", name, *given]:
            return added(state["packages"][name], given)
        case ["trust", "revoke", name, identity]:
            package = state["packages"][name]
            number = identity.removeprefix("--id=")
            left = [one for one in package["publishers"] if one["id"] != number]
            if len(left) == len(package["publishers"]):
                return 1, refusal("E404", "404 Trusted publisher configuration not found")
            package["publishers"] = left
            return 0, ""
        case ["view", *_]:
            return 1, refusal("E404", "404 Not found")
        case ["access", "set", setting, name]:
            state["packages"][name]["mfa"] = setting.removeprefix("mfa=")
            return 0, ""
    raise SystemExit(f"no such call: {words}")


def added(package: dict[str, Any], given: list[str]) -> tuple[int, str]:
    """A publisher more; npm takes no second one of the same claims."""
    named = dict(word.removeprefix("--").partition("=")[::2] for word in given if "=" in word)
    claims = {"type": "github", "file": named["file"], "repository": named["repo"]}
    claims |= {"environment": named["env"]} if "env" in named else {}
    for one in package["publishers"]:
        if {key: one.get(key) for key in claims} == claims and "environment" in one == (
            "environment" in claims
        ):
            return 1, refusal("E409", "409 Conflict - already exists")
    number = str(uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(claims)))
    allowed = [PERMISSIONS[word] for word in given if word in PERMISSIONS]
    made = {"id": number, **claims, "permissions": allowed}
    package["publishers"].append(made)
    shown = {"package": "it", **claims, "permissions": allowed}
    return 0, f"{json.dumps(shown, indent=2)}\n\n{json.dumps(made, indent=2)}\n\n"


def refusal(code: str, text: str) -> str:
    """An error, as npm prints it."""
    sys.stderr.write(f"npm error code {code}\nnpm error {text}\n")
    return json.dumps({"error": {"code": code, "summary": text}}, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
