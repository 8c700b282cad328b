"""The tokens that this user has stored in the keyring."""

from __future__ import annotations

from hardenme.cli.terminal.guards import quiet_libraries
from hardenme.credentials.keyring import Keyring
from hardenme.credentials.stored import StoredTokens
from hardenme.ground.places import state_folder
from hardenme.store.token_index import TokenIndex


def stored_tokens() -> StoredTokens:
    """The tokens on the list in the user's state folder; the keyring is not opened by this.

    What a plug-in of the keyring library logs when it breaks is printed nowhere.
    """
    quiet_libraries()
    return StoredTokens(TokenIndex(state_folder()), Keyring.here())
