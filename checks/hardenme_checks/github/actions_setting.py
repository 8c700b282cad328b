"""How a setting of Actions is changed, and where it decides nothing."""

import json

from hardenme.facts.github.actions import SettingPlace
from hardenme.facts.github.site import GitHubFact, full_name
from hardenme.model.verdict import Fix, NotApplicable

IDLE = {
    "disabled": "Actions are off",
    "archived": "archived: no workflow runs",
    "private": "the setting applies to public repositories only",
    "public": "the setting applies to private repositories only",
}

PERMISSIONS = "actions/permissions"
ALONE = "fork-pr-contributor-approval"
"""The setting that is one value: a command sets it, and has nothing else to keep."""
ADDRESSES = ".selected_repositories_url, .selected_actions_url"
"""What an answer holds next to the values; a PUT does not accept it."""
UNDO = "Restore the former choice on the same page"


def decides_nothing(at: SettingPlace) -> NotApplicable | None:
    """The verdict where the setting decides nothing; None where it may."""
    if not at.idle:
        return None
    return NotApplicable(IDLE.get(at.idle, "the setting has no effect here"), {"idle": at.idle})


def rewrite(setting: GitHubFact, path: str, **values: bool | str | list[str]) -> str:
    """A command that sets some values of a setting that a PUT replaces as a whole.

    GitHub does not document what happens to a value that is left out. So the setting is read,
    changed and written back, and the other values stay as they are. Of two such commands neither
    undoes what the other one set.
    """
    if path.endswith(ALONE):
        words = [word for name, value in values.items() for word in ("-f", f"{name}={value}")]
        return setting.gh("api", "-X", "PUT", path, *words)
    changes = [f".{name} = {json.dumps(value)}" for name, value in values.items()]
    if path.endswith(PERMISSIONS):
        changes = [f"del({ADDRESSES})", *changes]
    read = setting.gh("api", path, "--jq", " | ".join(changes))
    return f"{read} | {setting.gh('api', '-X', 'PUT', path, '--input', '-')}"


def change(
    setting: GitHubFact,
    at: SettingPlace,
    path: str,
    step: str,
    *,
    binds: bool = True,
    **values: bool | str,
) -> Fix:
    """The fix that changes some values of a setting.

    Args:
        path: its path below the owner's or the repository's address in the API.
        step: what is chosen on the page, as an imperative sentence.
        binds: whether what is chosen for an organization holds in all its repositories.
        values: the new values, by the API's names.
    """

    def put(place: str) -> str:
        return rewrite(setting, f"{place}/{path}", **values)

    def for_all() -> Fix:
        return Fix(
            f"Change it for all of {at.organization}: {step[0].lower()}{step[1:]}",
            page=setting.page("org-actions", org=at.organization),
            command=put(f"orgs/{at.organization}"),
            needs="organization owner",
            undo=UNDO,
        )

    if setting.subject.kind == "org":
        return for_all()
    repository = full_name(setting)
    return Fix(
        step,
        page=setting.page("repo-actions", repo=repository),
        command=put(f"repos/{repository}"),
        needs="repository admin",
        undo=UNDO,
        wider=for_all() if at.organization and binds else None,
    )
