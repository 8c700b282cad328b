"""A GitHub App in place of a token: it asks by its own key for a token that lives for an hour.

The token gets those permissions of an installation that hardenme reads with, each for reading only,
whatever more the app may do.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardenme.collectors.github.headers import GitHubHeaders, header_of
from hardenme.collectors.github.organizations import OrganizationList, installations_of
from hardenme.collectors.reading import Item
from hardenme.collectors.transport.bounds import Bounds
from hardenme.collectors.transport.response import NoAnswerError, Response
from hardenme.collectors.transport.session import Session
from hardenme.credentials.private_file import private_text
from hardenme.credentials.token import ALLOWED
from hardenme.facts.github import endpoints
from hardenme.ground.errors import CredentialError
from hardenme.model.secret import Secret
from hardenme.model.unknown import Reason, Unknown

READS = frozenset(
    {"actions", "administration", "contents", "environments", "members", "metadata"}
    | {"organization_administration", "organization_dependabot_secrets", "organization_hooks"}
    | {"organization_personal_access_token_requests", "organization_personal_access_tokens"}
    | {"organization_custom_org_roles", "organization_custom_roles", "organization_plan"}
    | {"organization_secrets"}
    | {"organization_self_hosted_runners", "organization_actions_variables"}
    | {
        "pull_requests",
        "repository_hooks",
        "secret_scanning_alerts",
        "secrets",
        "vulnerability_alerts",
    }
)
"""The permissions that hardenme reads by, in the words of GitHub's installations."""
MARGIN = 300.0
"""Seconds before its end at which a token is made anew."""
CREATED = 201
SHORTEST_KEY = 2048
REFUSED = frozenset({401, 403})
"""How GitHub answers to a token, or to its permissions, that not all of its machines know yet."""
PAUSES = (1.0, 2.0, 4.0)
"""Seconds after which a new token that is refused is tried again."""


@dataclass(frozen=True, slots=True)
class AppCredential:
    """A GitHub App and its private key.

    Use it so:

        app = AppCredential.from_file(12345, Path("app.private-key.pem"))
        github = GitHub.connect(api, app.installed_on("cedar-labs", api))

    One client serves one owner, since an installation's token reaches only one owner's data.
    Nothing is requested before the client's first request, which finds the installation and obtains
    its token. A failure there is a `NoAnswerError` like any other refusal.

    Attributes:
        number: the app's number ("App ID" on its page).
        key: its private key, as PEM.
        source: where the key was found.
    """

    number: int
    key: Secret
    source: str

    @classmethod
    def from_file(cls, number: int, path: Path) -> AppCredential:
        """The app of that number, with the key in a file that its owner alone can read.

        Raises:
            CredentialError: others can read the file, or it holds no private key of such an app.
        """
        # Most runs have no app, and need none of it.
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 (start-up)
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
        from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
            load_pem_private_key,
        )

        if number <= 0:
            raise CredentialError("an app's number is the App ID on its page")
        key = Secret(private_text(path))
        try:
            loaded = load_pem_private_key(key.reveal().encode(), None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            loaded = None
        if not isinstance(loaded, RSAPrivateKey) or loaded.key_size < SHORTEST_KEY:
            raise CredentialError(
                f"{path} holds no private key of a GitHub App: that is a PEM file, made on the"
                " app's page, without a passphrase"
            )
        return cls(number, key, str(path))

    def installed_on(  # noqa: PLR0913 (a token, and how time passes)
        self,
        owner: str,
        api: str,
        *,
        bounds: Bounds | None = None,
        ca_file: str = "",
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> InstallationToken:
        """The token of the app's installation on an owner; nothing is asked yet.

        Args:
            owner: the login of an organization, or of a user.
            api: the address of the API, as `GitHub.connect` takes it.
            bounds: of time and size; None for the usual ones.
            ca_file: certificate authorities in place of the usual ones; empty for these.
            clock: seconds that only go up.
            sleep: waits for so many seconds.
        """

        def session(auth: Callable[[], str]) -> Session:
            return Session(api, GitHubHeaders(auth), bounds=bounds, ca_file=ca_file)

        return InstallationToken(
            session(self._signed),
            self.number,
            owner,
            clock,
            lambda secret: session(lambda: header_of(secret)),
            sleep,
        )

    def organizations(
        self, api: str, *, bounds: Bounds | None = None, ca_file: str = ""
    ) -> OrganizationList:
        """The organizations on which the app is installed, as GitHub lists them to the app.

        Args:
            api: the address of the API, as `GitHub.connect` takes it.
            bounds: of time and size; None for the usual ones.
            ca_file: certificate authorities in place of the usual ones; empty for these.
        """
        session = Session(api, GitHubHeaders(self._signed), bounds=bounds, ca_file=ca_file)
        return installations_of(session)

    def _signed(self) -> str:
        """What authenticates one request: a word that the app's key signs, of a few minutes."""
        # No one else needs it, and it costs 277 modules.
        from github import Auth  # noqa: PLC0415 (start-up)

        return f"Bearer {Auth.AppAuth(self.number, self.key.reveal()).token}"


class InstallationToken:
    """The token of one installation: obtained at its first use, and anew before its hour is over.

    It lives in memory only. Workers may share it. Hand it to `GitHub.connect` in place of a secret.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (who asks for what, and how time passes)
        self,
        session: Session,
        app: int,
        owner: str,
        clock: Callable[[], float],
        session_of: Callable[[Secret], Session],
        sleep: Callable[[float], object],
    ) -> None:
        self.session = session
        self._app = app
        self._owner = owner
        self._clock = clock
        self._session_of = session_of
        self._sleep = sleep
        self._lock = threading.Lock()
        self._secret: Secret | None = None
        self._installation: tuple[int, dict[str, str]] | None = None
        self._anew_at = self._ends_at = 0.0
        self._accepted = False
        self.permissions: dict[str, str] | None = None
        """The permissions that GitHub listed for the token; None before there is one, or if it
        listed none."""

    @property
    def identity(self) -> str:
        """The app and the owner, which identify it among all credentials."""
        return f"app {self._app} on {self._owner.lower()}"

    def current(self) -> Secret:
        """The token that counts now.

        Raises:
            NoAnswerError: none was given, and no earlier one counts any more.
        """
        with self._lock:
            if self._secret is None or self._clock() >= self._anew_at:
                try:
                    self._secret = self._obtain()
                except NoAnswerError:
                    if self._secret is None or self._clock() >= self._ends_at:
                        raise
            return self._secret

    def renewed(self, header: str) -> bool:
        """Whether another token has taken the place of one that was refused.

        It may have ended early, as when someone revokes it or a clock is wrong. One that was never
        accepted is not made anew: the next one would be refused as well.

        Args:
            header: what authenticated the request that was refused.
        """
        with self._lock:
            if self._secret is None or header != header_of(self._secret):
                return self._secret is not None
            if not self._accepted:
                return False
            self._accepted = False
            try:
                self._secret = self._obtain()
            except NoAnswerError:
                return False
            return True

    def _obtain(self) -> Secret:
        if self._installation is None:
            self._installation = self._find()
        number, permissions = self._installation
        body = json.dumps({"permissions": permissions}).encode()
        asked_at = self._clock()
        response = self.session.handshake(f"/app/installations/{number}/access_tokens", body)
        if response.status != CREATED:
            raise NoAnswerError(self._refused(response))
        item = Item(response.json(), response.endpoint)
        value: Any = item.text("token")
        ends: Any = item.moment("expires_at")
        if not isinstance(value, str) or not ALLOWED.fullmatch(value):
            raise NoAnswerError(_odd(response, "a token"))
        secret = Secret(value)
        if isinstance(ends, Unknown):
            raise NoAnswerError(_odd(response, "the token's end"))
        self.permissions = _levels(item.data.get("permissions"))
        # By the server's own clock, since this machine's may be wrong.
        left = (ends - response.server_time).total_seconds()
        self._ends_at = asked_at + left
        self._anew_at = asked_at + max(left - MARGIN, left / 2)
        self._wait_until_known(secret)
        return secret

    def _wait_until_known(self, secret: Secret) -> None:
        """Wait while GitHub refuses the new token what every installation's token may read.

        It first answers 401 where the token is not known yet, and 403 where its permissions are
        not. What it still refuses after that is a refusal, which each answer shows by itself.
        """
        session = self._session_of(secret)
        path = endpoints.INSTALLED.asking("per_page=1").at()
        self._accepted = False
        for pause in PAUSES:
            try:
                if session.get(path, store=False).status not in REFUSED:
                    self._accepted = True
                    return
            except NoAnswerError:
                return
            self._sleep(pause)

    def _find(self) -> tuple[int, dict[str, str]]:
        """The number of the installation, and the permissions to request from it."""
        for endpoint in (endpoints.INSTALLATION, endpoints.USER_INSTALLATION):
            response = self.session.get(endpoint.at(self._owner, username=self._owner))
            if response.status == 404:  # noqa: PLR2004 (HTTP's number)
                continue
            if not response.ok:
                raise NoAnswerError(self._refused(response))
            item = Item(response.json(), response.endpoint)
            number: Any = item.number("id")
            held = item.data.get("permissions")
            if not isinstance(number, int) or not isinstance(held, dict):
                raise NoAnswerError(_odd(response, "an installation"))
            useful = sorted(READS & held.keys())
            if not useful:
                raise NoAnswerError(self._bare(response))
            return number, dict.fromkeys(useful, "read")
        raise NoAnswerError(
            Unknown(
                Reason.NOT_VISIBLE,
                f"install the GitHub App {self._app} on {self._owner}, or check its number",
                f"{response.endpoint} answered {response.status}",
                (response.atom,),
            )
        )

    def _bare(self, response: Response) -> Unknown:
        return Unknown(
            Reason.NOT_PERMITTED,
            f"permissions to read for the GitHub App {self._app}, such as metadata: read",
            "its installation holds none that hardenme reads by",
            (response.atom,),
        )

    def _refused(self, response: Response) -> Unknown:
        seen = f"{response.endpoint} answered {response.status}"
        evidence = (response.atom,)
        if response.status == 401:  # noqa: PLR2004 (HTTP's number)
            return Unknown(
                Reason.REJECTED,
                f"a private key of the GitHub App {self._app}, and a clock that is right",
                seen,
                evidence,
            )
        if "suspended" in response.message().lower():
            return Unknown(
                Reason.NOT_PERMITTED,
                f"the installation of the GitHub App {self._app} on {self._owner} is suspended:"
                " an owner has to let it in again",
                seen,
                evidence,
            )
        return Unknown(
            Reason.NOT_PERMITTED,
            f"an installation of the GitHub App {self._app} on {self._owner} that gives tokens",
            seen,
            evidence,
        )


def _levels(permissions: Any) -> dict[str, str] | None:
    if not isinstance(permissions, dict):
        return None
    whole = all(isinstance(level, str) for level in permissions.values())
    return permissions if whole else None


def _odd(response: Response, what: str) -> Unknown:
    return Unknown(
        Reason.MALFORMED,
        f"{response.endpoint} must answer with {what}",
        evidence=(response.atom,),
    )
