"""What is printed as JSON is a form of `docs/json.md`, and no module builds one by hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import jsonschema

from docs.making.json_forms import FORMS
from docs.making.json_schema import JsonSchema, attributes
from hardenme.codec.layout import hints_of
from hardenme.reports.printed import PrintedDocument

PRODUCT = Path(__file__).parent.parent / "hardenme"
ROOMS = ("cli", "reports", "rights")
OTHERS = frozenset(
    {
        "cli/audit/resume.py",
        "cli/audit/reuse.py",
        "cli/config/effective.py",
        "cli/exposed/resume.py",
        "cli/options/run_config.py",
        "reports/fixplan/rulesets.py",
        "reports/html/rows.py",
        "reports/pseudonyms/findings.py",
        "reports/permissions_json.py",
        "reports/printed.py",
        "reports/sarif/log.py",
        "reports/ticket/changes.py",
    }
)
"""Modules that make text of JSON otherwise: keys of what is kept, parts of a page or of a command,
formats of others, and forms whose schema is beside them."""


def _dumping() -> Iterator[str]:
    for room in ROOMS:
        for path in (PRODUCT / room).rglob("*.py"):
            text = path.read_text()
            # To parse a module takes a hundred times as long as to look for the word.
            if "json" in text and any(map(_dumps, ast.walk(ast.parse(text)))):
                yield path.relative_to(PRODUCT).as_posix()


def _dumps(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node) in {"json.dump", "json.dumps"}


def test_forms_are_written_by_the_codec() -> None:
    assert set(_dumping()) == OTHERS


def test_every_form_is_described() -> None:
    # A class with slots is made twice: by the name it is one.
    ours = {_name(one) for one in PrintedDocument.__subclasses__()}
    assert {_name(form.kind) for form in FORMS} == {
        one for one in ours if one.startswith("hardenme.")
    }
    for form in FORMS:
        assert hints_of(form.kind).keys() == attributes(form.kind).keys(), form.name
        jsonschema.Draft202012Validator.check_schema(
            JsonSchema(form.codec, form.kind).document(form.name)
        )


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"
