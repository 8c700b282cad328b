"""Whether an owner lets a token in at all, whatever it holds: single sign-on, or a policy."""

from __future__ import annotations

from hardenme.collectors.github.client import GitHub
from hardenme.collectors.github.refusal import barring, refusal
from hardenme.collectors.github.sign_on import asked
from hardenme.collectors.transport.response import NoAnswerError
from hardenme.facts.github import endpoints
from hardenme.model.permission import NOTHING
from hardenme.model.unknown import Unknown


def barred(github: GitHub, name: str) -> Unknown | None:
    """Why an owner, or a repository's, lets a token in nowhere; None if it may.

    Args:
        github: the token's client.
        name: the login of the owner, or the full name of a repository.
    """
    endpoint = endpoints.REPOSITORY if "/" in name else endpoints.ORGANIZATION
    try:
        response = github.get(endpoint.at(name))
    except NoAnswerError:
        return None
    if (response.status == 403 and asked(response.headers)) or barring(response):  # noqa: PLR2004
        return refusal(response, NOTHING, github.kind)
    return None
