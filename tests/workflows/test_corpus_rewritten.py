"""How a workflow is written changes no verdict of any check."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tests.workflows.rewriting import PATH, outside_quotes
from tests.workflows.test_corpus import JUDGED, Entry, verdicts, verdicts_of

pytestmark = pytest.mark.second_tier("an audit of the whole corpus for each form")
EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
Change = Callable[[str], str]


def in_expressions(value: Any, change: Change, key: str = "") -> Any:
    """A document in whose expressions the parts outside of texts are changed."""
    if isinstance(value, dict):
        return {name: in_expressions(one, change, str(name)) for name, one in value.items()}
    if isinstance(value, list):
        return [in_expressions(one, change, key) for one in value]
    if not isinstance(value, str):
        return value
    if key == "if" and "${{" not in value:
        return outside_quotes(value, change)
    return EXPRESSION.sub(lambda found: "${{" + outside_quotes(found[1], change) + "}}", value)


def block(document: Any) -> str:
    """A document in block style, with other indents than people use."""
    dumper = YAML(typ="safe", pure=True)
    dumper.default_flow_style = False
    dumper.indent = 7
    out = io.StringIO()
    dumper.dump(document, out)
    return out.getvalue()


def as_json(document: Any) -> str:
    """In flow style, as JSON."""
    return json.dumps(document)


def anchored(document: Any) -> str:
    """What is there twice is written once, and named where it is again."""
    seen: dict[str, Any] = {}

    def shared(value: Any) -> Any:
        if isinstance(value, dict):
            value = {name: shared(one) for name, one in value.items()}
        elif isinstance(value, list):
            value = [shared(one) for one in value]
        else:
            return value
        return seen.setdefault(json.dumps(value), value)

    return block(shared(document))


def reordered(document: Any) -> str:
    """The keys of each mapping from the last to the first, but for those of `env` and inputs."""

    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: turned(value[name]) for name in reversed(value)}
        return [turned(one) for one in value] if isinstance(value, list) else value

    return as_json(turned(document))


def cased(document: Any) -> str:
    """Names of contexts in capitals."""
    return as_json(
        in_expressions(document, lambda text: PATH.sub(lambda one: one[0].upper(), text))
    )


def indexed(document: Any) -> str:
    """Keys of contexts as an index."""

    def change(found: re.Match[str]) -> str:
        root, *keys = found[0].split(".")
        return root + "".join(f"['{key}']" for key in keys)

    return as_json(in_expressions(document, lambda text: PATH.sub(change, text)))


def spaced(document: Any) -> str:
    """With other white space around operators and in braces."""
    return as_json(
        in_expressions(document, lambda text: re.sub(r" *(==|!=|&&|\|\||[(),]) *", r"  \1  ", text))
    )


OF_ZIZMOR = {"GHW201", "GHW204"}
"""Checks that are unknown where zizmor does not take a file for a workflow."""
REFUSED = 2
"""Files that zizmor takes as people write them, and not in another form: `{a: "https://b"}`."""


def refused(verdicts: dict[tuple[str, str], str]) -> set[str]:
    """The files that zizmor did not take."""
    return {name for (name, code), value in verdicts.items() if (code, value) == UNREAD}


UNREAD = ("GHW201", "unknown")
FORMS = (block, as_json, anchored, reordered, cased, indexed, spaced)


def read(entry: Entry) -> Any:
    """The document of a file; None where it is to be refused, or is read in another way."""
    try:
        return YAML(typ="safe", pure=True).load(entry.text)
    except YAMLError:
        return None


@pytest.mark.sampled(10)
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_another_way_to_write_it_changes_no_verdict(form: Callable[[Any], str]) -> None:
    """Of every workflow of the corpus that a YAML parser reads, and every check of workflows."""
    documents = [(entry, read(entry)) for entry in JUDGED]
    written = [
        replace(entry, text=form(document)) for entry, document in documents if document is not None
    ]
    assert len(written) > len(JUDGED) * 9 // 10
    before, after = verdicts(), verdicts_of(written)
    names = {entry.path.rpartition("/")[2] for entry in written}
    held = {key: value for key, value in before.items() if key[0] in names}
    assert len(held) > 1000
    changed = {
        key: (value, after.get(key))
        for key, value in held.items()
        if after.get(key) != value and not (key[1] in OF_ZIZMOR and key[0] in refused(after))
    }
    assert len(refused(after) - refused(before)) <= REFUSED
    assert changed == {}
