"""What commands print as JSON: the page about it, and the JSON Schema of each form."""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from pathlib import Path

from docs.making.json_schema import JsonSchema
from hardenme.cli.attest.records import AnswersDocument
from hardenme.cli.config.effective import ConfigDocument
from hardenme.cli.list.document import ChecksDocument
from hardenme.cli.list.standard import FORM as STANDARD
from hardenme.cli.list.standard import StandardDocument
from hardenme.cli.verify_request.records import ContactsDocument, DecisionsDocument
from hardenme.cli.waive.listing import WaiversDocument
from hardenme.codec.typed import Codec
from hardenme.reports import forecast, permissions_json, token_status_json
from hardenme.reports.counted_by import CountsDocument
from hardenme.reports.doctor import DoctorDocument
from hardenme.reports.drift.jsonfile import DriftDocument
from hardenme.reports.exposure import ExposureDocument
from hardenme.reports.fixplan.document import PlanDocument
from hardenme.reports.handover.document import HandoverDocument
from hardenme.reports.holders.jsonfile import HoldersDocument
from hardenme.reports.incident import document as incident
from hardenme.reports.practices_json import PracticesDocument
from hardenme.reports.printed import PRINTED, PrintedDocument
from hardenme.reports.profiles import ProfilesDocument
from hardenme.reports.recent import jsonfile as recent
from hardenme.reports.rehearsal import RehearsalDocument
from hardenme.reports.trend.document import TrendDocument
from hardenme.reports.watch import jsonfile as watch

FOLDER = Path("schemas")
OTHERS = (("report", "check -f json", "../hardenme/reports/report.schema.json"),)
WHAT = {
    "report": "all findings of a run",
}
"""Forms whose schemas are beside the modules that write them: name, command, schema."""
HEAD = """<!-- Made by docs/make.py. Change docs/making/json_forms.py or the form instead. -->

# JSON output

Each document is one object in ASCII. Its `schema_version` is MAJOR.MINOR: a minor version only adds
members, so pass over members that you do not know. Every member of a schema is always there; one
with nothing to say is null, empty, or an empty list. Times are in UTC. No text contains a secret or
a hidden character.

| form | what it is | printed by | JSON Schema |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class PrintedForm:
    """A form of JSON.

    Attributes:
        name: of its schema.
        kind: the dataclass of the document.
        commands: that print it.
        codec: writes it.
    """

    name: str
    kind: type[PrintedDocument]
    commands: tuple[str, ...]
    codec: Codec = PRINTED

    @property
    def path(self) -> Path:
        """Of its schema, from `docs`."""
        return FOLDER / f"{self.name}.schema.json"

    def schema(self) -> str:
        """Its JSON Schema."""
        return json.dumps(JsonSchema(self.codec, self.kind).document(self.name), indent=1) + "\n"


FORMS = (
    PrintedForm("answers", AnswersDocument, ("attest --list -f json",)),
    PrintedForm("checks", ChecksDocument, ("list -f json",)),
    PrintedForm("config", ConfigDocument, ("config -f json",)),
    PrintedForm("contacts", ContactsDocument, ("verify-request --contacts -f json",)),
    PrintedForm("counts", CountsDocument, ("show --by repository -f json",)),
    PrintedForm("decisions", DecisionsDocument, ("verify-request --list -f json",)),
    PrintedForm("doctor", DoctorDocument, ("doctor -f json",)),
    PrintedForm("drift", DriftDocument, ("diff -f json",)),
    PrintedForm("exposure", ExposureDocument, ("exposed WHAT -f json",)),
    PrintedForm("forecast", forecast.ForecastDocument, ("check --plan -f json",), forecast.FORM),
    PrintedForm("handover", HandoverDocument, ("person LOGIN --leaves -f json",)),
    PrintedForm("holders", HoldersDocument, ("people -f json",)),
    PrintedForm("rehearsal", RehearsalDocument, ("rehearse -f json",)),
    PrintedForm("incident", incident.IncidentDocument, ("incident status -f json",), incident.FORM),
    PrintedForm(
        "permissions",
        permissions_json.PermissionsDocument,
        ("permissions -f json",),
        permissions_json.FORM,
    ),
    PrintedForm("plan", PlanDocument, ("fix -f json",)),
    PrintedForm("practices", PracticesDocument, ("show --practices -f json",)),
    PrintedForm("profiles", ProfilesDocument, ("list --profiles -f json",)),
    PrintedForm("recent", recent.RecentDocument, ("recent -f json",), recent.FORM),
    PrintedForm("standard", StandardDocument, ("list --standard NAME -f json",), STANDARD),
    PrintedForm(
        "tokens",
        token_status_json.TokensDocument,
        ("auth status -f json",),
        token_status_json.FORM,
    ),
    PrintedForm("trend", TrendDocument, ("trend -f json",)),
    PrintedForm("waivers", WaiversDocument, ("waive list -f json",)),
    PrintedForm("watch", watch.WatchDocument, ("watch github:ORG -f json",), watch.FORM),
)


def page() -> str:
    """The page: every form, the commands that print it, and its schema."""
    rows = [(one.name, _what(one), one.commands, one.path.as_posix()) for one in FORMS]
    rows += [(name, WHAT[name], (command,), path) for name, command, path in OTHERS]
    return HEAD + "".join(
        f"| {name} | {what} | {', '.join(f'`hardenme {one}`' for one in commands)} "
        f"| [{name}]({path}) |\n"
        for name, what, commands, path in sorted(rows)
    )


def _what(form: PrintedForm) -> str:
    words = (inspect.getdoc(form.kind) or "").partition("\n\n")[0].rstrip(".")
    return f"{words[:1].lower()}{words[1:]}"


def files() -> dict[Path, str]:
    """The page and the schemas, by their paths from `docs`."""
    return {Path("json.md"): page(), **{one.path: one.schema() for one in FORMS}}
