"""Static files may be kept for ever: their addresses change with their content."""

import re
from collections.abc import Callable

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient


def addresses(client: FlaskClient) -> list[str]:
    return re.findall(r'(?:src|href)="(/(?:bootstrap/)?static/[^"]+)"', client.get("/").text)


def test_every_static_file_of_a_page_may_be_kept_for_ever(client: FlaskClient) -> None:
    found = addresses(client)
    assert len(found) >= 5
    for address in found:
        with client.get(address) as got:
            assert got.headers["Cache-Control"] == "public, max-age=31536000, immutable", address


def test_a_file_is_kept_although_another_app_has_written_its_address_into_the_pages(
    new_app: Callable[..., Flask],
) -> None:
    first, second = new_app().test_client(), new_app().test_client()
    for address in addresses(first):
        with second.get(address) as got:
            assert got.headers["Cache-Control"].endswith("immutable"), address
        with second.get(address.replace("static/", "static/./")) as got:
            assert "immutable" not in got.headers.get("Cache-Control", "")


@pytest.mark.parametrize("version", ["?v=000000000000", "?v=", ""])
def test_another_version_is_not_kept(client: FlaskClient, version: str) -> None:
    for address in addresses(client):
        with client.get(address.partition("?")[0] + version) as got:
            assert got.status_code == 200
            assert "immutable" not in got.headers["Cache-Control"]


def test_a_kept_file_is_the_same_compressed_or_not_first_and_later(client: FlaskClient) -> None:
    texts = [one for one in addresses(client) if re.search(r"\.(css|js)\?", one)]
    assert len(texts) >= 5
    for address in texts:
        with client.get(address) as plain:
            whole = plain.data
        for _ in range(2):
            with client.get(address, headers={"Accept-Encoding": "gzip, br"}) as small:
                assert small.headers["Content-Encoding"] == "br"
                assert "Accept-Encoding" in small.headers["Vary"]
                assert brotli.decompress(small.data) == whole


def test_a_file_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/static/nothing.css?v=1").status_code == 404


def test_an_address_made_from_its_pattern_is_flasks_own(client: FlaskClient) -> None:
    app = client.application
    ours = app.jinja_env.globals["url_for"]
    with app.test_request_context("/"):
        for rule in app.url_map.iter_rules():
            kinds = re.findall(r"<(?:(\w+)[^:>]*:)?(\w+)>", rule.rule)
            if rule.endpoint.endswith("static") or not kinds:
                continue
            for at, text in ((1, "a-b_C9"), (735, "b c/ä?"), (2**40, "735194862000")):
                values = {name: at if kind == "int" else text for kind, name in kinds}
                whole = {**values, "more": text}
                assert ours(rule.endpoint, **values) == app.url_for(rule.endpoint, **values)
                assert ours(rule.endpoint, **whole) == app.url_for(rule.endpoint, **whole)
