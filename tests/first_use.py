"""What workers use for the first time: `python -m tests.first_use spied`, or `many 100`.

`spied` runs audits in which every collector that imports something late has work to do, and prints
the modules that a worker began to load. `many` forks a process that has loaded neither Sigstore's
library's user nor anything that waits for it, so many times, and has 16 workers use it at once.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from hardenme.collectors.fact_store import FactStore
from hardenme.collectors.registry import collectors
from hardenme.engine.collect import Collection
from hardenme.facts.mail import OPT_IN
from hardenme.facts.npm.package import NewestRelease
from hardenme.facts.npm.provenance import ReleaseProvenance
from hardenme.model.evidence import Atom
from hardenme.model.fact import Answer
from hardenme.model.subject import Subject
from tests.factories.npm import newest_release
from tests.failing import careless
from tests.moment import NOW
from tests.passing import classic, mail
from tests.workstations import orderly

WORKERS = 16
LATE = "hardenme.collectors.npm.sigstore_proof"


class Spy:
    """Notes who begins to load a module, and finds none."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Asked for each module that is not loaded yet."""
        del path, target
        thread = threading.current_thread().name
        # Python's own codecs import nothing that imports them.
        if thread.startswith(("collector", "lister")) and not name.startswith("encodings."):
            self.seen.append(name)
        return None


def spied() -> int:
    """Print what workers loaded; 1 where that is anything."""
    spy = Spy()
    sys.meta_path.insert(0, spy)
    for scenario in (classic, careless, mail, orderly):
        with scenario() as running:
            others = running.others()
            opted_in = (OPT_IN,) if "mail" in others else ()
            running.audit(opted_in=opted_in, local="local" in others)
    assert LATE in sys.modules, "nothing was verified"
    assert "hardenme.collectors.mail.names" in sys.modules, "nothing was looked up"
    print("\n".join(dict.fromkeys(spy.seen)))  # noqa: T201 (the test reads it)
    return bool(spy.seen)


def many(times: int) -> int:
    """How many of so many processes went wrong."""
    import sigstore.verify  # noqa: PLC0415, F401 (its second of loading is not what is tried)

    assert LATE not in sys.modules
    wrong, fine = 0, False
    for _ in range(times):
        child = os.fork()
        if not child:
            try:
                fine = _used_at_once()
            finally:
                # No flush and no farewell of what the parent holds.
                os._exit(not fine)
        wrong += os.waitpid(child, 0)[1] != 0
    return wrong


def _used_at_once() -> bool:
    sys.setswitchinterval(1e-6)
    gate = threading.Barrier(WORKERS, timeout=60)
    fine: list[bool] = []

    def read(_: Any, __: Subject, ___: FactStore) -> Iterator[Answer[Any]]:
        gate.wait()
        there = LATE in sys.modules
        from hardenme.collectors.npm import sigstore_proof  # noqa: PLC0415 (as the product does)

        fine.append(there and sigstore_proof.SigstoreRoot is not None)
        yield from ()

    verifier = next(item for item in collectors() if ReleaseProvenance in item.gives)
    store = FactStore(frozenset({ReleaseProvenance}))
    subjects = [Subject("npm", "package", f"p{number}") for number in range(WORKERS)]
    for subject in subjects:
        read_from = (Atom("GET /{package}", 200, NOW),)
        store.put(Answer(NewestRelease, subject, (newest_release(subject.name),), read_from))
    Collection(
        collectors=(replace(verifier, read=read, roots=("npm:package",), of=()),),
        clients={"npm": object()},
        refused={},
        store=store,
        workers=WORKERS,
    ).run(subjects)
    return fine == [True] * WORKERS


if __name__ == "__main__":
    sys.exit(spied() if sys.argv[1] == "spied" else many(int(sys.argv[2])))
