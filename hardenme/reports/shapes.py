"""The commands that a script may run: those that checks print, word for word but for the names.

A report is a file, and a file may come from anyone. So a script runs a command from it only if a
check could have printed that command. None of these lets anyone publish or administer, removes a
rule, installs a package or reads the environment, whatever a report contains.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence

BREAK = "\n"
"""The separator of words in the patterns; no word of a command contains one."""
NAME = r"[A-Za-z0-9_.~@:-]+"
"""A name in a path of GitHub's API."""
ESCAPED = r"(?:[A-Za-z0-9_.~-]|%[0-9A-F]{2})+"
"""The name of a branch or of an environment there."""
REPOSITORY = rf"repos/{NAME}/{NAME}"
PLACE = rf"(?:orgs/{NAME}|{REPOSITORY})"
WHO = rf"[^-/{BREAK}][^/{BREAK}]*"
"""Someone or something at npm; what begins with a dash would be an option."""
PACKAGE = rf"(?:@{WHO}/)?{WHO}"
HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
ADDRESS = re.compile(rf"https?://{HOST}(?::\d{{1,5}})?(?:/{NAME})*/?")


def _pattern(*shapes: str) -> re.Pattern[str]:
    """Any of some commands, each written with blanks between its words."""
    return re.compile("|".join(shape.replace(" ", BREAK) for shape in shapes))


DELETED = (
    rf"{PLACE}/actions/secrets/{NAME}",
    rf"{REPOSITORY}/environments/{ESCAPED}/secrets/{NAME}",
    rf"{REPOSITORY}/(?:invitations|keys)/\d+",
    rf"orgs/{NAME}/(?:invitations|credential-authorizations)/\d+",
    rf"orgs/{NAME}/(?:members|outside_collaborators)/{NAME}",
    rf"orgs/{NAME}/organization-roles/(?:users|teams)/{NAME}/\d+",
    r"user/(?:gpg_)?keys/\d+",
)
GH = _pattern(
    *(f"api -X DELETE {path}" for path in DELETED),
    rf"api -X PUT orgs/{NAME}/memberships/{NAME} -f role=member",
    rf"api -X PUT orgs/{NAME}/settings/immutable-releases -f enforced_repositories=all",
    rf"api -X PUT {REPOSITORY}/collaborators/{NAME} -f permission=push",
    rf"api -X PUT {REPOSITORY}/(?:vulnerability-alerts|private-vulnerability-reporting)",
    rf"api -X PUT {REPOSITORY}/immutable-releases",
    rf"api -X PUT {REPOSITORY}/actions/oidc/customization/sub -F use_default=(?:true|false)"
    r"(?: -f include_claim_keys\[\]=[A-Za-z_]+)* -F use_immutable_subject=true",
    rf"api -X PUT {PLACE}/actions/permissions/fork-pr-contributor-approval"
    r" -f approval_policy=all_external_contributors",
    rf"api -X POST {REPOSITORY}/branches/{ESCAPED}/protection/enforce_admins",
    rf"api -X PATCH {REPOSITORY} -f security_and_analysis\[[a-z_]+\]\[status\]=enabled",
    rf"api -X PATCH {REPOSITORY}/code-scanning/default-setup -f state=configured",
    rf"api -X PATCH {PLACE}/hooks/\d+/config -f insecure_ssl=0",
    rf"api -X PATCH orgs/{NAME} -F members_can_[a-z_]+=false",
    rf"api -X PATCH orgs/{NAME} -F deploy_keys_enabled_for_repositories=false",
    rf"api -X PATCH orgs/{NAME} -f default_repository_permission=none",
    rf"api -X PATCH orgs/{NAME}/actions/runner-groups/\d+ -f name=[^{BREAK}]+"
    r" -F allows_public_repositories=false",
    r"api -X PATCH user/email/visibility -f visibility=private",
)
"""The gh calls that are used alone, without the host."""
RULESET = _pattern(rf"api -X POST {PLACE}/rulesets")
"""The call of gh that takes a body."""
RULED = {"name", "target", "enforcement", "conditions", "rules"}
"""What the body holds: it binds everyone, and no one passes it by."""
SETTING = rf"{PLACE}/actions/permissions(?:/[a-z-]+)?"
READ = re.compile(rf"api{BREAK}(?P<path>{SETTING}){BREAK}--jq{BREAK}(?P<filter>.+)")
WRITTEN = re.compile(rf"api{BREAK}-X{BREAK}PUT{BREAK}(?P<path>{SETTING})")
"""The calls of gh by which a setting is read, changed and written back."""
TAKEN_OUT = r"del\(\.[a-z_]+(?:, \.[a-z_]+)*\)"
SET = r"\.[a-z_]+ = (?:true|false|\"[a-z_]+\")"
FILTER = re.compile(rf"(?:{TAKEN_OUT} \| )?{SET}(?: \| {SET})*")
"""How it is changed."""
NPM = _pattern(
    rf"access grant read-only {WHO} {PACKAGE}",
    rf"access set mfa=publish {PACKAGE}",
    r"config set (?:ignore-scripts=true(?: min-release-age=\d+)?|min-release-age=\d+)"
    r" --location=user",
    rf"deprecate {PACKAGE} Do\snot\s[A-Za-z\s,:]+",
    rf"dist-tag add {PACKAGE} {WHO}",
    rf"org rm {WHO} {WHO}",
    rf"owner rm {WHO} {PACKAGE}",
    r"profile enable-2fa auth-and-writes",
    rf"token revoke {WHO}",
    rf"trust github {PACKAGE} --repo={WHO}/{WHO} --file={WHO} --env=[^{BREAK}]+"
    r" --allow-stage-publish",
    rf"trust revoke --id={WHO} {PACKAGE}",
)
"""The calls of npm, without the registry."""
PASSWORD = ("profile",)
"""What asks for the password: it is not typed in for whatever registry a report names."""


def alone(words: Sequence[str]) -> bool:
    """Whether a check prints this call of gh or npm, by itself."""
    if words[0] == "npm":
        return _of_npm(words[1:])
    return words[0] == "gh" and _fits(GH, words[1:]) is not None


def with_body(words: Sequence[str], body: str) -> bool:
    """Whether a check prints this call of gh, without its `--input -`, with such a body."""
    if words[0] != "gh" or _fits(RULESET, words[1:]) is None:
        return False
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.keys() == RULED and told["enforcement"] == "active"


def rewritten(reads: Sequence[str], writes: Sequence[str]) -> bool:
    """Whether a check prints these two calls of gh: one reads a setting, one writes it back."""
    if reads[0] != "gh" or writes[0] != "gh":
        return False
    read, written = _fits(READ, reads[1:]), _fits(WRITTEN, writes[1:])
    if read is None or written is None or hosts_of(reads) != hosts_of(writes):
        return False
    return read["path"] == written["path"] and FILTER.fullmatch(read["filter"]) is not None


def hosts_of(words: Sequence[str]) -> tuple[str, ...]:
    """The hosts or addresses that a call names, except the public ones."""
    option = {"gh": "--hostname", "npm": "--registry"}.get(words[0], "")
    return tuple(value for name, value in itertools.pairwise(words) if name == option)


def _fits(pattern: re.Pattern[str], words: Sequence[str]) -> re.Match[str] | None:
    """How a call of gh fits, whatever host it asks."""
    rest = list(words)
    if "--hostname" in rest:
        at = rest.index("--hostname")
        if not re.fullmatch(HOST, "".join(rest[at + 1 : at + 2])):
            return None
        del rest[at : at + 2]
    found = pattern.fullmatch(BREAK.join(rest))
    upwards = found is not None and any({".", ".."} & set(word.split("/")) for word in rest)
    return None if upwards else found


def _of_npm(words: Sequence[str]) -> bool:
    if len(words) > 2 and words[-2] == "--registry":  # noqa: PLR2004 (the option and its value)
        if not ADDRESS.fullmatch(words[-1]) or words[0] in PASSWORD:
            return False
        words = words[:-2]
    return NPM.fullmatch(BREAK.join(words)) is not None
