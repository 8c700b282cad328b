"""Payloads after GitHub's own descriptions of them, as an outsider's act would have them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

OWN = {
    "full_name": "hazel/catkin",
    "name": "catkin",
    "id": 7,
    "fork": False,
    "default_branch": "main",
}
THEIRS = {"full_name": "mallow/catkin", "name": "catkin", "id": 99, "fork": True}
ASSOCIATIONS = ("NONE", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "CONTRIBUTOR", "MANNEQUIN")
PULLS = ("pull_request_target", "pull_request_review", "pull_request_review_comment")
EVENTS = (
    *PULLS,
    *("check_run", "check_suite", "discussion", "discussion_comment", "fork", "gollum"),
    *("issue_comment", "issues", "status", "watch", "workflow_run"),
)
BY_DEFAULT = {"pull_request_target": ("opened", "reopened", "synchronize")}
WORDS = ("fix", "/deploy", "@claude go", "main", "true", '["mallow","hazel"]', "0", "hazel", "")
DEEPEST = 6


def types_of(event: str, schema: Mapping[str, Any]) -> tuple[str, ...]:
    """The types of an event that a description has; one that is empty where it has none."""
    name = "pull_request" if event == "pull_request_target" else event
    kinds = [
        key.partition("$")[2] for key in schema if key.partition("$")[0] == name and "$" in key
    ]
    return tuple("" if kind == "event" else kind for kind in sorted(kinds))


def context(
    event: str, kind: str, schema: Mapping[str, Any], choose: random.Random
) -> dict[str, Any]:
    """What `github` and the other contexts hold after an outsider's act."""
    name = "pull_request" if event == "pull_request_target" else event
    made = Payloads(schema, choose)
    payload = made.of({"$ref": f"#/definitions/{name}${kind or 'event'}"})
    actor = choose.choice(["mallow", "mallow", "renovate[bot]", "dependabot[bot]"])
    made.overlay(event, kind, payload, actor)
    pulled = event in PULLS
    number = "refs/pull/3/merge" if pulled and event != "pull_request_target" else "refs/heads/main"
    return {
        "github": {
            "event": payload,
            "event_name": event,
            "actor": actor,
            "triggering_actor": actor,
            "repository": OWN["full_name"],
            "repository_owner": "hazel",
            "ref": number,
            "ref_name": number.removeprefix("refs/heads/").removeprefix("refs/"),
            "ref_type": "branch",
            "head_ref": choose.choice(["fix", "main", "release/1"]) if pulled else "",
            "base_ref": choose.choice(["main", "next"]) if pulled else "",
            "server_url": "https://git.example",
        },
        "vars": {"PEOPLE": '["hazel","willow"]', "ON": choose.choice(["true", "false"])},
        "needs": {"gate": {"result": "success", "outputs": {"ok": choose.choice(["true", ""])}}},
        "steps": {
            "gate": {
                "outcome": "success",
                "conclusion": "success",
                "outputs": {"ok": choose.choice(["true", "false"])},
            }
        },
        "env": {"WHO": choose.choice(["hazel", "mallow"])},
        "inputs": {},
        "matrix": {"os": "linux"},
        "runner": {"os": "Linux"},
    }


class Payloads:
    """Makes values after a schema."""

    def __init__(self, schema: Mapping[str, Any], choose: random.Random) -> None:
        self.schema = schema
        self.choose = choose

    def of(self, node: Mapping[str, Any], depth: int = 0) -> Any:
        """A value of what a description allows."""
        if "$ref" in node:
            return self.of(self.schema[node["$ref"].rpartition("/")[2]], depth)
        if "allOf" in node:
            merged: dict[str, Any] = {}
            for part in node["allOf"]:
                merged |= self.of(part, depth)
            return merged
        if "const" in node or "enum" in node:
            return node["const"] if "const" in node else self.choose.choice(node["enum"])
        for key in ("oneOf", "anyOf"):
            if key in node:
                return self.of(self.choose.choice(node[key]), depth)
        kinds = node.get("type", "object")
        kind = self.choose.choice(kinds) if isinstance(kinds, list) else kinds
        return self._of_kind(kind, node, depth)

    def _of_kind(self, kind: str, node: Mapping[str, Any], depth: int) -> Any:
        if kind == "object":
            if depth > DEEPEST:
                return {}
            needed = node.get("required", ())
            return {
                key: self.of(part, depth + 1)
                for key, part in node.get("properties", {}).items()
                if key in needed or self.choose.random() < 0.5
            }
        if kind == "array":
            items = node.get("items", {})
            listed = isinstance(items, list) or depth > DEEPEST
            return [] if listed else [self.of(items, depth + 1)]
        return {
            "string": self.choose.choice(WORDS),
            "integer": self.choose.choice([0, 1, 3]),
            "number": self.choose.choice([0, 1, 3]),
            "boolean": self.choose.random() < 0.5,
        }.get(kind)

    def overlay(self, event: str, kind: str, payload: dict[str, Any], actor: str) -> None:
        """Put in who acted, and whose repositories these are."""
        self._put(payload.get("repository"), OWN, "hazel")
        self._name(payload.get("sender"), actor)
        for holder in self._written(event, payload):
            self._name(holder.get("user"), "mallow")
            if "author_association" in holder:
                holder["author_association"] = self.choose.choice(ASSOCIATIONS)
        pull = payload.get("pull_request")
        if event in PULLS and isinstance(pull, dict):
            self._pull(event, kind, pull)
        run = payload.get("workflow_run")
        if event == "workflow_run" and isinstance(run, dict):
            self._run(run, actor)
        self._put(payload.get("forkee"), THEIRS, "mallow")

    def _written(self, event: str, payload: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        keys = {
            "issues": "issue",
            "discussion": "discussion",
            "pull_request_target": "pull_request",
            "pull_request_review": "review",
        }
        key = keys.get(event, "comment")
        if isinstance(payload.get(key), dict):
            yield payload[key]

    def _pull(self, event: str, kind: str, pull: dict[str, Any]) -> None:
        own = event != "pull_request_target" and self.choose.random() < 0.3
        head, base = pull["head"], pull["base"]
        head["repo"] = head["repo"] or dict(THEIRS, owner={})
        self._put(base["repo"], OWN, "hazel")
        self._put(head["repo"], OWN if own else THEIRS, "hazel" if own else "mallow")
        self._name(head.get("user"), "hazel" if own else "mallow")
        head["label"] = f"{'hazel' if own else 'mallow'}:fix"
        if not own:
            self._name(pull.get("user"), "mallow")
            pull["author_association"] = self.choose.choice(ASSOCIATIONS)
            gone = event != "pull_request_target" or kind not in BY_DEFAULT[event]
            if gone and self.choose.random() < 0.3:
                head["repo"] = None
        if event == "pull_request_target":
            pull |= {"merged": False, "merged_at": None, "merged_by": None}

    def _run(self, run: dict[str, Any], actor: str) -> None:
        forks = ["pull_request", "pull_request_target", "pull_request_review"]
        event = self.choose.choice([*forks, "issue_comment", "issues", "fork"])
        run["event"] = event
        fork = event in forks
        self._put(run.get("repository"), OWN, "hazel")
        self._put(
            run.get("head_repository"), THEIRS if fork else OWN, "mallow" if fork else "hazel"
        )
        for key in ("actor", "triggering_actor"):
            self._name(run.get(key), actor)

    def _put(self, holder: Any, whose: Mapping[str, Any], login: str) -> None:
        if isinstance(holder, dict):
            holder.update(whose)
            if isinstance(holder.get("owner"), dict):
                self._name(holder["owner"], login)

    def _name(self, holder: Any, login: str) -> None:
        if isinstance(holder, dict):
            holder["login"] = login
            holder["id"] = {"hazel": 1, "mallow": 2}.get(login, 49699333)
