"""Articles from files and pages, and files that are none."""

import io
import subprocess
import sys
import time
import zipfile
from contextlib import suppress

import pytest

from app.core.errors import Refused
from app.interchange.articles import Article, content_hash, read_file, read_page
from app.interchange.decoding import NotText
from app.interchange.fetching import Fetched

FIRST = "The mill on the river was built by two brothers who came from the coast. " * 4
SECOND = "It ground flour for the whole valley until the railway came to the town. " * 4
PAGE = f"""<!doctype html><html><head><title>The old mill</title>
<meta name="author" content="Ann Lee"><meta property="og:site_name" content="Valley News">
<meta property="article:published_time" content="2024-05-06T10:00:00Z">
<script>alert("x")</script></head><body><nav><a href="/">Home</a></nav>
<article><h1>The old mill</h1><p>{FIRST}</p><p onclick="x()">{SECOND}<img src=x onerror=y></p>
</article></body></html>"""


def test_a_page_gives_title_author_site_date_and_paragraphs() -> None:
    found = read_file("mill.html", PAGE.encode())
    text = f"{FIRST.strip()}\n\n{SECOND.strip()}"
    assert found == Article(
        "The old mill", text, "UTF-8", "Ann Lee", "Valley News", "", "2024-05-06"
    )


def test_html_is_told_by_what_is_in_it_and_not_by_its_name() -> None:
    assert read_file("notes.txt", PAGE.encode()).author == "Ann Lee"
    assert read_file("page.html", b"Only a < b here.").text == "Only a < b here."


def test_markdown_gives_its_heading_as_the_title() -> None:
    found = read_file("a.md", b"# A mill\r\n\r\nOne.\r\ntwo\r\n \r\n\r\nThree.\r\n")
    assert (found.title, found.text) == ("A mill", "One.\ntwo\n\nThree.")


MARKDOWN = """---
title: "The old mill"
author: Ann Lee
date: 2024-05-06
tags: [a, b]
---

# Another heading

The *mill* was built in **1850**[^1] by [two brothers](https://mill.test/b_c "them").
It ran `day_and_night`.

- It ground *flour*.
- It burned \\*down\\*.

| Year | Bags |
|------|------|
| 1850 | 1,000 |

> ![a picture](mill.png) Ann said so. <b onclick="x()">Twice</b>.

<div onclick="x()">In a <b>box</b>.<script>alert(1)</script></div>

[^1]: From a book.
"""


def test_markdown_is_read_without_its_marks() -> None:
    found = read_file("mill.md", MARKDOWN.encode())
    assert found.text.split("\n\n") == [
        "The mill was built in 1850 by two brothers.\nIt ran day_and_night.",
        "It ground flour.",
        "It burned *down*.",
        "Year | Bags",
        "1850 | 1,000",
        "Ann said so. Twice.",
        "In a box.",
        "From a book.",
    ]
    assert (found.title, found.author, found.published) == ("The old mill", "Ann Lee", "2024-05-06")
    fetched = Fetched("https://mill.test/a.md?raw=1", MARKDOWN.encode(), "text/plain", "utf-8")
    assert read_page(fetched).text == found.text
    assert read_file("mill.txt", b"2 * 3 * 4 is *24*.").text == "2 * 3 * 4 is *24*."


def test_what_begins_with_a_tag_is_read_as_a_page() -> None:
    drawing = b'<svg xmlns="x" onload="y()"><text>Hello there.</text></svg>'
    for data in (b"<b>Hello</b> there.", b"<!-- x --><section>Hello there.</section>"):
        assert read_file("a.html", data).text == "Hello there."
    with pytest.raises(Refused):
        read_file("a.svg", drawing)


def test_a_text_file_is_named_after_its_file() -> None:
    assert read_file("old.mill.txt", b"One.").title == "old.mill"


@pytest.mark.parametrize(
    ("codec", "name"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")]
)
def test_the_encoding_is_found_and_said(codec: str, name: str) -> None:
    found = read_file("a.txt", "Müller ging über die Brücke.".encode(codec))
    assert (found.text, found.encoding) == ("Müller ging über die Brücke.", name)


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        ("Møller & Söhne: a naïve café – “so the chief said”.", "cp1252", "windows-1252"),
        ("It cost £5 million – twice the price.", "cp1252", "windows-1252"),
        ("Företaget grundades i Göteborg av bröder från Åland.", "latin-1", "windows-1252"),
        ("Félagið var stofnað í Reykjavík árið 1969.", "latin-1", "windows-1252"),
        ("Spółka została założona w Łodzi przez dwóch braci.", "cp1250", "windows-1250"),
        ("Spółka została założona w Łodzi. Źródło: gazeta.", "iso8859-2", "ISO 8859-2"),
        ("A céget Győrben alapították; öt millióba került.", "cp1250", "windows-1250"),
        ("Şirket 1969 yılında İzmir'de kuruldu; değeri beş.", "cp1254", "windows-1254"),  # noqa: RUF001
        ("Привет, это обычный русский текст про заводы.", "cp1251", "windows-1251"),
        ("Привет, это обычный русский текст про заводы.", "koi8-r", "KOI8-R"),
        ("これは日本語の記事です。東京で始まりました。", "shift_jis", "Shift JIS"),
        ("It was founded in Zürich.", "utf-16-le", "UTF-16"),
        ("It was founded in Zürich.", "utf-16-be", "UTF-16"),
    ],
)
def test_short_texts_in_other_encodings_are_read_as_what_people_use(
    text: str, codec: str, name: str
) -> None:
    found = read_file("a.txt", text.encode(codec))
    assert (found.text, found.encoding) == (text, name)


@pytest.mark.parametrize(
    ("text", "codec", "chosen", "name"),
    [
        ("東京の天気は今日も晴れでした。", "euc-jp", "euc_jp", "EUC-JP"),
        ("Ein schöner Tag in Köln.", "cp850", "cp850", "DOS (850)"),
        ("Zażółć", "iso8859_2", "iso8859_2", "ISO 8859-2"),
        ("café", "utf-8-sig", "utf-8-sig", "UTF-8"),
        ("café", "utf-16", "utf-16", "UTF-16"),
    ],
)
def test_a_person_who_sees_wrong_letters_chooses_the_encoding(
    text: str, codec: str, chosen: str, name: str
) -> None:
    found = read_file("a.txt", text.encode(codec), chosen)
    assert (found.text, found.encoding) == (text, name)
    page = Fetched("https://news.test/a", text.encode(codec), "text/plain", "latin-1")
    assert read_page(page, chosen).text == text
    with pytest.raises(NotText, match="This is not UTF-8: choose another encoding"):
        read_file("a.txt", b"caf\xe9", "utf-8-sig")
    with pytest.raises(NotText, match="This is not windows-1252"):
        read_file("a.txt", b"a\0b", "cp1252")


def test_a_saved_page_is_read_in_the_encoding_that_it_names_itself() -> None:
    head = b"<html><head><meta charset=windows-1251></head><body><p>"
    found = read_file("a.html", head + "Да, “так”.".encode("cp1251"))
    assert (found.text, found.encoding) == ("Да, “так”.", "windows-1251")
    stale = read_file("a.html", head + "Да, café.".encode())
    assert (stale.text, stale.encoding) == ("Да, café.", "UTF-8")


def test_quotes_of_a_page_that_says_latin_1_are_read_as_browsers_read_them() -> None:
    page = Fetched("https://news.test/a", "<p>“café”".encode("cp1252"), "text/html", "iso-8859-1")
    assert read_page(page).text == "“café”"


def test_a_page_is_read_in_the_encoding_that_its_server_names() -> None:
    page = Fetched("https://news.test/a", "<p>café".encode("latin-1"), "text/html", "latin-1")
    assert (read_page(page).text, read_page(page).encoding) == ("café", "latin-1")


@pytest.mark.parametrize("content", [b"%PDF-1.7 <p>a", b"<p>a\0b", b"PK\x03\x04"])
def test_what_a_server_calls_a_page_is_looked_at_all_the_same(content: bytes) -> None:
    with pytest.raises(NotText):
        read_page(Fetched("https://news.test/a", content, "text/html", "latin-1"))


@pytest.mark.parametrize("charset", ["utf-16-le", "rot13", "zlib_codec", "idna", "x" * 9_000])
def test_odd_charsets_break_nothing(charset: str) -> None:
    page = Fetched("https://news.test/a", "<p>A café.".encode("utf-16-le"), "", charset)
    with suppress(Refused):
        assert "café" in read_page(page).text


def test_a_charset_that_does_not_exist_is_passed_over() -> None:
    page = Fetched("https://news.test/a", "<p>café".encode(), "text/html", "x-nothing")
    assert read_page(page).encoding == "UTF-8"


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_deep_tags_are_survived(depth: int) -> None:
    page = "<html><body>" + "<div>" * depth + "Down here." + "</div>" * depth
    began = time.process_time()
    assert read_file("deep.html", page.encode()).text == "Down here."
    assert time.process_time() - began < 20  # a hang, not a benchmark


def zip_bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.html", b"\0" * 20_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        zip_bomb(),
        b"%PDF-1.7",
        b"\x89PNG\r\n",
        b"a\0b",
        b"",
        b" \n\n ",
        b"<html><body><script>alert(1)</script></body></html>",
        b"a" * 5_000_001,
        b"word " * 300_000,
    ],
    ids=["zip", "pdf", "png", "zeros", "empty", "blank", "script", "large", "long"],
)
def test_a_file_that_is_no_article_is_refused_with_a_reason(data: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_file("a.html", data)
    assert str(refused.value).endswith(".")


def test_the_same_article_is_known_by_its_words() -> None:
    assert content_hash("The  mill\n\n“stood”.") == content_hash('the mill "Stood"')
    assert content_hash("The mill stood.") != content_hash("The mill fell.")


READ_IN_A_CHILD = """
import resource, sys
from app.core.errors import Refused
from app.interchange.articles import read_file
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
page = b"<html><body>" + eval(sys.argv[1])
try:
    print(len(read_file("a.html", page).text))
except Refused as refusal:
    print(refusal)
me, kids = (resource.getrusage(one) for one in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print((me.ru_maxrss - before) // 1024, round(kids.ru_utime), kids.ru_maxrss // 1024)
"""


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ('b"<p>" * 1_200_000', "too long to read"),
        ('b"<p>Words of it.</p>" * 40_000', "559998"),
        ('b"<div>" * 1_000 + b"deep " * 900', "4499"),
    ],
)
def test_a_page_that_means_harm_takes_bounded_time_and_no_memory_of_the_server(
    page: str, said: str
) -> None:
    """The first kept trafilatura busy for an hour, the second for minutes."""
    command = [sys.executable, "-c", READ_IN_A_CHILD, page]
    read = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)  # noqa: S603 our own words
    told, figures = read.stdout.splitlines()
    grown_mb, seconds, child_mb = map(int, figures.split())
    assert said in told
    assert grown_mb <= 200
    assert child_mb <= 800
    assert seconds <= 12
