"""What changes a repository: its settings, its switches, its keys and its secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hardenme.sandbox.github.body import Body, Choice, Many
from hardenme.sandbox.github.calls import Answer, PermittedRequest, problem
from hardenme.sandbox.github.permits import Permit, administration
from hardenme.sandbox.github.rest.alerts import NOT_OFFERED
from hardenme.sandbox.github.rest.branch import UPGRADE
from hardenme.sandbox.github.rest.repository import repository
from hardenme.sandbox.http import Reply
from tests.worlds.github_writes.change import ARCHIVED, Change, missing, put, take_out

FEATURES = ("secret_scanning", "secret_scanning_push_protection")
STATUS = Body({}, {"status": Choice(("enabled", "disabled"))})
SETTINGS = Body(
    {},
    {
        "archived": bool,
        "visibility": Choice(("public", "private")),
        "security_and_analysis": Body({}, dict.fromkeys(FEATURES, STATUS)),
    },
)


def set_settings(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """Change the settings that are given; one that is archived can be unarchived alone."""
    found = call.repository
    if found.archived and given != {"archived": False}:
        return problem(403, ARCHIVED)
    if "archived" in given:
        found.archived = given["archived"]
    if "visibility" in given:
        found.visibility = given["visibility"]
    for feature, value in given.get("security_and_analysis", {}).items():
        setattr(found.security, feature, value["status"])
    return repository(call)


def _switch(name: str, *, on: bool, public_only: bool = False) -> Any:
    """What switches a feature of a repository on or off."""

    def apply(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
        del given
        if public_only and call.repository.private:
            return problem(422, "Private vulnerability reporting is not available here.")
        setattr(call.repository, name, on)
        return None

    return apply


def delete_key(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """A deploy key opens nothing from then on."""
    del given
    return take_out(call.repository.deploy_keys, call.names["key_id"])


def delete_secret(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """No workflow reads the secret from then on."""
    del given
    return take_out(call.repository.secrets, call.names["secret_name"], "name")


def delete_environment_secret(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """The same of the secret of an environment."""
    del given
    name = call.names["environment_name"]
    for environment in call.repository.environments:
        if environment.name == name:
            return take_out(environment.secrets, call.names["secret_name"], "name")
    return missing()


def delete_environment(call: PermittedRequest, given: dict[str, Any]) -> Answer | None:
    """An environment is gone with its secrets."""
    del given
    return take_out(call.repository.environments, call.names["environment_name"], "name")


def set_code_scanning(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """Set code scanning up; it is done by a run, which ends later."""
    if call.repository.code_scanning == "not offered":
        return problem(403, NOT_OFFERED)
    put(call.repository, {"code_scanning": given.get("state", call.repository.code_scanning)})
    url = f"{call.api}/repos/{call.repository.full_name}/actions/runs/42"
    return Reply(202, {"run_id": 42, "run_url": url})


def set_subject(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """Of what the subject of a token is made."""
    claims = None if given["use_default"] else given.get("include_claim_keys", [])
    immutable = given.get("use_immutable_subject", False)
    put(call.repository, {"subject_claims": claims, "immutable_subject": immutable})
    return Reply(201, {})


def enforce_admins(call: PermittedRequest, given: dict[str, Any]) -> Answer:
    """Classic protection binds administrators too."""
    del given
    branch, found = call.names["branch"], call.repository
    if not call.world.rules_offered(found):
        return problem(403, UPGRADE)
    protection = found.protection_of(branch) if branch in found.branch_names else None
    if protection is None:
        return problem(404, "Branch not protected")
    protection.enforce_admins = True
    path = f"repos/{found.full_name}/branches/{branch}/protection/enforce_admins"
    return {"url": f"{call.api}/{path}", "enabled": True}


def _secrets(permission: str) -> Permit:
    return Permit(scopes=("repo",), permissions=((permission,),), role="write")


ADMIN, REPO = administration("write"), "/repos/{owner}/{repo}"


def _switches() -> Iterator[Change]:
    """The features that are switched on by a PUT and off by a DELETE."""
    for path, name, public_only in (
        ("vulnerability-alerts", "vulnerability_alerts_enabled", False),
        ("private-vulnerability-reporting", "private_vulnerability_reporting", True),
        ("immutable-releases", "immutable_releases", False),
    ):
        on = _switch(name, on=True, public_only=public_only)
        off = _switch(name, on=False, public_only=public_only)
        yield Change("PUT", f"{REPO}/{path}", on, ADMIN)
        yield Change("DELETE", f"{REPO}/{path}", off, ADMIN)


CHANGES = (
    Change("PATCH", REPO, set_settings, ADMIN, SETTINGS, of_archived=True),
    *_switches(),
    Change("DELETE", f"{REPO}/keys/{{key_id}}", delete_key, ADMIN),
    Change("DELETE", f"{REPO}/environments/{{environment_name}}", delete_environment, ADMIN),
    Change(
        "DELETE",
        f"{REPO}/actions/secrets/{{secret_name}}",
        delete_secret,
        _secrets("secrets:write"),
    ),
    Change(
        "DELETE",
        f"{REPO}/environments/{{environment_name}}/secrets/{{secret_name}}",
        delete_environment_secret,
        _secrets("environments:write"),
    ),
    Change(
        "PATCH",
        f"{REPO}/code-scanning/default-setup",
        set_code_scanning,
        ADMIN,
        Body({}, {"state": Choice(("configured", "not-configured"))}),
    ),
    Change(
        "PUT",
        f"{REPO}/actions/oidc/customization/sub",
        set_subject,
        Permit(scopes=("repo",), permissions=(("actions:write",),), role="write"),
        Body(
            {"use_default": bool},
            {"include_claim_keys": Many(str), "use_immutable_subject": bool},
        ),
    ),
    Change("POST", f"{REPO}/branches/{{branch}}/protection/enforce_admins", enforce_admins, ADMIN),
)
