"""What some tests need that Windows does not have: owners, modes, pipes and signals."""

from __future__ import annotations

import os
import sys

import pytest

IS_POSIX = sys.platform != "win32" and hasattr(os, "getuid")
IS_ROOT = IS_POSIX and os.geteuid() == 0
ON_POSIX = pytest.mark.skipif(not IS_POSIX, reason="there are no such files, modes or signals")
AS_ROOT = pytest.mark.skipif(not IS_ROOT, reason="only root gives files to someone else")
NOT_AS_ROOT = pytest.mark.skipif(not IS_POSIX or IS_ROOT, reason="root may read and write anywhere")
