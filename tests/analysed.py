"""What zizmor said of some files it says of them again: it is started once for the same ones.

To start it takes longer than whatever else a run does with a few small files, and thousands of runs
look at the files of the same few worlds. Where its start is what is tested, `STARTED` is it.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from hardenme.collectors.workflows.zizmor import Analyser, NoAnalysisError, installed

STARTED = Analyser._ask
"""Starts it each time."""
REFUSED = "zizmor does not accept it as a workflow"
_said: dict[str, bytes | None] = {}


def once(analyser: Analyser, place: Path, names: Sequence[str], seconds: float) -> bytes:
    """What the installed program says of some files; any other program is started.

    Raises:
        NoAnalysisError: it gives no answer that counts. How long it takes is no matter of the
            files alone, so that is found out each time.
    """
    if analyser.program != installed():
        return STARTED(analyser, place, names, seconds)
    files = [(name, sha256((place / name).read_bytes()).hexdigest()) for name in names]
    key = repr((str(analyser.program), files))
    if key not in _said:
        try:
            _said[key] = STARTED(analyser, place, names, seconds)
        except NoAnalysisError as error:
            if str(error) != REFUSED:
                raise
            _said[key] = None
    answer = _said[key]
    if answer is None:
        raise NoAnalysisError(REFUSED)
    return answer
