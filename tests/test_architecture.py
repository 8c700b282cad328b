"""What the import contracts cannot say: purity, the standard library, and small rooms.

The layers themselves are contracts of import-linter, in pyproject.toml.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

from benchmarks.structure import structure
from hardenme.cli.main import COMMANDS
from tests.declared import GITHUB, NPM
from tests.each import each

ROOT = Path(__file__).parent.parent
CATALOGUE = sorted((ROOT / "checks" / "hardenme_checks").rglob("*.py"))
SOURCES = sorted([*(ROOT / "hardenme").rglob("*.py"), *CATALOGUE])
PURE = frozenset(
    {
        *("__future__", "collections", "dataclasses", "datetime", "enum", "functools"),
        *("ipaddress", "json", "re", "shlex", "typing"),
    }
)
"""What a check may take from the standard library: nothing of it reads or asks anything."""
UNKNOWN = frozenset({"Unknown", "NotKnownError"})
READING = frozenset({"time", "time_ns", "localtime", "gmtime", "ctime"})
"""What of the module `time` tells the day."""
CODE_READERS = frozenset(
    {"ast", "code", "codeop", "dis", "inspect", "linecache", "opcode", "symtable", "tokenize"}
)
"""Modules that show a program its own source or bytecode."""
OF_CODE = re.compile(r"__(annotations|code|closure|defaults|globals|signature|wrapped)__|co_\w+")
"""Attributes by which a program reads, or makes up, how its own functions are written."""
DECLARED = {
    "hardenme/cli/options/panels.py": {"cleandoc"},
    "hardenme/model/check.py": {"getdoc", "signature"},
    "hardenme/rights/described.py": {"getdoc"},
}
"""What is read of functions and classes: what they declare, which is parameters and docstrings."""
ONE_DERIVATION = "one derivation a module: the registry lists them"
LONGEST = 60
"""Lines of a function's body, its docstring left out."""
SMALL = 40
"""A module with fewer lines joins the one module of its folder that imports it."""
SMALL_FOR_A_REASON = {
    "hardenme.cli.auth.npm_web_login": "asks npm, while `login` asks the person",
    "hardenme.derive.organization_secrets": ONE_DERIVATION,
    "hardenme.derive.practice": ONE_DERIVATION,
    "hardenme.derive.releases": ONE_DERIVATION,
    "hardenme.derive.roster": ONE_DERIVATION,
    "hardenme.derive.used_actions": ONE_DERIVATION,
}
"""Modules that are small and have one importer, and why each is a module all the same."""
SAME_NAMES = ("hardenme/facts", "hardenme/sandbox/github", "hardenme/sandbox/npm")
"""Here the same thing has the same name: as a fact, and as what each server knows."""
ROOMS = frozenset({"audit", "options", "output", "stored", "terminal", "timer"})
"""Folders of the command line that are not a command: what several commands need."""
BANNED = frozenset({"utils", "util", "helpers", "helper", "common", "misc"})


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All that a file says; its first is the module."""
    return tuple(ast.walk(ast.parse(path.read_text())))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module or ""


def within(*folders: str) -> list[Path]:
    return [path for path in SOURCES if name_of(path).startswith(folders)]


def allowed(module: str, own: tuple[str, ...], outside: frozenset[str]) -> bool:
    return module.startswith(own) or module.partition(".")[0] in outside


@each(CATALOGUE, name_of)
def test_a_check_imports_facts_and_the_vocabulary_alone(path: Path) -> None:
    own = ("hardenme.facts.", "hardenme.model.", "hardenme_checks.")
    assert not [module for module in imports(path) if not allowed(module, own, PURE)]


@each(CATALOGUE, name_of)
def test_a_check_neither_makes_nor_swallows_an_unknown(path: Path) -> None:
    for node in nodes(path):
        assert not isinstance(node, ast.Raise | ast.TryStar), "a check answers"
        if isinstance(node, ast.ExceptHandler):
            assert getattr(node.type, "id", "") == "ValueError", "all else is the engine's to catch"
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            assert name not in UNKNOWN, f"line {node.lineno} makes an unknown"
            assert name not in {"open", "eval", "exec", "print", "now", "today", "utcnow"}
        if isinstance(node, ast.Attribute):
            assert node.attr != "__getattribute__", f"line {node.lineno} reads past the guard"
        if isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            assert not names & {"NotKnownError", "Reason", "READS"}, f"line {node.lineno}"


@each(within("hardenme/model/"), name_of)
def test_the_vocabulary_needs_the_standard_library_alone(path: Path) -> None:
    own = ("hardenme.model", "hardenme.ground.errors")
    assert not [m for m in imports(path) if not allowed(m, own, sys.stdlib_module_names)]


@each(SOURCES, name_of)
def test_one_module_reads_the_machine_s_clock(path: Path) -> None:
    """The sandbox has the time of its worlds; a signed word is held against the machine's."""
    own = name_of(path) in {"hardenme/ground/clock.py", "hardenme/sandbox/github/signed.py"}
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add((node.value.id, node.attr))
        if isinstance(node, ast.ImportFrom):
            named = {(node.module or "", alias.name) for alias in node.names}
            assert not named & {("time", name) for name in READING}, "by the module's name"
            assert ("hardenme.ground.clock", "now") not in named, "a test could not set it"
            assert ("hardenme.ground.clock", "today") not in named, "a test could not set it"
    reads = {("time", name) for name in READING}
    reads |= {(kind, name) for kind in ("datetime", "date") for name in ("now", "today", "utcnow")}
    assert bool(found & reads) is own


ROOTS = {one.path.split("/")[1].partition("?")[0] for one in (*GITHUB, *NPM)} - {"{package}"}
ADDRESS = rf"/(?:{'|'.join(sorted(ROOTS | {'app'}))})(?![\w.-])"
"""How an address begins that GitHub or npm answers at."""
BEGINS = re.compile(rf"(?:[A-Z]+ )?{ADDRESS.replace('/', '/(?:[(][?]:)?', 1)}")
"""A text that is an address, or its pattern, with the method or without."""
NAMES_A_HANDSHAKE = "what gives out a credential or ends it: a closed list of its own"
ELSEWHERE = {
    "hardenme/collectors/transport/handshake.py": NAMES_A_HANDSHAKE,
    "hardenme/collectors/npm/session_token.py": NAMES_A_HANDSHAKE,
    "hardenme/credentials/app.py": NAMES_A_HANDSHAKE,
    "hardenme/rights/grant.py": NAMES_A_HANDSHAKE,
    "hardenme/collectors/github/refusal.py": "how GitHub refuses whole families of addresses, most"
    " of which nobody asks at",
    "hardenme/collectors/github/sign_on.py": "the address of a page, which no program asks at",
}
"""Modules outside the facts in which an address stands, and why."""


def _texts(path: Path) -> Iterator[str]:
    """What a module says, its docstrings left out."""
    docs = {id(node.value) for node in nodes(path) if isinstance(node, ast.Expr)}
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@each(SOURCES, name_of)
def test_facts_alone_say_where_they_are_read(path: Path) -> None:
    if path.is_relative_to(ROOT / "hardenme" / "sandbox"):
        return  # It answers as the providers do, whatever facts declare.
    found = [text for text in _texts(path) if BEGINS.match(text)]
    if not path.is_relative_to(ROOT / "hardenme" / "facts"):
        assert bool(found) is (name_of(path) in ELSEWHERE), found


def test_an_address_stands_once() -> None:
    address = re.compile(rf"(?<![\w}}]){ADDRESS}[^\s,?]*")
    texts = [text for path in within("hardenme/facts/") for text in _texts(path)]
    found = Counter(one for text in texts for one in address.findall(text))
    assert [one for one, times in found.items() if times > 1] == []
    # So that the search is known to find what is declared.
    declared = {one.path.partition("?")[0] for one in (*GITHUB, *NPM)}
    assert len(declared & found.keys()) > len(declared) * 0.8


@each(SOURCES, name_of)
def test_a_list_s_endpoint_says_whether_it_is_counted(path: Path) -> None:
    if path.is_relative_to(ROOT / "hardenme" / "facts"):
        return
    for node in nodes(path):
        if isinstance(node, ast.keyword) and node.arg == "counted":
            assert not isinstance(node.value, ast.Constant), f"line {node.value.lineno}"


def test_no_two_modules_need_each_other() -> None:
    """Not by an import within a function either: a thread could find one of them half made."""
    paths = {_module(path): path for path in SOURCES}
    needs = {}
    for name, path in paths.items():
        direct = set(_needed(path, paths.keys()))
        # Who takes a module takes its packages too, but for those that are being made already.
        needs[name] = direct | _packages(*direct) - _packages(name)
        needs[name] -= {name}
    # Whatever needs none of those that are left is in no circle.
    while free := {name for name, others in needs.items() if not others & needs.keys()}:
        needs = {name: others for name, others in needs.items() if name not in free}
    assert sorted(needs) == []


def _packages(*modules: str) -> set[str]:
    """The packages that modules lie in."""
    parts = (name.split(".") for name in modules)
    return {".".join(one[:end]) for one in parts for end in range(1, len(one))}


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[parts[0] == "checks" :]).removesuffix(".__init__")


def _needed(path: Path, modules: Collection[str]) -> Iterator[str]:
    """The modules that a file takes, or takes something out of."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                part = f"{node.module}.{alias.name}"
                yield part if part in modules else str(node.module)


@each(within("hardenme/facts/", "hardenme/derive/", "hardenme/workflows/"), name_of)
def test_facts_derivations_and_workflow_analysis_do_no_input_or_output(path: Path) -> None:
    doing = {"os", "pathlib", "socket", "subprocess", "ssl", "http", "urllib.request", "time"}
    found = set(imports(path))
    assert not found & doing
    ground = ("hardenme.ground.names", "hardenme.ground.errors")
    room = ".".join(path.relative_to(ROOT).parts[:2])
    own = (*ground, "hardenme.model", "hardenme.facts", room)
    outside = sys.stdlib_module_names | ({"ruamel"} if room == "hardenme.workflows" else set())
    assert not [m for m in found if not allowed(m, own, outside)]


@each(sorted((ROOT / "docs").rglob("*.py")), name_of)
def test_pages_are_made_without_tests(path: Path) -> None:
    """Nor of the sandbox: what is tested or shown with invented names changes no page."""
    assert not [m for m in imports(path) if m.startswith(("tests", "hardenme.sandbox"))]


def test_the_sandbox_holds_what_the_demo_shows() -> None:
    """What only tests and benchmarks need lies below `tests`, and in no wheel."""
    paths = {_module(path): path for path in within("hardenme/sandbox/")}
    shown: set[str] = set()
    waiting = {"hardenme.sandbox.demo"}
    while waiting:
        shown |= waiting
        needed = {one for name in waiting for one in _needed(paths[name], paths.keys())}
        waiting = (needed | _packages(*needed)) & paths.keys() - shown
    assert sorted(paths.keys() - shown) == []


@each(within("hardenme/sandbox/"), name_of)
def test_the_sandbox_needs_little(path: Path) -> None:
    outside = sys.stdlib_module_names | {"graphql", "cryptography"}
    assert not [m for m in imports(path) if not allowed(m, ("hardenme.sandbox",), outside)]


@each(within("hardenme/cli/"), name_of)
def test_a_command_takes_nothing_of_another_command(path: Path) -> None:
    folder = path.parent.name
    if folder == "cli":
        return  # The frame knows all of them.
    found = {module.split(".")[2] for module in imports(path) if module.startswith("hardenme.cli.")}
    allowed_folders = ROOMS | {"invoke"} | ({folder} - ROOMS)
    assert found <= allowed_folders


def test_a_folder_of_the_command_line_is_a_command_or_a_room() -> None:
    folders = {path.parent.name for path in within("hardenme/cli/")} - {"cli"}
    assert folders - ROOMS == {name.replace("-", "_") for name in COMMANDS}
    assert folders >= ROOMS


@each(within("hardenme/cli/"), name_of)
def test_only_the_demo_opens_the_sandbox(path: Path) -> None:
    opens = any(module.startswith("hardenme.sandbox") for module in imports(path))
    assert path.name == "demo.py" or not opens


@each(SOURCES, name_of)
def test_a_module_is_one_small_room(path: Path) -> None:
    assert not BANNED & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    module = nodes(path)[0]
    assert isinstance(module, ast.Module)
    assert ast.get_docstring(module), "a module says what it is for"


@each(SOURCES, name_of)
def test_a_function_is_short(path: Path) -> None:
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[ast.get_docstring(node) is not None :] or node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
            assert lines <= LONGEST, f"{node.name} has {lines} lines"


def test_a_class_name_has_one_meaning() -> None:
    homes: dict[str, list[str]] = defaultdict(list)
    for path in SOURCES:
        name = name_of(path)
        room = next((room for room in SAME_NAMES if name.startswith(f"{room}/")), name)
        module = nodes(path)[0]
        assert isinstance(module, ast.Module)
        for node in module.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(room)
    assert homes
    several = {
        name: where
        for name, where in homes.items()
        if len(where) > 1 and not (len({*where}) == len(where) and {*where} <= {*SAME_NAMES})
    }
    assert several == {}


def test_a_small_module_joins_its_one_importer_or_says_why_not() -> None:
    """A package's `__init__` gathers its modules, and what a function imports may load late."""
    found = structure(ROOT)
    paths = {_module(path): path for path in SOURCES}
    small = set()
    for name in found.single:
        (importer,) = found.importers[name]
        same_folder = paths[name].parent == paths[importer].parent
        gathers = "__init__.py" in {paths[name].name, paths[importer].name}
        if found.lines[name] < SMALL and same_folder and not gathers:
            small |= {name} & set(_needed_at_once(paths[importer], paths.keys()))
    assert small == SMALL_FOR_A_REASON.keys()


def _needed_at_once(path: Path, modules: Collection[str]) -> Iterator[str]:
    """The modules that are loaded with a file."""
    module = nodes(path)[0]
    assert isinstance(module, ast.Module)
    for node in module.body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                part = f"{node.module}.{alias.name}"
                yield part if part in modules else str(node.module)


def test_four_modules_start_one_program_each() -> None:
    """Fixes are printed, never run. zizmor is started, which reads workflow files; with
    --use-gh, gh, which is asked for its token; ssh-keygen, which verifies a signature; and
    hardenme itself, which reads a shard of a fleet."""
    starters = set()
    for path in SOURCES:
        found = {module.partition(".")[0] for module in imports(path)}
        if found & {"subprocess", "pty", "multiprocessing"}:
            starters.add(name_of(path))
        for node in nodes(path):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                call = f"{node.value.id}.{node.attr}"
                assert not call.startswith(("os.exec", "os.spawn", "os.system", "os.popen")), path
    assert starters == {
        "hardenme/cli/fleet/local.py",
        "hardenme/collectors/ssh_signature.py",
        "hardenme/collectors/zizmor.py",
        "hardenme/credentials/gh.py",
    }


@each(SOURCES, name_of)
def test_no_code_reads_code(path: Path) -> None:
    """What a program has to know of itself is declared; the parameters of a check are its needs."""
    used = set()
    for node in nodes(path):
        if isinstance(node, ast.Attribute):
            assert not OF_CODE.fullmatch(node.attr), node.attr
            if isinstance(node.value, ast.Name) and node.value.id == "inspect":
                used.add(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"compile", "eval", "exec"}
    assert used == DECLARED.get(name_of(path), set())
    found = {module.partition(".")[0] for module in imports(path)} & CODE_READERS
    assert found == ({"inspect"} if used else set())
