"""Whether a token is one that GitHub or npm made, by the checksum at its end.

A server refuses a mistyped token as it refuses a revoked one: only the checksum distinguishes them.

Sources: GitHub's "Behind GitHub's new authentication token formats" (5 April 2021) and npm's "npm
has a new access token format" (23 September 2021). A token has 30 random characters, then their
CRC-32 in six digits of base 62. The format of fine-grained tokens and of app tokens is not
documented.
"""

from __future__ import annotations

import re
import zlib

CHECKED = re.compile(r"(?:gh[opru]_|npm_)(?P<random>[0-9A-Za-z]{30})(?P<sum>[0-9A-Za-z]{6})")
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH = 6


def is_whole_token(value: str) -> bool:
    """Whether a token's checksum fits; not for a kind without one."""
    found = CHECKED.fullmatch(value)
    return found is not None and checksum(found["random"]) == found["sum"]


def checksum(random: str) -> str:
    """The last six characters of a token with these random ones."""
    number, digits = zlib.crc32(random.encode()), ""
    while number:
        number, digit = divmod(number, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits.rjust(LENGTH, DIGITS[0])
