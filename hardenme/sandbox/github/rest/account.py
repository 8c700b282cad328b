"""The account of the token: `/user` and what hangs on it."""

from __future__ import annotations

from typing import Any

from hardenme.sandbox.github.calls import Answer, PermittedRequest, Route, invalid, moment
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import account
from hardenme.sandbox.github.rest.memberships import partial
from hardenme.sandbox.github.rest.shapes import (
    listed_repository,
    minimal_repository,
    named_user,
    simple_user,
)
from hardenme.sandbox.github.world import (
    Email,
    GpgKey,
    Repository,
    RepositoryInvitation,
    SshKey,
    User,
)

AFFILIATIONS = "owner,collaborator,organization_member"


def public_profile(call: PermittedRequest, user: User) -> dict[str, Any]:
    """A user by itself, as everyone sees it."""
    own = [r for r in call.world.repositories_of(user.login) if not r.private]
    return simple_user(call, user) | {
        "name": user.name,
        "company": None,
        "blog": "",
        "location": None,
        "email": user.public_email,
        "hireable": None,
        "bio": None,
        "twitter_username": None,
        "public_repos": len(own),
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": moment(user.created_at),
        "updated_at": moment(user.created_at),
    }


def _sees_private_profile(call: PermittedRequest) -> bool:
    token, scopes = call.caller.token, call.caller.scopes
    if token is None or not token.scoped:
        return token is not None and call.world.fine_grained_reads_two_factor
    return "user" in scopes or (call.world.read_user_reads_two_factor and "read:user" in scopes)


def profile(call: PermittedRequest) -> Answer:
    """The user, with the private fields where the token may read them."""
    data = public_profile(call, call.me)
    if not _sees_private_profile(call):
        return data
    private = sum(r.private for r in call.world.repositories_of(call.me.login))
    return data | {
        "user_view_type": "private",
        "private_gists": 0,
        "total_private_repos": private,
        "owned_private_repos": private,
        "disk_usage": 0,
        "collaborators": 0,
        "two_factor_authentication": call.me.two_factor != "off",
        "plan": {"name": call.me.plan, "space": 976562499, "collaborators": 0, "private_repos": 0},
    }


def ssh_keys(call: PermittedRequest) -> Answer:
    """The keys that open a connection."""

    def shape(key: SshKey) -> dict[str, Any]:
        return {
            "id": key.id,
            "key": key.key,
            "url": f"{call.api}/user/keys/{key.id}",
            "title": key.title,
            "verified": key.verified,
            "created_at": moment(key.created_at),
            "read_only": key.read_only,
            "last_used": moment(key.last_used) if key.last_used else None,
        }

    return PagedAnswer(call.me.ssh_keys, shape)


def signing_keys(call: PermittedRequest) -> Answer:
    """The SSH keys that sign commits."""

    def shape(key: SshKey) -> dict[str, Any]:
        return {
            "id": key.id,
            "key": key.key,
            "title": key.title,
            "created_at": moment(key.created_at),
        }

    return PagedAnswer(call.me.ssh_signing_keys, shape)


def gpg_keys(call: PermittedRequest) -> Answer:
    """The OpenPGP keys with their subkeys."""
    return PagedAnswer(call.me.gpg_keys, _gpg_key)


def _gpg_key(key: GpgKey, primary: GpgKey | None = None) -> dict[str, Any]:
    return {
        "id": key.id,
        "primary_key_id": primary.id if primary else None,
        "key_id": key.key_id,
        "raw_key": None,
        "public_key": f"xsBNB{key.key_id}",
        "emails": [{"email": email, "verified": verified} for email, verified in key.emails],
        "subkeys": [_gpg_key(sub, key) for sub in key.subkeys],
        "can_sign": key.can_sign,
        "can_encrypt_comms": key.can_encrypt,
        "can_encrypt_storage": key.can_encrypt,
        "can_certify": key.can_certify,
        "created_at": moment(key.created_at),
        "expires_at": moment(key.expires_at) if key.expires_at else None,
        "revoked": key.revoked,
    } | ({} if primary else {"name": key.name})


def emails(call: PermittedRequest) -> Answer:
    """The addresses."""

    def shape(email: Email) -> dict[str, Any]:
        return {name: getattr(email, name) for name in email.__slots__}

    return PagedAnswer(call.me.emails, shape)


def invitations(call: PermittedRequest) -> Answer:
    """Invitations to repositories that wait for the user's answer."""
    found = [
        (repository, invitation)
        for repository in call.world.repositories
        for invitation in repository.invitations
        if invitation.invitee == call.me.login
    ]
    return PagedAnswer(found, lambda pair: invitation_shape(call, *pair))


def invitation_shape(
    call: PermittedRequest, repository: Repository, invitation: RepositoryInvitation
) -> dict[str, Any]:
    """An invitation to a repository."""
    return {
        "id": invitation.id,
        "node_id": f"RI_{invitation.id}",
        "repository": minimal_repository(call, repository),
        "invitee": named_user(call, invitation.invitee),
        "inviter": named_user(call, invitation.inviter),
        "permissions": invitation.permissions,
        "created_at": moment(invitation.created_at),
        "expired": False,
        "url": f"{call.api}/user/repository_invitations/{invitation.id}",
        "html_url": f"{call.web}/{repository.full_name}/invitations",
    }


def _affiliation(call: PermittedRequest, repository: Repository) -> str | None:
    if repository.owner == call.me.login:
        return "owner"
    if call.me.login in repository.collaborators:
        return "collaborator"
    return "organization_member" if call.caller.role(repository) else None


def repositories(call: PermittedRequest) -> Answer:
    """The repositories that the user owns or works on and the token reaches."""
    wanted = call.option("affiliation", AFFILIATIONS).split(",")
    visibility = call.option("visibility", "all")
    if not set(wanted) <= set(AFFILIATIONS.split(",")) or visibility not in {
        "all",
        "public",
        "private",
    }:
        return invalid("Validation Failed")
    scoped = call.caller.token is not None and call.caller.token.scoped
    found = [
        repository
        for repository in call.world.repositories
        if _affiliation(call, repository) in wanted
        and call.caller.sees(repository)
        and (scoped or call.caller.reaches(repository))
        and visibility in {"all", "private" if repository.private else "public"}
    ]
    open_to_us = [r for r in found if call.caller.blocked(r.owner) is None]
    owners = {r.owner for r in found}
    _, headers = partial(call, [o for o in call.world.organizations if o.login in owners])
    return PagedAnswer(
        sorted(open_to_us, key=lambda r: r.full_name.lower()),
        lambda r: listed_repository(call, r),
        headers=headers,
    )


ROUTES = (
    Route("/user", profile),
    Route("/user/keys", ssh_keys, account("keys:read", "read:public_key")),
    Route(
        "/user/ssh_signing_keys",
        signing_keys,
        account("git_signing_ssh_public_keys:read", "read:ssh_signing_key"),
    ),
    Route("/user/gpg_keys", gpg_keys, account("gpg_keys:read", "read:gpg_key")),
    Route("/user/emails", emails, account("emails:read", "user:email")),
    Route(
        "/user/repository_invitations",
        invitations,
        account("administration:read", "repo:invite"),
    ),
    Route("/user/repos", repositories, account("metadata:read")),
)
