"""A store of files, as Azure's: an address is signed for a minute, and no token is taken.

It is on the server's own origin, as the store of an Enterprise Server is.
"""

from __future__ import annotations

from hardenme.sandbox.github.world import World
from hardenme.sandbox.http import Reply, Request

STORE = "/_store/logs/"
SIGNATURE = "CANARYsignature0000000000000000000000000000"
"""The real one opens the file for anyone who has it; this one is worth nothing."""
PLAIN = "text/plain; charset=utf-8"


def address(web: str, repository: int, job: int) -> str:
    """Where the log of a job is.

    Args:
        web: the server's own origin.
        repository: its number.
        job: its number.
    """
    return f"{web}{STORE}{repository}/{job}.txt?se=2026-12-01&sig={SIGNATURE}"


def stored(world: World, request: Request) -> Reply:
    """The file at an address of the store."""
    if "authorization" in request.headers:
        return _error(400, "InvalidAuthenticationInfo")
    if request.query.get("sig") != SIGNATURE:
        return _error(403, "AuthenticationFailed")
    number, _, name = request.path.removeprefix(STORE).partition("/")
    repository = world.repository_by_id(int(number)) if number.isdecimal() else None
    for run in repository.runs if repository else ():
        for one in (job for attempt in run.tries for job in attempt.jobs):
            if f"{one.id}.txt" == name and one.log is not None:
                return Reply(200, None, {"content-type": PLAIN}, one.log.encode())
    return _error(404, "BlobNotFound")


def _error(status: int, code: str) -> Reply:
    body = f'<?xml version="1.0" encoding="utf-8"?><Error><Code>{code}</Code></Error>'
    return Reply(status, None, {"content-type": "application/xml"}, body.encode())
