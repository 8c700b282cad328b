"""Options that files and variables set: how a command comes to its settings.

An option overrides a variable, a variable overrides the user's own file, and that overrides a file
in the working directory. The table in `hardenme/config/settings.py` says which setting each option
is and who may set it. This module knows only those that a folder may not weaken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from hardenme.cli.options.origins import SETTLED, SettingOrigin, Settled
from hardenme.cli.options.panels import PanelCommand
from hardenme.cli.options.parameters import parameter
from hardenme.cli.options.variables import strange
from hardenme.config.settings import Setting
from hardenme.config.table.access import CONFIG, NO_CONFIG
from hardenme.config.trust import WITHOUT as ALONE
from hardenme.ground.errors import UsageError
from hardenme.model.text import visible

if TYPE_CHECKING:
    from hardenme.config.load import FoundSetting, Loaded

INSTEAD, WITHOUT = "hardenme.instead", "hardenme.without"
"""The keys of the values of `--config` and `--no-config`."""
LENIENT = "hardenme.lenient"
"""The key that makes problems in a file warnings, which stop nothing."""
REPORTING = frozenset({"check", "report", "watch"})
"""The commands whose reports hold what files change; others say it."""
STRANGE = "hardenme.strange"
"""The key of the context that has warned about variables without a meaning."""
NOTHING_ASKED = f"nothing was asked; {ALONE}, `hardenme config` shows what counts"
BOTH = "--config and --no-config go against each other: give one of them"


def files_chosen(context: Any) -> list[str]:
    """What the command line says of files, `--config` or `--no-config`, to be given again."""
    instead, without = context.meta.get(INSTEAD), context.meta.get(WITHOUT)
    named = ["--config", str(Path(instead).absolute())] if instead else []
    return [*named, *(["--no-config"] if without else [])]


class SettledCommand(PanelCommand):
    """A command whose options may come from files and variables.

    Help reads no file, and neither does a wrong command line.
    """

    lenient = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for own in self.params:
            setting = self.setting_of(own)
            if setting and setting.variable:
                own.envvar, own.show_envvar = setting.variable, False  # type: ignore[attr-defined]
        self.params += [
            parameter(CONFIG, name="instead", expose_value=False, callback=_remembered(INSTEAD)),
            parameter(NO_CONFIG, name="without", expose_value=False, callback=_remembered(WITHOUT)),
        ]

    def setting_of(self, parameter: Any) -> Setting | None:
        """The setting that a parameter is; None if it is none, or another thing here."""
        found = self.options.get(parameter.name)
        return found if found and found.counts_for(str(self.name)) else None

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the command line, and fill in what it leaves open."""
        try:
            rest = super().parse_args(ctx, args)
        except typer.BadParameter as error:
            raise _by_variable(error, ctx) from None
        if not ctx.resilient_parsing:
            ctx.meta[SETTLED] = _Settling(self, ctx).settle()
        return rest


class LenientCommand(SettledCommand):
    """A command that warns about problems in files, and continues."""

    lenient = True


def _remembered(place: str) -> Callable[[Any, Any, Any], None]:
    return lambda ctx, _, value: ctx.meta.__setitem__(place, value)


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
        self.origins: dict[str, SettingOrigin] = {}
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
            problem, *others = problems
            raise UsageError(problem, more=(*others, NOTHING_ASKED))
        for one in self.command.get_params(self.ctx):
            setting = self.command.setting_of(one)
            if setting is not None:
                self._fill(one, setting, loaded)
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
            self.origins[setting.name] = SettingOrigin("variable", name, name)
        elif source != "DEFAULT":
            self.origins[setting.name] = SettingOrigin("option", setting.option, setting.option)
        else:
            for said in self._counting(setting.name, parameter, loaded):
                self._take(parameter, setting, said)
                return

    def _counting(self, name: str, parameter: Any, loaded: Loaded) -> Iterator[FoundSetting]:
        """The values of a setting in files that count, the most trusted first."""
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

    def _take(self, parameter: Any, setting: Setting, said: FoundSetting) -> None:
        from hardenme.cli.options.files import expanded  # noqa: PLC0415 (start-up)

        value = expanded(setting, said.value)
        self.ctx.params[parameter.name] = parameter.type_cast_value(self.ctx, value)
        kind = "own" if said.own else "folder"
        self.origins[setting.name] = SettingOrigin(kind, said.place, said.origin)
        if kind == "folder":
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            self.notes.append(f"{said.origin} sets {setting.name}: {visible(shown)}")
