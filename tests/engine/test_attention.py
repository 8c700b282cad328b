from __future__ import annotations

from hardenme.engine.summary import LOOK, with_attention
from hardenme.model.severity import Severity
from tests.reports import publishing_sample
from tests.reports.planned import failed, fix


def test_an_intended_path_says_so_where_a_release_looks_unusual() -> None:
    publishing = publishing_sample.five().publishing
    assert publishing is not None
    package = next(
        one for one in publishing.packages if any(path.intended for path in one.paths)
    ).package
    subject, within = f"npm:package/{package}@1.2.3", f"npm:package/{package}"
    for severity, warned in ((Severity.MEDIUM, True), (Severity.LOW, False)):
        found = failed("REL104", subject, fix("Look at it"), severity, within)
        told = with_attention(publishing, [found])
        assert told is not None
        for one in told.packages:
            for path in one.paths:
                expected = warned and path.intended and one.package == package
                assert (LOOK in path.reason) is expected
    assert with_attention(publishing, []) == publishing
    assert with_attention(None, []) is None
