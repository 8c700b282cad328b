"""`hardenme doctor`."""

from __future__ import annotations

from hardenme import __version__
from hardenme.cli.options.given import OptionValues
from hardenme.cli.options.panels import USAGE
from hardenme.cli.options.settled import LenientCommand
from hardenme.config.table.access import CA_FILE, GITHUB_URL, NPM_REGISTRY, OFFLINE, USE_GH
from hardenme.config.table.result import FORMAT, NOTIFY_FILE, OUTPUT
from hardenme.ground.exit_code import Exit

EPILOG = "Exit codes: 0 a token is accepted (with --offline: is found), 2 usage, 4 none is."


def doctor(given: OptionValues) -> int:
    """Show what a run would use: tokens and whose they are, proxies, settings, variables.

    Each token is sent to its own host only, to learn whose it is.
    """
    from hardenme.cli.doctor.examination import examine  # noqa: PLC0415 (start-up)
    from hardenme.cli.doctor.heartbeats import add_heartbeats  # noqa: PLC0415
    from hardenme.cli.doctor.notifications import add_notifications  # noqa: PLC0415
    from hardenme.cli.output.forms import form_asked, show_form  # noqa: PLC0415
    from hardenme.cli.output.place import output_file  # noqa: PLC0415
    from hardenme.ground import clock  # noqa: PLC0415
    from hardenme.reports.doctor import FORMS, DoctorRows, render  # noqa: PLC0415
    from hardenme.reports.header import Header, minute  # noqa: PLC0415

    delivery = form_asked(given, FORMS)
    rows = DoctorRows(__version__, Header(f"hardenme {__version__}", (), minute(clock.now())))
    code = examine(
        rows,
        given.console,
        given[GITHUB_URL],
        given[NPM_REGISTRY],
        ca_file=given[CA_FILE],
        use_gh=given[USE_GH],
        offline=given[OFFLINE],
        loaded=given.settled.loaded,
    )
    if code != USAGE:
        add_heartbeats(rows)
        add_notifications(rows, given.console, given[NOTIFY_FILE])
    with output_file(delivery) as place:
        if show_form(given.console, delivery, place, rows, render) is not Exit.CLEAN:
            return Exit.USAGE
    return code


COMMAND = LenientCommand(
    "doctor",
    doctor,
    *(GITHUB_URL, NPM_REGISTRY, CA_FILE, USE_GH),
    NOTIFY_FILE.but(help="Also show the notification targets in FILE.", heading=""),
    OFFLINE,
    FORMAT.but(help="table, markdown or json.", default="table"),
    OUTPUT,
    epilog=EPILOG,
)
