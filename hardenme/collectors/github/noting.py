"""A client that notes whether an answer did not come which a later run may get."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any

from hardenme.collectors.github.client import GitHub, Graph
from hardenme.collectors.github.pages import Listing
from hardenme.collectors.transport.response import NoAnswerError, Response

REJECTED, TOO_MANY, SERVER = 401, 429, 500
"""Statuses of a token that was not accepted, of a limit, and of a failure of the server."""


class NotingGitHub(GitHub):
    """GitHub as another client sees it; what that one remembers counts for this one as well.

    Attributes:
        lost: an answer did not come, or not as a whole.
    """

    def __init__(self, github: GitHub) -> None:
        super().__init__(**{one.name: getattr(github, one.name) for one in fields(GitHub)})
        self.lost = False

    def get(self, path: str, *, store: bool = True, renew: bool = False) -> Response:
        """Read a path."""
        try:
            response = super().get(path, store=store, renew=renew)
        except NoAnswerError:
            self.lost = True
            raise
        self._note([response])
        return response

    def stored(self, path: str) -> Response:
        """Read a file that GitHub keeps in a store."""
        try:
            response = super().stored(path)
        except NoAnswerError:
            self.lost = True
            raise
        self._note([response])
        return response

    def pages(
        self, path: str, *, counted: bool, fixed_after: Callable[[Any], bool] | None = None
    ) -> Listing:
        """Read all pages of a list."""
        listing = super().pages(path, counted=counted, fixed_after=fixed_after)
        self.lost = self.lost or listing.missing is not None
        self._note(listing.responses)
        return listing

    def graphql(self, document: str, variables: Mapping[str, Any], *, again: bool = True) -> Graph:
        """Send a query."""
        try:
            graph = super().graphql(document, variables, again=again)
        except NoAnswerError:
            self.lost = True
            raise
        self.lost = self.lost or (graph.response.ok and graph.data is None)
        self._note([graph.response])
        return graph

    def _note(self, responses: Iterable[Response]) -> None:
        failed = {one.status for one in responses if not one.ok}
        self.lost = self.lost or any(
            status in {REJECTED, TOO_MANY} or status >= SERVER for status in failed
        )
