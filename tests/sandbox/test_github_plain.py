"""Plain answers of the GitHub sandbox: in order, wrong where a world says so, and changed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from hardenme.sandbox.github.body import Body
from hardenme.sandbox.github.calls import PermittedRequest
from hardenme.sandbox.github.pages import PagedAnswer
from hardenme.sandbox.github.permits import administration
from hardenme.sandbox.github.rest.plain import PLAIN, REPO, Plain, Write, weak_of
from hardenme.sandbox.github.world import Repository
from tests.moment import NOW
from tests.worlds.github_writes.plain import changes

SWITCH = Plain(
    f"{REPO}a-switch",
    administration(),
    {"on": True, "since": 3},
    {"on": False},
    write=Write(Body({"on": bool}), administration("write")),
)
LIST = Plain(f"{REPO}a-list", administration(), [], [{"id": 7}], listed="things")


def asked_of(**plain: Any) -> PermittedRequest:
    paths = {f"{REPO}{name.replace('_', '-')}": state for name, state in plain.items()}
    here = Repository("hazel", "catkin", 1, NOW, NOW, plain=paths)
    return cast("PermittedRequest", SimpleNamespace(repo=here, org=None))


def test_an_object_is_in_order_unless_a_world_says_otherwise() -> None:
    assert SWITCH.shown(asked_of()) == {"on": True, "since": 3}
    assert SWITCH.shown(asked_of(a_switch=SWITCH.weak)) == {"on": False, "since": 3}


def test_so_is_a_list() -> None:
    for call, items in ((asked_of(), []), (asked_of(a_list=LIST.weak), [{"id": 7}])):
        found = LIST.shown(call)
        assert isinstance(found, PagedAnswer)
        assert (list(found.items), found.key) == (items, "things")


def test_what_changes_an_object_sets_what_it_names_and_leaves_the_rest() -> None:
    (change,) = changes([SWITCH, LIST])
    assert (change.method, change.pattern) == ("PUT", SWITCH.path)
    call = asked_of(a_switch={"since": 9})
    assert change.apply(call, {"on": False}) is None
    assert SWITCH.shown(call) == {"on": False, "since": 9}


def test_the_weak_worlds_get_what_is_wrong() -> None:
    assert weak_of(REPO) == {
        one.path: one.weak for one in PLAIN if one.path.startswith(REPO) and one.weak is not None
    }
