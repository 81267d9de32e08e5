import gzip

import httpx
import pytest

from scheduler.people.permission import Actor
from tests.api.conftest import Sign
from tests.api.feeds.conftest import ROOT, Feed
from tests.makers.speaking import Scene

SESSION = "sessions/ahc-2.ics"


async def test_feed_says_all_that_caches_and_programs_need(feed: Feed, scene: Scene) -> None:
    answer = await feed(SESSION)

    etag = answer.headers["etag"]
    assert dict(answer.headers) == {
        "content-type": "text/calendar; charset=utf-8",
        "content-length": str(len(answer.content)),
        "etag": etag,
        "last-modified": "Sat, 01 Jan 2022 00:00:00 GMT",
        "cache-control": "public, max-age=300",
        "vary": "Accept-Encoding",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
    }
    assert (answer.status_code, len(etag), etag[0], etag[-1]) == (200, 34, '"', '"')
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert "LAST-MODIFIED:20220101T000000Z" in answer.text
    assert (await feed(SESSION)).content == answer.content


async def test_feed_is_compressed_for_who_takes_that(feed: Feed, scene: Scene) -> None:
    plain, etag = (await feed(SESSION)).content, (await feed(SESSION)).headers["etag"]

    packed = await feed(SESSION, accept_encoding="br, gzip")
    again = await feed(SESSION, accept_encoding="GZIP;q=0.5")

    assert packed.content == again.content == plain
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == len(gzip.compress(plain, 6, mtime=0)) < len(plain)
    assert packed.headers["etag"] == again.headers["etag"] == f'{etag[:-1]}-gzip"'
    for refused in ("gzip;q=0", "gzip; q=0.000", "br", "identity, *;q=0", "gzipped"):
        assert "content-encoding" not in (await feed(SESSION, accept_encoding=refused)).headers


async def test_unchanged_feed_is_not_sent_again(feed: Feed, scene: Scene) -> None:
    etag = (await feed(SESSION)).headers["etag"]
    packed = f'{etag[:-1]}-gzip"'

    for tags in (etag, f"W/{etag}", packed, f"W/{packed}", "*", f'"other", W/"b",  {etag}', f"{packed},{etag}"):
        answer = await feed(SESSION, if_none_match=tags)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag)
        assert set(answer.headers) == {
            "etag",
            "last-modified",
            "cache-control",
            "vary",
            "x-content-type-options",
            "x-robots-tag",
        }
    assert (await feed(SESSION, if_none_match=etag, accept_encoding="gzip")).headers["etag"] == packed


@pytest.mark.parametrize("tags", ['"other"', "", "nonsense", '"', "**", "W/", '"other", "*"', "\x80\xff"])
async def test_other_tags_get_the_feed(feed: Feed, scene: Scene, tags: str) -> None:
    assert (await feed(SESSION, if_none_match=tags)).status_code == 200


async def test_date_answers_where_no_tag_is_sent(feed: Feed, scene: Scene) -> None:
    modified = (await feed(SESSION)).headers["last-modified"]

    for since, status in (
        (modified, 304),
        ("Sun, 02 Jan 2022 00:00:00 GMT", 304),
        ("Sat, 01 Jan 2022 01:00:00 +0100", 304),
        ("Fri, 31 Dec 2021 23:59:59 GMT", 200),
        ("yesterday", 200),
        ("Sat, 99 Jan 99999 00:00:00 GMT", 200),
        ("", 200),
    ):
        assert (await feed(SESSION, if_modified_since=since)).status_code == status, since
    assert (await feed(SESSION, if_modified_since=modified, if_none_match='"other"')).status_code == 200


async def test_date_does_not_answer_for_a_choice_that_entries_may_leave(feed: Feed, scene: Scene) -> None:
    for path in (f"{SESSION}?include=deadlines", "programme.ics?kind=session", "programme.ics?body=body-of-ahc-2"):
        answer = await feed(path)
        modified, etag = answer.headers["last-modified"], answer.headers["etag"]
        assert (await feed(path, if_modified_since=modified)).status_code == 200
        assert (await feed(path, if_none_match=etag)).status_code == 304


async def test_head_says_the_same_without_the_body(feed: Feed, scene: Scene) -> None:
    for encoding in ("identity", "gzip"):
        got, head = [await feed(SESSION, method, accept_encoding=encoding) for method in ("GET", "HEAD")]
        assert (head.status_code, head.headers, head.content) == (200, got.headers, b"")
        unchanged = await feed(SESSION, "HEAD", accept_encoding=encoding, if_none_match=got.headers["etag"])
        assert unchanged.status_code == 304
    assert (await feed("sessions/nowhere.ics", "HEAD")).content == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "get"])
async def test_feed_can_only_be_read(client: httpx.AsyncClient, scene: Scene, method: str) -> None:
    request = client.build_request("POST", f"{ROOT}/calendars/{SESSION}")
    request.method = method

    answer = await client.send(request)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.json()["code"] == "method-not-allowed"


@pytest.mark.parametrize(
    "path",
    [
        "sessions/nowhere.ics",
        "sessions/AHC-2.ics",
        "sessions/ahc-2",
        "sessions/ahc-2.ics/",
        "sessions/.ics",
        "sessions/a%00b.ics",
        "sessions/..%2fahc-2.ics",
        "sessions/ahc-2.ics?item=no-such",
        "sessions/ahc-2.ics?item=%00",
        "meetings/ahc-2.ics",
        "meetings/00000000-0000-0000-0000-000000000000.ics",
        "programme.ics?body=nowhere",
        "programme.ics?body=%00%ff",
        "private/.ics",
        "private/unknown.ics",
        "private/%F0%9F%98%80.ics",
        "other.ics",
        "",
    ],
)
async def test_address_that_leads_nowhere_is_a_problem(feed: Feed, scene: Scene, path: str) -> None:
    answer = await feed(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "field"), [(f"{SESSION}?include=secrets", "include"), ("programme.ics?kind=party", "kind")]
)
async def test_value_that_means_nothing_is_refused(feed: Feed, scene: Scene, path: str, field: str) -> None:
    answer = await feed(path)

    assert (answer.status_code, answer.json()["code"], answer.json()["errors"][0]["field"]) == (422, "invalid", field)


async def test_what_programs_append_changes_nothing(feed: Feed, scene: Scene) -> None:
    plain = await feed(SESSION)

    for junk in ("?", "?nocache=1653900000", "?include=", "?item=&include=,", "?%00=%ff&&=", "?a;b"):
        assert (await feed(SESSION + junk)).content == plain.content


async def test_who_asks_changes_nothing(feed: Feed, scene: Scene, secretariat: Actor, sign: Sign) -> None:
    plain = await feed(SESSION)

    for headers in (sign(secretariat), {"Authorization": "Bearer"}, {"Authorization": "Bearer wrong"}):
        answer = await feed(SESSION, authorization=headers["Authorization"], cookie="session=x")
        assert (answer.status_code, answer.headers, answer.content) == (200, plain.headers, plain.content)


async def test_session_is_the_same_feed_by_code_and_by_id(feed: Feed, scene: Scene) -> None:
    assert (await feed(f"sessions/{scene.session}.ics")).content == (await feed(SESSION)).content


async def test_readings_are_counted_by_status(feed: Feed, client: httpx.AsyncClient, scene: Scene) -> None:
    etag = (await feed(SESSION)).headers["etag"]
    await feed(SESSION, if_none_match=etag)
    await feed("nowhere.ics")

    metrics = (await client.get(f"{ROOT}/metrics")).text

    assert [line for line in metrics.splitlines() if line.startswith("rostrum_answers_total")] == [
        'rostrum_answers_total{status="200"} 1.0',
        'rostrum_answers_total{status="304"} 1.0',
        'rostrum_answers_total{status="404"} 1.0',
    ]
