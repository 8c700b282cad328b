"""What a command printed as JSON, held to the schema of its form."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema

from docs.making.json_forms import FORMS


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    (form,) = (one for one in FORMS if one.name == name)
    schema = json.loads(form.schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def printed(name: str, text: str) -> dict[str, Any]:
    """The document, which is of its form.

    Args:
        name: of the form.
        text: as it was printed.
    """
    found: dict[str, Any] = json.loads(text)
    _validator(name).validate(found)
    return found
