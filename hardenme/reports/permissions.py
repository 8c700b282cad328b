"""The least tokens for the terminal: rights with what they open, where to click, what is left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardenme.model.least import PUBLIC, SELECTED, LeastToken, Permissions, Right
from hardenme.reports.codes import ranges
from hardenme.reports.columns import width_of, wrap
from hardenme.reports.plain import flowing
from hardenme.reports.sheet import BOLD, DIM, Block, Sheet, hung
from hardenme.reports.style import Style

NAMES = 36
"""Columns that the names of rights may take before what they open goes below them."""
INDENT = 2
LABELS = 8
"""Columns before a row."""

HEADS = {
    "fine-grained": "GitHub: a fine-grained token",
    "installation": "GitHub: an app",
    "classic": "GitHub: a classic token",
    "oauth": "GitHub: the token that gh has",
    "session": "npm: a session",
    "granular": "npm: a granular token",
}
WHAT = {
    "fine-grained": "It reads the data of one owner, expires, and changes nothing.",
    "installation": (
        "It reads the organization and changes nothing; no person's account stands behind it. Start"
        " hardenme with --app-id and --app-key."
    ),
    "classic": (
        "Only where there is no other way: it reaches all that you can reach, of every owner. A"
        " scope that can change things is listed only where GitHub has none that just reads."
    ),
    "oauth": (
        "It can do what a classic token with the same scopes can, and always holds repo, read:org"
        " and gist. hardenme uses it with --use-gh."
    ),
    "session": "It lasts for two hours and sees what your account sees.",
    "granular": (
        "For scheduled runs: it only reads. Leave 'Bypass two-factor authentication' unticked."
    ),
}
STEPS = {
    "fine-grained": ("If the link does not work, set the permissions above by hand: {page}",),
    "installation": (
        "The link fills in the form.",
        "Then generate a private key, and install the app{choice}.",
        "--app-manifest prints the same as JSON.",
    ),
    "classic": ("Choose an expiration date. If the link does not work, tick the scopes: {page}",),
    "oauth": (),
    "session": ("npm asks for 2FA in the browser.",),
    "granular": (),
}
ACCESS = "Repository access: {choice}."
NO_LINK = "No link can fill that in."
CHOICES = {
    "all": "choose All repositories",
    SELECTED: "choose Only select repositories, and of these {names}",
    PUBLIC: "choose Public repositories",
}
AN_ORGANIZATION = "Replace ORG with the names of your organizations."
A_PACKAGE = (
    "npm creates no token without a package: replace PACKAGE with one of your public packages."
)
ON_A_PAGE = "Or create the token here: {page}"
NONE_ANSWERED = "No token of this kind answers any of these checks: the unknown results say why."
GH_HOLDS = "It holds them already: there is nothing to run."
UNLINKED = "The link does not fill in {names}: set that by hand."
BY_HAND = "This host has no page that can be filled in. Set the permissions above by hand: {page}"
NOTHING = "no right at all: any token that is valid does"


def render(permissions: Permissions, style: Style) -> str:
    """The least tokens as terminal lines."""
    sheet = Sheet(style)
    _head(sheet, permissions)
    for token in permissions.tokens:
        _token(sheet, token)
    _left(sheet, permissions)
    return sheet.text()


def _head(sheet: Sheet, permissions: Permissions) -> None:
    count = len(permissions.checks)
    sheet.say(f"The smallest token that works {sheet.dot} nothing was sent to any host", BOLD)
    rows = [
        ("targets", ", ".join(permissions.targets)),
        ("depth", permissions.depth),
        ("checks", f"{count}: {ranges(permissions.checks)}" if count else "none"),
    ]
    if permissions.free:
        always = ranges(code for code in permissions.free if code not in permissions.public)
        public = ranges(permissions.public)
        named = f"where the package is public, {public}" if public else ""
        rows.append(("no token", "; ".join(filter(None, (always, named)))))
    _rows(sheet, rows)
    if permissions.tokens:
        sheet.add("")
        sheet.say(
            "Each kind of token below lists the least that it must hold. A check after + also"
            " works without the right, and answers more with it."
        )
        if any(token.provider == "github" for token in permissions.tokens):
            sheet.say(
                "Choose one of GitHub's kinds: the earlier it stands, the safer it is. Any token"
                " reads what is public of a repository."
            )


def _token(sheet: Sheet, token: LeastToken) -> None:
    sheet.section(_of_owner(token))
    sheet.add("")
    if not token.answered:
        sheet.say(NONE_ANSWERED)
        return
    sheet.say(WHAT[token.kind])
    sheet.add("")
    if token.kind == "oauth":
        _rows(sheet, [("scopes", ", ".join(sorted(token.names)) or NOTHING)])
        if token.names and not token.command:
            _note(sheet, GH_HOLDS)
    else:
        _rights(sheet, token.rights)
        _rows(sheet, [("must be", f"{one.name}, for {ranges(one.checks)}") for one in token.roles])
    if token.kind == "installation" or token.link:
        sheet.add("", "  Make it here:", f"  {sheet.value(token.link)}")
    elif token.command:
        sheet.add("", "  Run:", f"  {sheet.value(token.command)}")
    elif token.kind == "fine-grained":
        sheet.add("")
        _step(sheet, BY_HAND, token)
    for step in _steps(token):
        _step(sheet, step, token)
    if token.store:
        again = "Or let hardenme sign you in" if token.kind == "session" else "Then store it"
        sheet.add(f"  {again}:", f"  {sheet.value(token.store)}")


def _of_owner(token: LeastToken) -> str:
    """What a token is called, and whose data it reads."""
    return HEADS[token.kind] + (f" of {token.owner}" if token.owner else "")


def _steps(token: LeastToken) -> Iterator[str]:
    """What a person does in addition.

    `{page}` at the end is replaced by the page on which the token is made, `{choice}` by the
    permissions of an app.
    """
    if token.kind == "fine-grained":
        yield access(token)
    unlinked = ", ".join(right.name for right in token.rights if not right.linked)
    if token.link and unlinked:
        yield UNLINKED.format(names=unlinked)
    if token.link or token.command:
        yield from STEPS[token.kind]
    if token.kind == "granular":
        words = token.command.split()
        if "ORG" in words:
            yield AN_ORGANIZATION
        if "PACKAGE" in words:
            yield A_PACKAGE
        if token.page != token.web:
            yield ON_A_PAGE


def access(token: LeastToken) -> str:
    """Which repositories a person gives a fine-grained token, in words."""
    chosen = ACCESS.format(choice=_choice(token))
    return f"{chosen} {NO_LINK}" if token.link else chosen


def _installed_on(token: LeastToken) -> str:
    """The same of an app; one that reads no repository is given none."""
    if token.kind != "installation" or token.reach == PUBLIC:
        return ""
    return f": {_choice(token)}"


def _choice(token: LeastToken) -> str:
    return CHOICES[token.reach].format(names=", ".join(token.repositories))


def _rights(sheet: Sheet, rights: Sequence[Right]) -> None:
    """The rights by where they hold, each with the checks that it opens."""
    if not rights:
        sheet.add(f"  {NOTHING}")
    widest = max((width_of(right.name) for right in rights), default=0)
    columns = min(widest, NAMES, sheet.width // 2)
    room = max(sheet.readable - columns - 3 * INDENT, 12)
    fitting = [width for right in rights if (width := width_of(right.name)) <= columns]
    edge = max(fitting, default=0) + INDENT
    place = ""
    for right in rights:
        if right.place != place:
            place = right.place
            sheet.add(sheet.paint(f"  {place}", DIM))
        fits = width_of(right.name) <= columns
        lines = hung((right.name if fits else "").ljust(edge), _opened(right, room), edge)
        above = [] if fits else [right.name]
        sheet.add(*(f"{' ' * 2 * INDENT}{line}" for line in (*above, *lines)))


def _opened(right: Right, room: int) -> Block:
    """The checks that a right opens, and what its holder could change by it."""
    more = wrap(f"+ {ranges(right.more)}", room, hang=2) if right.more else []
    changes = wrap(f"can change {right.changes}", room) if right.changes else []
    return [*wrap(ranges(right.needed), room), *more, *changes]


def _left(sheet: Sheet, permissions: Permissions) -> None:
    """What stays unknown all the same."""
    rows = [
        (_of_owner(token), block)
        for token in permissions.tokens
        if token.kind != "oauth" and (block := _gaps(sheet, token))
    ]
    notes = [(gap.why, gap.checks, gap.whole) for gap in permissions.person]
    if not (rows or notes or permissions.left_out):
        return
    sheet.section("What stays unknown all the same")
    for title, block in rows:
        sheet.add("", title, *block)
    if notes or permissions.left_out:
        sheet.add("", "Whatever the token")
        for why, checks, whole in notes:
            sheet.add(*_gap(sheet, f"{ranges(checks)}{'' if whole else ', in part'}", why))
        for why, number in sorted(permissions.left_out.items()):
            one = "check is" if number == 1 else "checks are"
            sheet.add(*_gap(sheet, f"{number} {one} left out", why))


def _gaps(sheet: Sheet, token: LeastToken) -> Block:
    found: Block = []
    for gap in token.gaps:
        part = "" if gap.whole else ", in part"
        found += _gap(sheet, f"{ranges(gap.checks)}{part}", gap.why)
    for gap in token.refused:
        part = "" if gap.whole else ", in part"
        why = f"it takes {gap.why}; that could change things, and hardenme does not ask for it"
        found += _gap(sheet, f"{ranges(gap.checks)}{part}", why)
    return found


def _gap(sheet: Sheet, checks: str, why: str) -> Block:
    room = sheet.readable - INDENT
    text = sheet.value(flowing(f"{checks}: {why}"))
    return [f"{' ' * INDENT}{line}" for line in wrap(text, room, hang=2)]


def _rows(sheet: Sheet, rows: Sequence[tuple[str, str]]) -> None:
    """Labels, each with what belongs to it."""
    room = max(sheet.readable - LABELS - 2 * INDENT, 8)
    edge = max((len(label) for label, _ in rows), default=0) + INDENT
    for label, text in rows:
        head = sheet.paint(label, DIM) + " " * (edge - len(label))
        lines = hung(head, wrap(sheet.value(flowing(text)), room), edge)
        sheet.add(*(f"{' ' * INDENT}{line}" for line in lines))


def _step(sheet: Sheet, text: str, token: LeastToken) -> None:
    """What a person does; an address is never broken, so that it can be copied."""
    words, page, _ = text.partition(" {page}")
    _note(sheet, words.format(choice=_installed_on(token)))
    if page:
        sheet.add(f"  {sheet.value(token.page)}")


def _note(sheet: Sheet, text: str) -> None:
    room = sheet.readable - INDENT
    sheet.add(*(f"  {line}" for line in wrap(sheet.value(text), room)))
