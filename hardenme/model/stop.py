"""The wish of the system that a run ends."""


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM); what was found is kept, as after Ctrl-C."""
