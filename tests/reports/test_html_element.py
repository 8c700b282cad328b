from __future__ import annotations

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardenme.reports.html.element import Verbatim, element, is_link, written

ANY = st.text(st.characters(), max_size=40)
"""Every character there is, lone surrogates and controls among them."""


@given(ANY, ANY)
def test_a_text_and_an_attribute_stay_what_they_are_whatever_they_hold(
    text: str, value: str
) -> None:
    made = written(element("p", f"a{text}z", title=f"a{value}z"))
    assert made.isascii()
    assert "\n" not in made
    fragment = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(made)
    (paragraph,) = fragment
    assert paragraph.tag == "p"
    assert list(paragraph) == []
    assert list(paragraph.attrib) == ["title"]
    plain = {"<", ">", "&", '"', "'", "\u00e9", "a"}
    if set(text) <= plain:
        assert paragraph.text == f"a{text}z"
    if set(value) <= plain:
        assert paragraph.attrib["title"] == f"a{value}z"


def test_controls_marks_and_surrogates_are_spelled_out() -> None:
    assert written(element("p", "a\x1b[31m\u202e\ud800\u2028\x00")) == (
        "<p>a\\x1b[31m\\u202e\\ud800\\u2028\\x00</p>"
    )


@pytest.mark.parametrize("name", ["script", "style", "a b", "", "p>", "p onclick"])
def test_an_element_that_could_run_or_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not an element"):
        element(name)


@pytest.mark.parametrize(
    "attribute", ["onclick", "ONLOAD", "style", "src", "srcdoc", "formaction", "a b", "x=y", ""]
)
def test_an_attribute_that_runs_styles_or_loads_is_refused(attribute: str) -> None:
    with pytest.raises(ValueError, match="is not an attribute"):
        element("p", **{attribute: "x"})


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:image/svg+xml,%3Csvg/%3E",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example.test/",
        "/settings",
        "",
        "http://evil.example.test/",
        "https://",
        "https:///x",
        "https://github.example.test@evil.example.test/",
        "https://evil.example.test\\@github.example.test/",
        "https://a.example.test/ b",
        "https://a.example.test/\u202eb",
        'https://a.example.test/"x',
        "https://a.example.test:port/",
        "https://[::1/",
        "HTTPS://a.example.test/",
    ],
)
def test_what_is_no_plain_page_of_the_web_cannot_be_a_link(address: str) -> None:
    assert not is_link(address)
    with pytest.raises(ValueError, match="a link leads to"):
        element("a", "x", href=address)


@pytest.mark.parametrize(
    "address",
    [
        "https://github.example.test/a/b?tab=c#d",
        "https://a.example.test:8443/@scope/x%20y",
        "http://127.0.0.1:4873/-/web",
        "http://[::1]:80/",
    ],
)
def test_pages_of_the_web_and_of_this_machine_are_links(address: str) -> None:
    assert is_link(address)
    assert f'href="{address}"' in written(element("a", "x", href=address))


@pytest.mark.parametrize("text", ["a</script>", "a</ScRiPt", "a<!--b", "\u00e9"])
def test_a_script_that_could_end_its_element_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="as it is"):
        Verbatim("script", text)


def test_only_scripts_and_style_sheets_are_taken_as_they_are() -> None:
    with pytest.raises(ValueError, match="as it is"):
        Verbatim("p", "x")
