"""How a setting of Actions is changed, and where it decides nothing."""

from hardenme.facts.github.actions import Place
from hardenme.facts.github.site import GitHubFact, full_name
from hardenme.model.verdict import Fix, NotApplicable

IDLE = {
    "disabled": "Actions are off",
    "archived": "archived: no workflow runs",
    "private": "the setting is for public repositories",
    "public": "the setting is for private repositories",
}

LOOSE = frozenset(
    {
        ("allowed_actions", "all"),
        ("sha_pinning_required", "false"),
        ("default_workflow_permissions", "write"),
        ("can_approve_pull_request_reviews", "true"),
        ("require_approval_for_fork_pr_workflows", "false"),
    }
)
"""Values that a command does not repeat, so that none of several commands takes back what another
one closed. Where they are left out they stay, or become what is set by default."""
UNDO = "Choose what was chosen before, on the same page"


def decides_nothing(at: Place) -> NotApplicable | None:
    """The verdict where the setting decides nothing; None where it may."""
    if not at.idle:
        return None
    return NotApplicable(IDLE.get(at.idle, "it decides nothing here"), {"idle": at.idle})


def change(
    setting: GitHubFact, at: Place, path: str, step: str, *, binds: bool = True, **values: str
) -> Fix:
    """The fix that changes some values of a setting.

    Args:
        setting: the setting.
        at: where it stands.
        path: its path below the owner's or the repository's address in the API.
        step: what is chosen on the page, as an imperative sentence.
        binds: whether what is chosen for an organization holds in all its repositories.
        values: the new values, by the API's names.
    """

    def put(place: str, present: tuple[tuple[str, str], ...]) -> str:
        """A command that sets the values and keeps the others; none where these are not known."""
        words: list[str] = []
        for name, value in (dict(sorted(set(present) - LOOSE)) | values).items():
            words += ["-F" if value in {"true", "false"} else "-f", f"{name}={value}"]
        return setting.gh("api", "-X", "PUT", f"{place}/{path}", *words) if present else ""

    def for_all(present: tuple[tuple[str, str], ...]) -> Fix:
        return Fix(
            f"For all of {at.organization}: {step}",
            page=setting.page("org-actions", org=at.organization),
            command=put(f"orgs/{at.organization}", present),
            needs="organization owner",
            undo=UNDO,
        )

    if setting.subject.kind == "org":
        return for_all(at.present)
    repository = full_name(setting)
    return Fix(
        step,
        page=setting.page("repo-actions", repo=repository),
        command=put(f"repos/{repository}", at.present),
        needs="repository admin",
        undo=UNDO,
        wider=for_all(at.above) if at.organization and binds else None,
    )
