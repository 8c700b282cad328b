"""Every command that help and documents show is run, and ends as it should.

The table `examples.toml` has the exit code and the first line of each. An example that is not in it
fails: run `python -m tests.cli.examples` for its row, and look at what it prints.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardenme.ground.exit_code import Exit
from tests.cli.examples import Reader, accounts, before, examples, first_line

pytestmark = pytest.mark.second_tier("runs every example of help and documents, one by one")
TABLE = tomllib.loads(Path(__file__).with_name("examples.toml").read_text(encoding="utf-8"))
PERSON = re.compile(
    r"terminal|there is no keyring here|nothing is stored there|from standard input is of one"
    r" provider|standard input is empty|also takes the package s3fs|say by --how what was done"
    r"|No run of `recent` is kept|`hardenme fleet plan` writes one"
)
"""What an example says that needs a person, a keyring, a store, a plan or signs of an attack."""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Someone who has checked, reported and kept files."""
    with accounts() as found:
        made = Reader(tmp_path_factory.mktemp("examples"), *found)
        made.prepare()
        yield made


def test_the_table_has_each_example_and_no_other() -> None:
    shown = examples()
    assert len(shown) > 150
    assert {example: shown[example] for example in shown if example not in TABLE} == {}
    assert sorted(set(TABLE) - set(shown)) == []


@pytest.mark.sampled(96)
@pytest.mark.parametrize("example", TABLE)
def test_an_example_ends_as_it_should(reader: Reader, example: str) -> None:
    row = TABLE[example]
    ran = reader.run(example, before(example))
    shown = f"{ran.out}{ran.err}"
    assert re.match(row["first"], first_line(ran)), shown
    assert ran.code == row["code"], shown
    # What is no usage error has to be a result; what is one needs somebody who is not here.
    wrong = {Exit.USAGE, Exit.NO_CREDENTIAL, Exit.NOTHING_MATCHED}
    assert (ran.code in wrong) == ("person" in row)
    assert "person" not in row or PERSON.search(ran.err), shown
    assert "this is a fault of hardenme" not in shown
