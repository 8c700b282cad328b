"""Options that files and variables set: how a command comes to its settings.

An option goes before a variable, that before the user's own file, and that before a file in the
working directory. The table in `hardenme/config/settings.py` says which setting each option is and
who may set it; nothing here knows a single one of them but those that a folder may not weaken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from hardenme.cli.options.panels import OTHER, PanelCommand
from hardenme.cli.options.variables import strange
from hardenme.config.settings import BY_OPTION, SETTINGS, TARGET, Setting
from hardenme.model.adjustment import Adjustment
from hardenme.model.text import visible
from hardenme.model.waiver import Waiver

if TYPE_CHECKING:
    from hardenme.config.load import Loaded, Said

KEY = "hardenme.settled"
"""Under it the settings of a run are kept in the command's context."""
INSTEAD, WITHOUT = "hardenme.instead", "hardenme.without"
"""Under them stand the values of `--config` and `--no-config`."""
LENIENT = "hardenme.lenient"
"""Under it stands that what is wrong in a file is only told, and stops nothing."""
REPORTING = frozenset({"check", "report", "watch"})
"""The commands whose reports hold what files change; others say it."""
STRANGE = "hardenme.strange"
"""Under it stands which context has told of variables that mean nothing."""
BOTH = "--config and --no-config go against each other: give one of them"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a setting of a run comes from.

    Attributes:
        kind: `option`, `variable`, `own` (the user's file), `folder`, or `default`.
        place: the option, the variable, or the file with the line where that is known.
        words: the same, to be said in a sentence.
    """

    kind: str = "default"
    place: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What files and variables said to a run, beside the values of its options.

    Attributes:
        origins: where each setting comes from, by its name; those of defaults are left out.
        adjustments: the severities, thresholds and profiles that files ask for.
        waivers: findings that are accepted.
        proposed: findings that a folder's file wants accepted.
        notes: sentences that a reader of the report has to know.
        problems: what is wrong in the files; there is none where a run goes on.
        loaded: the files; None where none was read.
    """

    origins: Mapping[str, Origin] = field(default_factory=dict)
    adjustments: tuple[Adjustment, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    proposed: tuple[Waiver, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    loaded: Loaded | None = None

    def narrowed(self, *names: str) -> str:
        """Where these settings come from, in words, if from no option; empty if none does."""
        found = (self.origins.get(name, Origin()) for name in names)
        words = (one.words for one in found if one.kind not in {"default", "option"})
        return " and ".join(dict.fromkeys(words))

    def hint(self, message: str) -> str:
        """A message about an option, with the file or variable that set it."""
        for name, origin in self.origins.items():
            option = SETTINGS[name].option
            if origin.kind != "option" and option in message.replace(":", " ").split():
                return f"{message} (set by {origin.place})"
        return message


class WrongFilesError(typer.TyperException):
    """Files that cannot be used as they are, or checks that they name and that there are not.

    Attributes:
        lines: what is wrong, each with its file.
    """

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def settled(context: typer.Context) -> Settled:
    """The settings of a command that is a `SettledCommand`."""
    found: Settled = context.meta.get(KEY, Settled())
    return found


class SettledCommand(PanelCommand):
    """A command whose options may come from files and variables.

    Help reads no file, and neither does a wrong command line.
    """

    lenient = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for parameter in self.params:
            setting = self.setting_of(parameter)
            if setting and setting.variable and parameter.envvar is None:
                parameter.envvar, parameter.show_envvar = setting.variable, False  # type: ignore[attr-defined]
        self.params += [_named(), _none()]

    def setting_of(self, parameter: Any) -> Setting | None:
        """The setting that a parameter is; None where it is none, or another thing here."""
        argument = parameter.param_type_name == "argument"
        names = [TARGET] if argument and parameter.name == "targets" else parameter.opts
        found = next((BY_OPTION[name] for name in names if name in BY_OPTION), None)
        return found if found and found.counts_for(str(self.name)) else None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the command line, and fill in what it leaves open."""
        try:
            rest = super().parse_args(ctx, args)
        except typer.BadParameter as error:
            raise _by_variable(error, ctx) from None
        if not ctx.resilient_parsing:
            ctx.meta[KEY] = _Settling(self, ctx).settle()
        return rest


class LenientCommand(SettledCommand):
    """A command that tells of what is wrong in files, and goes on."""

    lenient = True


def _named() -> typer.core.TyperOption:
    return typer.core.TyperOption(
        param_decls=["instead", "--config"],
        metavar="FILE",
        default="",
        help="Read this file in place of your own; see `hardenme config`.",
        rich_help_panel=OTHER,
        expose_value=False,
        callback=lambda ctx, _, value: ctx.meta.__setitem__(INSTEAD, value),
    )


def _none() -> typer.core.TyperOption:
    return typer.core.TyperOption(
        param_decls=["without", "--no-config"],
        is_flag=True,
        default=False,
        help="Read no configuration file.",
        rich_help_panel=OTHER,
        expose_value=False,
        callback=lambda ctx, _, value: ctx.meta.__setitem__(WITHOUT, value),
    )


def _by_variable(error: typer.BadParameter, ctx: Any) -> typer.BadParameter:
    """The error, with the name of the variable where the value came from one."""
    parameter = error.param
    if parameter and parameter.envvar and _source(ctx, parameter) == "ENVIRONMENT":
        error.param_hint = f"the variable {parameter.envvar}"
    return error


def _source(ctx: Any, parameter: Any) -> str:
    source = ctx.get_parameter_source(parameter.name)
    return source.name if source else "DEFAULT"


class _Settling:
    """The settings of one command line."""

    def __init__(self, command: SettledCommand, ctx: Any) -> None:
        self.command = command
        self.ctx = ctx
        self.lenient = command.lenient or LENIENT in ctx.meta
        self.origins: dict[str, Origin] = {}
        self.notes: list[str] = []
        self.wished: dict[str, str] = {}
        """The profiles that folders wish for, by the file's words."""

    def settle(self) -> Settled:
        """Read the files, and put what they say in place of defaults."""
        from hardenme.cli.options.files import adjustments, load_here, wrong_names  # noqa: PLC0415

        instead, without = self.ctx.meta.get(INSTEAD, ""), self.ctx.meta.get(WITHOUT, False)
        if instead and without:
            raise typer.BadParameter(BOTH)
        loaded = load_here(Path(instead) if instead else None, without=without)
        problems = (*map(str, loaded.problems), *wrong_names(loaded))
        if problems and not self.lenient:
            raise WrongFilesError(problems)
        for parameter in self.command.get_params(self.ctx):
            setting = self.command.setting_of(parameter)
            if setting is not None:
                self._fill(parameter, setting, loaded)
        notes = (*loaded.notes, *self.notes)
        if not self.lenient and self.command.name not in REPORTING:
            for note in notes:
                self.ctx.obj.say(note)
        first = self.ctx.meta.setdefault(STRANGE, self.ctx) is self.ctx
        if first and not self.ctx.params.get("quiet"):
            for line in strange(self.ctx.obj.environ):
                self.ctx.obj.say(line)
            if self.ctx.params.get("ca_file") == "":
                self._say_uncounted()
        return Settled(
            self.origins,
            tuple(adjustments(loaded, self.wished)),
            loaded.waivers,
            loaded.proposed,
            notes,
            problems,
            loaded,
        )

    def _say_uncounted(self) -> None:
        """Say which variables name certificate authorities that do not count here."""
        environ = self.ctx.obj.environ
        if not any(name.endswith(("_CA_BUNDLE", "_CERT_FILE", "_CERT_DIR")) for name in environ):
            return
        from hardenme.collectors.transport.authorities import uncounted  # noqa: PLC0415 (start-up)

        if names := uncounted(environ):
            said = f"{' and '.join(names)} {'does' if len(names) == 1 else 'do'} not count"
            self.ctx.obj.say(f"{said}: name certificate authorities with --ca-file FILE")

    def _fill(self, parameter: Any, setting: Setting, loaded: Loaded) -> None:
        source = _source(self.ctx, parameter)
        if source == "ENVIRONMENT":
            name = setting.variable
            self.origins[setting.name] = Origin("variable", name, name)
        elif source != "DEFAULT":
            self.origins[setting.name] = Origin("option", setting.option, setting.option)
        else:
            for said in self._counting(setting.name, parameter, loaded):
                self._take(parameter, setting, said)
                return

    def _counting(self, name: str, parameter: Any, loaded: Loaded) -> Iterator[Said]:
        """What files say of a setting and counts, the most trusted first."""
        from hardenme.cli.options.files import loosens  # noqa: PLC0415 (start-up)

        for said in loaded.says(name):
            if said.trusted:
                yield said
            elif name == "profile":
                # Whether it asks for more is known when the accounts have been seen.
                self.wished[said.origin] = said.value
                if self.lenient:
                    self.notes.append(
                        f"{said.origin} asks for the profile {said.value}: a run follows it where"
                        " it demands more than the one that fits"
                    )
            elif loosens(name, said.value, self.ctx.params[parameter.name]):
                self.notes.append(
                    f"{said.origin} asks for {name} {said.value}, which would let more pass, and is"
                    f" not followed: it is {self.ctx.params[parameter.name]}"
                )
            else:
                yield said

    def _take(self, parameter: Any, setting: Setting, said: Said) -> None:
        from hardenme.cli.options.files import expanded  # noqa: PLC0415 (start-up)

        value = expanded(setting, said.value)
        self.ctx.params[parameter.name] = parameter.type_cast_value(self.ctx, value)
        kind = "own" if said.own else "folder"
        self.origins[setting.name] = Origin(kind, said.place, said.origin)
        if kind == "folder":
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            self.notes.append(f"{said.origin} sets {setting.name}: {visible(shown)}")
