"""What people write at length is read as Markdown, and does nothing but be read."""

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beanjar.base.limits import BODY_BYTES, PROSE_CHARACTERS
from beanjar.web.prose import write_prose

REL = 'rel="nofollow noopener noreferrer"'
TAG = re.compile(
    r'</?(?:br|code|em|li|ol(?: start="\d+")?(?: dir="auto")?|p(?: class="lead")?(?: dir="auto")?|'
    rf'pre|strong|ul(?: dir="auto")?|blockquote)>|<a href="https?://[^"<>]*" {REL}>|</a>'
)
SIGNS = "abc []()<>!*_`#>-+&;:/\\\"'\n1.=|{}%"
SECONDS = 2
"""Far more than any text takes."""


def test_what_people_write_at_length_has_paragraphs_lists_and_emphasis() -> None:
    text = "First,\nin *two* lines.\n\n# Why\n\n- one\n- **two**\n\n3. three\n\n> said\n\n`x`"
    assert write_prose(text).split("\n") == [
        '<p class="lead" dir="auto">First,<br>',
        "in <em>two</em> lines.</p>",
        '<p dir="auto"><strong>Why</strong></p>',
        '<ul dir="auto">',
        "<li>one</li>",
        "<li><strong>two</strong></li>",
        "</ul>",
        '<ol start="3" dir="auto">',
        "<li>three</li>",
        "</ol>",
        "<blockquote>",
        '<p dir="auto">said</p>',
        "</blockquote>",
        '<p dir="auto"><code>x</code></p>',
        "",
    ]


def test_only_the_first_paragraph_leads_and_none_where_it_is_not_asked_for() -> None:
    assert write_prose("One.\n\nTwo.").count('class="lead"') == 1
    assert "lead" not in write_prose("- one\n\nTwo.")
    assert "lead" not in write_prose("One.", lead=False)


@pytest.mark.parametrize(
    ("text", "address", "shown"),
    [
        ("[here](https://a.example/x)", "https://a.example/x", "here</a> (a.example)"),
        ("<http://a.example>", "http://a.example", "http://a.example</a>"),
        ("see https://a.example/x?y=1, or", "https://a.example/x?y=1", "y=1</a>, or"),
        ("(https://a.example)", "https://a.example", "a.example</a>)"),
        ("[https://a.example](https://b.example)", "https://b.example", "</a> (b.example)"),
        ("[https://b.example.c](https://b.example)", "https://b.example", "</a> (b.example)"),
        ("https://a.example@b.example", "https://a.example@b.example", "</a> (b.example)"),
        ("https://a.example:x@b.example", "https://a.example:x@b.example", "</a> (b.example)"),
        ("[https://a.example:b@c](https://a.example)", "https://a.example", "(a.example)"),
        ("https://\u0430.example", "https://xn--80a.example", "</a> (xn--80a.example)"),
    ],
)
def test_a_link_says_where_it_leads(text: str, address: str, shown: str) -> None:
    html = write_prose(text)
    assert f'<a href="{address}" {REL}>' in html
    assert shown in html


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](&#x6A;avascript:alert(1))",
        "[x](\tjavascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](//elsewhere.example)",
        "[x](/me)",
        "[x]()",
        "[](<>)",
        "[x](https://)",
        "[x](https://[)",
        "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
        "https://",
    ],
)
def test_nothing_but_the_web_is_a_link(text: str) -> None:
    assert "<a" not in write_prose(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <b onclick=alert(1)>b</b>",
        "<img src=x onerror=alert(1)>",
        "![x](https://a.example/x.png)",
        '[a](https://a.example "x\\" onmouseover=\\"alert(1)")',
        "[a](https://a.example/\"onmouseover='alert(1))",
        '<https://a.example/"onmouseover="alert(1)>',
        'https://a.example/"onmouseover="alert(1)',
        "[![x](javascript:a)](https://a.example)",
        "[[x](https://a.example)](javascript:a)",
        '```"><script>\nalert(1)\n```',
        "`<script>`",
        "> - > <iframe src=//a.example>",
        "# <svg onload=alert(1)>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "\x00<script\x00>",
    ],
)
def test_no_text_becomes_more_than_text(text: str) -> None:
    html = write_prose(text)
    assert not re.search("[<>]", TAG.sub("", html)), html
    assert html.count("<a ") == html.count(REL)


@given(st.text(SIGNS, max_size=200))
def test_whatever_is_written_nothing_but_known_tags_comes_out(text: str) -> None:
    assert not re.search("[<>]", TAG.sub("", write_prose(text)))


@pytest.mark.parametrize(
    "part",
    [
        "[",
        "![",
        "*a ",
        "*_",
        "> ",
        "- ",
        "<http://a",
        "[a](",
        "`",
        "&amp;",
        "https://a.b/ ",
        "# a\n",
    ],
)
def test_a_text_that_is_made_to_take_long_does_not(part: str) -> None:
    began = process_time()
    for size in (PROSE_CHARACTERS, BODY_BYTES):
        assert not re.search("[<>]", TAG.sub("", write_prose((part * size)[:size])))
    assert process_time() - began < SECONDS


def test_a_text_that_is_longer_than_any_field_is_shown_in_plain_paragraphs() -> None:
    html = write_prose(f"<b>*one*\n\n{'x' * PROSE_CHARACTERS}")
    assert html.startswith('<p dir="auto">&lt;b&gt;*one*</p>\n<p dir="auto">xxx')
