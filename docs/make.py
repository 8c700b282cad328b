"""Writes the pages of this folder, and the parts of pages, that are made from the program itself.

    python docs/make.py

A test holds them to it: where a check or an option changes, its page changes with it. The catalogue
as data is no page: it is made for a release and for the site, and not kept here.

    python docs/make.py --catalogue catalogue.json
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from hardenme.config.settings import SETTINGS, Setting
from hardenme.config.trust import Trust
from hardenme.engine.catalogue import catalogue
from hardenme.engine.plan import plan
from hardenme.engine.target import Target
from hardenme.model.compensation import COMPENSATIONS
from hardenme.model.depth import Depth
from hardenme.model.least import Gap, LeastToken, Permissions
from hardenme.model.profile import PROFILES
from hardenme.model.thresholds import THRESHOLDS
from hardenme.model.unknown import WHAT_TO_DO
from hardenme.reports.codes import ranges
from hardenme.rights.of_check import page
from hardenme.rights.permissions import permissions as least

FOLDER = Path(__file__).parent
MARKED = re.compile(r"(<!-- ([a-z-]+): begin -->\n).*?(<!-- \2: end -->\n)", re.DOTALL)
ORG = "ORG"
NOT_ASKED = "that could change things, and hardenme does not ask for it"


def _of(*targets: str) -> Permissions:
    """What all checks take at their deepest."""
    made = plan(catalogue(), depth=Depth.DEEP)
    return least(made, [Target.parse(text) for text in targets])


def _token(kind: str, owner: str, *targets: str) -> LeastToken:
    found = _of(*targets).of(kind, owner)
    if found is None:
        raise LookupError(f"no {kind} token for {targets}")
    return found


def _rights(token: LeastToken) -> str:
    """The rights of a token with what they open."""
    places = any(right.place for right in token.rights)
    lines = [
        f"|{' of |' if places else ''} right | needed for | answers more of |",
        f"|{'---|' if places else ''}---|---|---|",
    ]
    for right in token.rights:
        place = f" {right.place} |" if places else ""
        cells = f" `{right.name}` | {ranges(right.needed)} | {ranges(right.more)} |"
        lines.append(f"|{place}{cells}")
    return "\n".join(lines) + "\n"


def _scopes(*tokens: LeastToken) -> str:
    """The scopes of classic tokens, and what each can change."""
    lines = ["| scope | for | needed for | can change |", "|---|---|---|---|"]
    for token in tokens:
        target = "an organization" if token.targets != ("me",) else "your own accounts"
        for right in token.rights:
            codes = ranges(right.needed) or f"more of {ranges(right.more)}"
            lines.append(
                f"| `{right.name}` | {target} | {codes} | {right.changes or 'nothing: it reads'} |"
            )
    return "\n".join(lines) + "\n"


def _gaps(gaps: Iterable[Gap], refused: Iterable[Gap] = ()) -> str:
    lines = [(gap, gap.why) for gap in gaps]
    lines += [(gap, f"it takes {gap.why}; {NOT_ASKED}") for gap in refused]
    return "".join(
        f"- {ranges(gap.checks)}{'' if gap.whole else ', in part'}: {why}\n" for gap, why in lines
    )


def _unread(token: LeastToken) -> str:
    return _gaps(token.gaps, token.refused)


def _own() -> str:
    token = _token("fine-grained", "", "me")
    return f"{_rights(token)}\nNo fine-grained token reads:\n\n{_unread(token)}"


def _organization() -> str:
    token = _token("fine-grained", ORG, f"github:{ORG}")
    return f"{_rights(token)}\nNo fine-grained token reads:\n\n{_unread(token)}"


def _app() -> str:
    app = _token("installation", ORG, f"github:{ORG}")
    token = _token("fine-grained", ORG, f"github:{ORG}")
    more = sorted(app.names - token.names)
    opens = {right.name: ranges(right.needed or right.more) for right in app.rights}
    lines = "".join(f"- `{name}`: {opens[name]}\n" for name in more)
    return f"{lines}\nWhat an app reads in part, or not:\n\n{_unread(app)}"


def _classic() -> str:
    own, other = (_token("classic", "", target) for target in ("me", f"github:{ORG}"))
    return f"{_scopes(own, other)}\nNo classic token reads:\n\n{_gaps((*own.gaps, *other.gaps))}"


def _npm() -> str:
    found = _of("me")
    session, granular = found.of("session"), found.of("granular")
    if session is None or granular is None:
        raise LookupError("no npm token")
    public = ranges(_of("npm:PACKAGE").public)
    return (
        f"Of a public package that is named, these take no token: {public}.\n\n"
        f"With a session:\n\n{_rights(session)}\n"
        f"With a granular token:\n\n{_rights(granular)}\n"
        f"With a granular token these stay unknown:\n\n{_gaps(granular.gaps)}"
    )


def _person() -> str:
    return _gaps(_of("me", f"github:{ORG}").person)


def _table() -> str:
    return page(check for check in catalogue() if check.code.startswith("GH"))


def _reasons() -> str:
    lines = "".join(f"| `{reason}` | {text} |\n" for reason, text in WHAT_TO_DO.items())
    return f"| reason | what to do |\n|---|---|\n{lines}"


def _setting(setting: Setting) -> str:
    form = str(setting.kind)
    if setting.words:
        form = ", ".join(f"`{word}`" for word in setting.words)
    elif setting.bounds:
        low, high = setting.bounds
        form = f"{form} from {low}" + ("" if high is None else f" to {high}")
    option = f"`{setting.option}`" if setting.option else ""
    variable = f"`{setting.variable}`" if setting.variable else ""
    where = ", ".join(sorted(setting.commands)).replace("status", "auth status")
    alone = f" For `{where}` alone." if where else ""
    return f"| `{setting.name}` | {setting.doc}{alone} | {form} | {option} | {variable} |"


def _settings(least: Trust) -> str:
    head = ["| setting | what it is | value | option | variable |", "|---|---|---|---|---|"]
    rows = [_setting(one) for one in SETTINGS.values() if one.least is least]
    return "\n".join([*head, *rows]) + "\n"


def _thresholds() -> str:
    names = list(PROFILES)
    lines = [
        f"| threshold | {' | '.join(names)} | counts | what it bounds | source | why |",
        f"|---|{'---|' * (len(names) + 4)}",
    ]
    for one in THRESHOLDS.values():
        values = " | ".join(f"{one.of(name):,}" for name in names)
        texts = (one.unit, one.what, one.source, one.reason)
        lines.append(f"| `{one.name}` | {values} | {' | '.join(texts)} |")
    return "\n".join(lines) + "\n"


def _compensations() -> str:
    rows = [
        f"| {one.check} | {one.becomes} | {one.controls} | {', '.join(one.checks)} |"
        for one in COMPENSATIONS.values()
    ]
    head = [
        "| check | alone, its failure is | what stands in | looked at by |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *rows]) + "\n"


PARTS: dict[str, Callable[[], str]] = {
    "own": _own,
    "organization": _organization,
    "app": _app,
    "classic": _classic,
    "npm": _npm,
    "person": _person,
    "table": _table,
    "reasons": _reasons,
    "settings-of-folders": lambda: _settings(Trust.FOLDER),
    "settings-of-your-own": lambda: _settings(Trust.USER),
    "thresholds": _thresholds,
    "compensations": _compensations,
}
"""What stands between the markers of a name."""
PAGES = ("permissions.md", "configuration.md", "unknown.md")
"""The pages with such markers."""


def permissions(text: str) -> str:
    """A page with all that stands between markers made anew."""
    return MARKED.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}{found[3]}", text)


def main() -> None:
    """Write every page, and take those away that belong to nothing."""
    for name in PAGES:
        path = FOLDER / name
        path.write_text(permissions(path.read_text(encoding="utf-8")), encoding="utf-8")
    sys.path.insert(0, str(FOLDER.parent))
    from docs.making.whole import whole  # noqa: PLC0415 (it needs the line above)

    made = whole()
    for path in (FOLDER / "checks").glob("*.md"):
        if path.relative_to(FOLDER) not in made:
            path.unlink()
    for path, text in made.items():
        (FOLDER / path).parent.mkdir(exist_ok=True)
        (FOLDER / path).write_text(text, encoding="utf-8")


def write_catalogue(path: Path) -> None:
    """Write the whole catalogue as data; `docs/catalogue.schema.json` tells its form."""
    sys.path.insert(0, str(FOLDER.parent))
    from docs.making.catalogue import data  # noqa: PLC0415 (it needs the line above)

    path.write_text(data(), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--catalogue", type=Path, help="write this file, and nothing else")
    file = parser.parse_args().catalogue
    if file is None:
        main()
    else:
        write_catalogue(file)
