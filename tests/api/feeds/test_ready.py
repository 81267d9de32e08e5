import asyncio
from datetime import UTC, datetime

import pytest

from api.feeds.programs import program
from api.feeds.ready import Ready

MODIFIED = datetime(2022, 5, 1, 12, tzinfo=UTC)


def _ready(*, dated: bool = True) -> Ready:
    return Ready(b"BEGIN:VCALENDAR\r\n" * 100, '"tag"', MODIFIED, private=False, dated=dated)


async def test_feed_is_compressed_once_for_all_who_wait() -> None:
    ready = _ready()

    answers = await asyncio.gather(*(ready.messages("GET", {b"accept-encoding": b"gzip"}) for _ in range(50)))

    assert len({id(body["body"]) for _, body in answers}) == 1


async def test_messages_are_made_once() -> None:
    ready = _ready()

    assert (await ready.messages("GET", {}))[0] is (await ready.messages("HEAD", {}))[0]


@pytest.mark.parametrize(
    ("since", "dated", "status"),
    [
        (b"Sun, 01 May 2022 12:00:00 GMT", True, 304),
        (b"Sun, 01 May 2022 12:00:00 GMT", False, 200),
        (b"Sunday, 01-May-22 12:00:01 GMT", True, 304),
        (b"Sun May  1 11:59:59 2022", True, 200),
        (b"1651406400", True, 200),
        (b"\xff\xfe", True, 200),
    ],
)
async def test_date_is_read_in_each_of_its_forms(since: bytes, *, dated: bool, status: int) -> None:
    start, _ = await _ready(dated=dated).messages("GET", {b"if-modified-since": since})

    assert start["status"] == status


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (b"Google-Calendar-Importer", "Google Calendar"),
        (b"Mozilla/5.0 (compatible; Googlebot/2.1)", "other"),
        (b"iOS/17.2 (21C62) dataaccessd/1.0", "Apple Calendar"),
        (b"macOS/14.2 (23C64) CalendarAgent/981", "Apple Calendar"),
        (b"Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0)", "Outlook"),
        (b"Mozilla/5.0 (X11; rv:102.0) Gecko/20100101 Thunderbird/102.6.1", "Thunderbird"),
        (b"ICSx5/2.2.2 (Android/13)", "ICSx5"),
        (b"curl/8.5.0", "other"),
        (b"", "other"),
        (None, "other"),
        (b"a" * 1_000_000 + b"Thunderbird", "other"),
        (b"\x00\xff<script>\r\n", "other"),
    ],
)
def test_program_is_named_from_a_short_list(agent: bytes | None, name: str) -> None:
    assert program(agent) == name
