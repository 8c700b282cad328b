"""What a user means by a subject: its id, as reports write it, or a target, as `check` takes it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from hardenme.engine.target import Target
from hardenme.ground.errors import UsageError
from hardenme.model.practice import PROVIDER as PRACTICE
from hardenme.model.statement import WITHOUT_CASE
from hardenme.model.subject import Subject

ALIKE = 0.7
"""How much a name must be like another one to be proposed in its place."""
OWNED = frozenset({"repo", "environment"})
"""Kinds of GitHub's things whose names begin with the repository's."""
KINDS = OWNED | {
    *("org", "user", "token", "membership", "repository-invitation"),
    *("ssh-key", "gpg-key", "email"),
}
"""What follows `github:` in an id; `github:org/acme` is one, and no repository of a login `org`."""
OWN = Target("me", "me")
IDS = {
    "npm-package": ("npm:package/{}",),
    "npm-scope": ("npm:org/{}",),
    "github-repo": ("github:repo/{}",),
    "github-owner": ("github:org/{}", "github:user/{}"),
}


@dataclass(frozen=True, slots=True)
class Meant:
    """What a text names.

    Attributes:
        text: the user's words.
        ids: the ids that it may be, as `same` writes them; empty for everything there is.
        exact: whether it names one subject, and not everything in it.
    """

    text: str
    target: Target
    ids: tuple[str, ...] = ()
    exact: bool = False

    @classmethod
    def parse(cls, text: str) -> Meant:
        """Read an id or a target.

        Raises:
            UsageError: it is neither.
        """
        try:
            subject = Subject.parse(_whole(text))
        except ValueError:
            subject = None
        if subject is not None and _is_id(subject):
            return cls(text, _target(subject), (same(str(subject)),), exact=True)
        target = Target.parse(text)
        if target.kind == "local":
            raise UsageError("nothing on this machine is a question for a person")
        return cls(
            text, target, tuple(same(i.format(target.name)) for i in IDS.get(target.kind, ()))
        )

    def covers(self, subject: Subject, within: Subject) -> bool:
        """Whether a subject is named, or is in what is named."""
        own, upper = same(str(subject)), same(str(within))
        if own in self.ids or not self.ids:
            return True
        if self.exact:
            return False
        name = self.target.name.lower()
        owners = {part.partition("/")[2].partition("/")[0] for part in (own, upper)}
        if self.target.kind == "github-repo":
            lies = f"/{name}/" in own or upper in self.ids
        elif self.target.kind == "npm-scope":
            lies = own.startswith(f"npm:package/@{self.target.name}/") or upper in self.ids
        else:
            lies = upper in self.ids or (own.startswith("github:") and name in owners)
        return lies


def same(subject: str) -> str:
    """An id by which two spellings of one subject are the same: GitHub's names have no case."""
    return subject.lower() if subject.startswith(WITHOUT_CASE) else subject


def suggestion(text: str, known: Iterable[str]) -> str:
    """A known id that the text may have meant, as the end of a sentence; empty for none."""
    near = difflib.get_close_matches(text, sorted(set(known)), 1, ALIKE)
    return f"; did you mean {near[0]}?" if near else ""


def _whole(text: str) -> str:
    """An id with its kind: `practice:hazel` is `practice:user/hazel`."""
    provider, _, name = text.partition(":")
    short = provider == PRACTICE and "/" not in name
    return f"{PRACTICE}:user/{name}" if short else text


def _is_id(subject: Subject) -> bool:
    if subject.provider == "npm":
        return not subject.kind.startswith("@")
    if subject.provider == PRACTICE:
        return subject.kind in {"user", "org"}
    return subject.kind in KINDS if subject.provider == "github" else False


def _target(subject: Subject) -> Target:
    """What has to be asked about so that a subject shows."""
    if subject.provider == "npm":
        told = {"package": f"npm:{subject.name}", "org": f"npm:@{subject.name}"}.get(subject.kind)
    elif subject.kind in OWNED:
        told = "github:" + "/".join(subject.name.split("/")[:2])
    else:
        told = f"github:{subject.name}" if subject.kind in {"org", "user"} else None
    return OWN if told is None else Target.parse(told)
