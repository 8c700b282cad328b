"""What is ended first: on npm, then on GitHub."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hardenme.derive.handover.removing import ADMIN, OWNER
from hardenme.derive.inventory.repository import TAG_RULES
from hardenme.derive.recent.marks import ACTIVE
from hardenme.derive.runbook import kinds
from hardenme.derive.runbook.listing import RunbookLists, thing
from hardenme.model.commands import (
    gh,
    npm,
    present,
    ref_moved,
    scopes,
    signed_in,
    tokens_disallowed,
)
from hardenme.model.pages import github_page, npm_page
from hardenme.model.runbook import Chapter, RunbookItem, RunbookStep

FREEZE = (
    "Do not sign in with an npm recovery code, and do not change the email address: either makes a"
    " high-impact account read-only for 72 hours. Ask another maintainer first."
)
SESSIONS = (
    "npm lists no sessions. One made by npm login lasts 2 hours, or until npm logout where it was"
    " made."
)
STAND_IN = (
    "If the account was taken over, a maintainer who still has theirs signs in, and does what is"
    " for maintainers."
)
NOT_READ = object()
NO_PACKAGES = ("Not known: the run did not look at any package.",)
LATE = (
    "This run is from after the first sign, so a tag may have moved before it. Compare each with"
    " the commit that you know from a clone, a release or an earlier run."
)
"""The note on tags where no run from before the attack shows their commits."""


def on_npm(lists: RunbookLists, user: str) -> Iterator[RunbookStep]:
    """Tokens, sessions, trusted publishers, staged versions, and no tokens from here on."""
    registry = lists.hosts.registry
    yield RunbookStep(
        Chapter.NPM,
        "End the npm sessions: change the password, and renew 2FA",
        kinds.ACCOUNT,
        (SESSIONS, FREEZE),
        tuple(
            RunbookItem(text, page=npm_page(registry, name, user=user) if user else "")
            for text, name in kinds.NPM_UNLISTED.items()
        ),
        unlisted=tuple(kinds.NPM_UNLISTED),
    )
    yield RunbookStep(
        Chapter.NPM,
        "Sign in to npm on this device",
        "who runs the commands below",
        (STAND_IN, "npm trust and npm stage need npm 11.15 or newer."),
        commands=(npm(registry, "login"),),
    )
    yield lists.step(
        Chapter.NPM,
        "Revoke every npm token of the account",
        kinds.SESSION,
        kinds.NPM_TOKEN,
        tokens="npm",
    )
    packages = lists.places("npm:package")
    yield RunbookStep(
        Chapter.NPM,
        "Disallow tokens for every package",
        kinds.MAINTAINER,
        ("Trusted publishers can still publish: see the next step.",) if packages else NO_PACKAGES,
        tuple(
            RunbookItem(
                one.subject.name,
                present(npm(registry, *tokens_disallowed(one.subject.name))),
                npm_page(registry, "package-access", package=one.subject.name),
            )
            for one in packages
        ),
    )
    yield lists.step(
        Chapter.NPM,
        "Remove the trusted publishers whose repository or workflow may be the attacker's",
        kinds.MAINTAINER,
        kinds.PUBLISHER,
    )
    yield lists.step(
        Chapter.NPM,
        "Reject every staged version that no maintainer expects",
        kinds.MAINTAINER,
        kinds.STAGED,
    )


def on_github(lists: RunbookLists) -> Iterator[RunbookStep]:
    """Sessions and tokens that only the account ends, then what the API lists."""
    listed = tuple(_listed(lists))
    yield from _by_hand(lists)
    yield RunbookStep(
        Chapter.GITHUB,
        "Sign in to gh on this device",
        "who runs the commands below",
        (
            "Do it after the step above, which ends what gh was signed in with.",
            "The scopes also cover the rows that a later run adds.",
        ),
        commands=(signed_in(lists.hosts.web, scopes()),),
    )
    yield from listed


def _by_hand(lists: RunbookLists) -> Iterator[RunbookStep]:
    """What the account ends on pages."""
    web, chapter = lists.hosts.web, Chapter.GITHUB
    yield RunbookStep(
        chapter,
        "Sign out all GitHub sessions, change the password, and renew 2FA",
        kinds.ACCOUNT,
        ("No API lists them. Removing a key or a token ends no session.",),
        _pages(web, kinds.GITHUB_UNLISTED),
        unlisted=tuple(kinds.GITHUB_UNLISTED),
    )
    yield RunbookStep(
        chapter,
        "Revoke all personal access tokens, and the OAuth and GitHub apps that no one needs",
        kinds.ACCOUNT,
        ("No API lists an account's own tokens.",),
        _pages(web, kinds.TOKENS),
        unlisted=tuple(kinds.TOKENS),
        tokens="github",
    )


def _pages(web: str, named: Mapping[str, str]) -> tuple[RunbookItem, ...]:
    """What is done on pages of GitHub."""
    return tuple(RunbookItem(text, page=github_page(web, name)) for text, name in named.items())


def _listed(lists: RunbookLists) -> Iterator[RunbookStep]:
    """What the API lists, each with its command where there is one."""
    chapter = Chapter.GITHUB
    keys = (kinds.SSH_KEY, kinds.SIGNING_KEY, kinds.GPG_KEY)
    yield lists.step(
        chapter, "Delete the keys that were on the machine under suspicion", kinds.ACCOUNT, *keys
    )
    members = lists.step(
        chapter,
        "End members' tokens and credentials in the organization",
        OWNER,
        *(kinds.MEMBERS_TOKEN, kinds.CREDENTIAL),
    )
    organizations = tuple(lists.organizations(kinds.ORGANIZATIONS))
    yield replace(members, lists=(*organizations, *members.lists))
    yield lists.step(chapter, "Suspend or uninstall apps that no one expects", OWNER, kinds.APP)
    yield lists.step(chapter, "Delete deploy keys", ADMIN, kinds.DEPLOY_KEY)
    hooks = (kinds.HOOK, kinds.ORG_HOOK)
    yield lists.step(chapter, "Delete webhooks that no one expects", ADMIN, *hooks)
    yield lists.step(
        chapter,
        "Remove self-hosted runners that no one expects",
        ADMIN,
        *(kinds.RUNNERS, kinds.GROUP),
    )
    yield lists.step(
        chapter,
        "Cancel pending invitations",
        ADMIN,
        *(kinds.INVITATION, kinds.ORG_INVITATION),
    )
    secrets = lists.step(
        chapter,
        "Rotate the secrets that a workflow could read, where each was made",
        "who issued each",
        *(kinds.SECRET, kinds.ENVIRONMENT_SECRET, kinds.ORG_SECRET, kinds.DEPENDABOT_SECRET),
    )
    unread = RunbookItem(kinds.UNREAD_SECRETS)
    yield replace(secrets, items=(*secrets.items, unread), unlisted=(unread.text,))
    yield _tags(lists)


def _tags(lists: RunbookLists) -> RunbookStep:
    """Tags with the commit that each pointed to, so that a moved one can be moved back."""
    web = lists.hosts.web
    items = [
        RunbookItem(
            f"{tag.label} of {place.subject.name}: {commit}",
            (lists.taken(place, back),),
            things=(replace(thing(kinds.TAG, place.subject, tag), wants={"commit": commit}),),
        )
        if lists.vouches
        # It may lead to the attacker's commit already, so no command moves it there.
        else RunbookItem(f"{tag.label} of {place.subject.name}: now at {commit}")
        for place in lists.places("github:repo")
        for tag in place.items
        if tag.kind == "release tag" and isinstance(commit := tag.state.get("commit"), str)
        for back in (gh(web, *ref_moved(place.subject.name, f"tags/{tag.label}", commit)),)
    ]
    places = lists.places("github:repo")
    notes = tuple(lists.unread(kinds.TAG, places))
    if not items and not notes:
        notes = ("No release tags when last read.",)
    if items and not lists.vouches:
        notes += (LATE,)
    if items:
        notes += tuple(_tag_rulesets(lists))
    return RunbookStep(
        Chapter.GITHUB,
        "Compare each release tag with its last known commit, and move back those that moved",
        ADMIN,
        notes,
        tuple(items),
    )


def _tag_rulesets(lists: RunbookLists) -> Iterator[str]:
    """What prevents moving a tag back, and what to do about it."""
    places = (*lists.places("github:repo"), *lists.places("github:org"))
    named = [
        f"{one.label or one.identity} of {place.subject.name}"
        for place in places
        for one in place.items
        if one.kind == TAG_RULES and one.state.get("enforcement", ACTIVE) == ACTIVE
    ]
    if named:
        yield f"Tag rulesets in force: {', '.join(sorted(set(named)))}."
    unread = [one for one in places if one.lists.get(TAG_RULES, NOT_READ) is not None]
    if unread and not named:
        yield "The tag rulesets were not read in every place."
    if named or unread:
        yield "A tag ruleset that restricts updates refuses the command (HTTP 422)."
        yield (
            'Then set the ruleset to "Disabled" under "Rules" in the settings, move the tag, and'
            ' set it to "Active" again.'
        )
