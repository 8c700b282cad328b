"""What zizmor said of some files it says of them again: it is started once for the same ones.

To start it takes longer than whatever else a run does with a few small files, and thousands of runs
look at the files of the same few worlds. Where its start is what is tested, `STARTED` is it.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from hardenme.collectors.zizmor import Analyser, installed
from hardenme.model.unknown import Unknown

STARTED = Analyser._ask
"""Starts it each time."""
REFUSED = "zizmor does not accept it as a workflow"
_said: dict[str, bytes | Unknown] = {}


def once(analyser: Analyser, place: Path, names: Sequence[str], seconds: float) -> bytes | Unknown:
    """What the installed program says of some files; any other program is started.

    How long it takes is no matter of the files alone, so that is found out each time.
    """
    if analyser.program != installed():
        return STARTED(analyser, place, names, seconds)
    files = [(name, sha256((place / name).read_bytes()).hexdigest()) for name in names]
    key = repr((str(analyser.program), files))
    if key in _said:
        return _said[key]
    answer = STARTED(analyser, place, names, seconds)
    if not isinstance(answer, Unknown) or REFUSED in answer.seen:
        _said[key] = answer
    return answer
