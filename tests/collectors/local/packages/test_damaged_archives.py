"""An archive of yarn's that is damaged anywhere is a fault or read; it never ends the search."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from hardenme.collectors.local.packages.bounds import BoundedReader
from hardenme.collectors.local.packages.yarn_cache import _within
from tests.credentials.backends import station

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
MANIFEST = b'{"name": "axios", "version": "1.14.1"}' + b" " * 200


def archived(method: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        made.writestr("node_modules/axios/package.json", MANIFEST)
    return file.getvalue()


@pytest.mark.parametrize("method", METHODS)
def test_a_byte_that_differs_is_noticed(method: int, tmp_path: Path) -> None:
    whole, path = archived(method), tmp_path / "axios.zip"
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        reader = BoundedReader(station(tmp_path))
        told = _within(reader, path, "axios")
        assert told is None or (told.name, told.version) == ("axios", "1.14.1")
