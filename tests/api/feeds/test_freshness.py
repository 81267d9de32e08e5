"""What a change does to the feeds: shown at once where it may be seen, no byte where not."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.app import build, close, create_app
from api.web.service import Service
from scheduler.clock.now import SettableClock
from tests.api.feeds.conftest import ROOT, Feed, World, entries
from tests.makers import people, speaking

Act = tuple[str, str, Any]

DAY = 86_400
LINK = "https://video.example.org/secret"
SESSION = "sessions/ahc-2.ics"
WITH_DEADLINES = "sessions/ahc-2.ics?include=deadlines"
PUBLIC = ("programme.ics", "programme.ics?body=body-of-ahc-2", SESSION, WITH_DEADLINES)
DRAFT = {
    "code": "draft",
    "body": "body-of-ahc-2",
    "title": "Draft",
    "timezone": "Europe/Vienna",
    "starts_on": "2023-01-09",
    "ends_on": "2023-01-20",
}
NEXT = {"title": "Next", "date": "2022-06-09", "start": "10:00", "end": "13:00"}

SHOWN: dict[str, Act] = {
    "a meeting moves": ("PATCH", "/meetings/{meeting}", {"start": "11:00", "end": "14:00"}),
    "a meeting is renamed": ("PATCH", "/meetings/{meeting}", {"title": "Another"}),
    "a meeting changes its room": ("PATCH", "/meetings/{meeting}", {"room": "Boardroom A"}),
    "a meeting is cancelled": ("PATCH", "/meetings/{meeting}", {"status": "cancelled"}),
    "a meeting is added": ("POST", "/sessions/ahc-2/meetings", NEXT),
    "the session is renamed": ("PATCH", "/sessions/ahc-2", {"title": "Renamed"}),
    "the session changes its city": ("PATCH", "/sessions/ahc-2", {"city": "Vienna"}),
    "the session is cancelled": ("PATCH", "/sessions/ahc-2", {"status": "cancelled"}),
}

UNSEEN: dict[str, Act] = {
    "a slot is booked": ("POST", "/slots/{slot}/booking", {"mode": "remote", "person": "{ada}"}),
    "a join link is set": ("PATCH", "/meetings/{meeting}", {"join_url": LINK}),
    "links are for speakers": ("PATCH", "/meetings/{meeting}", {"links_for": "speakers"}),
    "a cap is set": ("PATCH", "/meetings/{meeting}", {"remote_budget_seconds": 1800}),
    "a list is closed": ("POST", "/lists/{list}/close", None),
    "a draft is made": ("POST", "/sessions", DRAFT),
    "a person is added": ("POST", "/people", {"email": "new@example.org", "name": "New"}),
    "nothing differs": ("PATCH", "/meetings/{meeting}", {"title": "Meeting 1"}),
}


@pytest.mark.parametrize("change", SHOWN.values(), ids=SHOWN)
async def test_change_is_in_every_feed_as_soon_as_it_is_answered(world: World, feed: Feed, change: Act) -> None:
    before = {path: await feed(path) for path in PUBLIC}

    await world.do(*change)

    for path in PUBLIC:
        after = await feed(path)
        assert after.headers["etag"] != before[path].headers["etag"], path
        assert after.headers["last-modified"] == "Sun, 01 May 2022 12:01:00 GMT"
        assert (await feed(path, if_none_match=before[path].headers["etag"])).status_code == 200
        (old,) = (entry for entry in entries(before[path]) if world.scene.meeting in entry["UID"])
        (new,) = (entry for entry in entries(after) if world.scene.meeting in entry["UID"])
        assert int(new["SEQUENCE"]) >= int(old["SEQUENCE"])


@pytest.mark.parametrize("change", UNSEEN.values(), ids=UNSEEN)
async def test_change_that_readers_may_not_see_changes_no_byte(world: World, feed: Feed, change: Act) -> None:
    paths = (*PUBLIC, f"meetings/{world.scene.meeting}.ics")
    before = {path: (await feed(path)).content for path in paths}

    await world.do(*change)

    assert {path: (await feed(path)).content for path in paths} == before


async def test_each_of_many_changes_of_one_second_is_a_later_edition(world: World, feed: Feed) -> None:
    item = await world.do("POST", "/sessions/ahc-2/items", {"number": "5", "title": "Criminalization"})
    await world.do("PATCH", "/meetings/{meeting}", {"items": [item["id"]]})
    path = await world.make_feed(world.ada, scope="session", session="ahc-2")
    changes: list[Act] = [
        ("PATCH", "/meetings/{meeting}", {"title": "A"}),
        ("PATCH", "/sessions/ahc-2", {"title": "B"}),
        ("PATCH", f"/items/{item['id']}", {"title": "C"}),
        ("PATCH", "/meetings/{meeting}", {"join_url": LINK}),
        ("PATCH", "/sessions/ahc-2", {"city": "D"}),
        ("PATCH", "/meetings/{meeting}", {"title": "E"}),
    ]
    editions = []

    for change in changes:
        world.clock.advance(-60)
        await world.do(*change)
        (whole,), (plain,) = entries(await feed(path)), entries(await feed(SESSION))
        editions.append((whole["LAST-MODIFIED"], plain["LAST-MODIFIED"]))

    whole_at, plain_at = zip(*editions, strict=True)
    assert list(whole_at) == sorted(set(whole_at))
    assert [*plain_at[:3], *plain_at[4:]] == sorted({*plain_at[:3], *plain_at[4:]})
    assert plain_at[3] == plain_at[2]


async def test_session_appears_when_it_is_published(world: World, feed: Feed) -> None:
    await world.do("POST", "/sessions", DRAFT)
    made = await world.do("POST", "/sessions/draft/meetings", NEXT | {"date": "2023-01-10"})
    paths = ("sessions/draft.ics", f"meetings/{made['id']}.ics", "programme.ics")
    hidden = [await feed(path) for path in paths]

    await world.do("PATCH", "/sessions/draft", {"status": "published"})

    shown = [await feed(path) for path in paths]
    assert [answer.status_code for answer in hidden] == [404, 404, 200]
    assert [answer.status_code for answer in shown] == [200, 200, 200]
    assert [made["id"] in answer.text for answer in (*hidden, *shown)] == [False, False, False, True, True, True]


async def test_old_code_of_a_session_leads_nowhere(world: World, feed: Feed) -> None:
    assert (await feed(SESSION)).status_code == 200

    await world.do("PATCH", "/sessions/ahc-2", {"code": "ahc-two"})

    assert (await feed(SESSION)).status_code == 404
    assert (await feed("sessions/ahc-two.ics")).status_code == 200


async def test_session_leaves_the_feed_of_a_body_it_is_not_of_any_more(world: World, feed: Feed) -> None:
    await world.do("POST", "/bodies", {"code": "other", "name": "Other"})
    paths = ("programme.ics?body=body-of-ahc-2", "programme.ics?body=other")
    before = [len(entries(await feed(path))) for path in paths]

    await world.do("PATCH", "/sessions/ahc-2", {"body": "other"})

    assert (before, [len(entries(await feed(path))) for path in paths]) == ([1, 0], [0, 1])


async def test_meetings_of_an_item_are_chosen_by_its_id_or_number(world: World, feed: Feed) -> None:
    item = await world.do("POST", "/sessions/ahc-2/items", {"number": "5 (a)", "title": "Criminalization"})
    paths = [f"{SESSION}?item={item['id']}", f"{SESSION}?item=5%20(a)"]
    before = [entries(await feed(path)) for path in paths]

    await world.do("PATCH", "/meetings/{meeting}", {"items": [item["id"]]})
    with_item = [len(entries(await feed(path))) for path in paths]
    await world.do("PATCH", f"/items/{item['id']}", {"title": "Renamed"})
    renamed = [await feed(path) for path in (*paths, *PUBLIC)]
    await world.do("PATCH", "/meetings/{meeting}", {"items": []})

    assert (before, with_item) == ([[], []], [1, 1])
    assert ["Renamed" in answer.text for answer in renamed] == [True] * len(renamed)
    assert [entries(await feed(path)) for path in paths] == [[], []]


async def test_deadlines_are_in_the_feed_that_includes_them(world: World, feed: Feed) -> None:
    before = (await feed(SESSION)).content
    opens = {"date": "2022-05-20", "time": "18:00", "timezone": "America/New_York"}

    await world.do("PATCH", "/lists/{list}", {"opens_at": opens})
    await world.do("PATCH", "/sessions/ahc-2", {"deadlines": [{"title": "Papers", "at": "2022-05-16T10:00:00Z"}]})

    assert {entry["SUMMARY"]: entry["DTSTART"] for entry in entries(await feed(WITH_DEADLINES))} == {
        "Meeting 1 – Session ahc-2": "20220608T100000",
        "List opens: Item 5 – Meeting 1": "20220520T180000",
        "Deadline: Papers – Session ahc-2": "20220516T120000",
    }
    assert (await feed(SESSION)).content == before


async def test_deadline_is_another_edition_only_where_it_looks_otherwise(world: World, feed: Feed) -> None:
    await world.do("PATCH", "/lists/{list}", {"opens_at": "2022-05-20T08:00:00Z", "closes_at": "2022-06-01T10:00:00Z"})
    alike: list[Act] = [
        ("PATCH", "/meetings/{meeting}", {"start": "11:00", "end": "14:00"}),
        ("PATCH", "/meetings/{meeting}", {"room": "Boardroom A"}),
        ("PATCH", "/sessions/ahc-2", {"city": "Vienna"}),
        ("PATCH", "/lists/{list}", {"opens_at": "2022-05-20T09:00:00Z"}),
    ]

    async def closes() -> dict[str, str]:
        return next(entry for entry in entries(await feed(WITH_DEADLINES)) if "closes" in entry["SUMMARY"])

    before = await closes()
    for change in alike:
        await world.do(*change)
        assert await closes() == before, change
    await world.do("PATCH", "/meetings/{meeting}", {"title": "Renamed"})
    renamed = await closes()
    await world.do("PATCH", "/meetings/{meeting}", {"status": "cancelled"})
    cancelled = await closes()

    assert (renamed["SUMMARY"], renamed["SEQUENCE"]) == ("List closes: Item 5 – Renamed", before["SEQUENCE"])
    assert renamed["LAST-MODIFIED"] > before["LAST-MODIFIED"]
    assert (cancelled["STATUS"], int(cancelled["SEQUENCE"])) == ("CANCELLED", int(before["SEQUENCE"]) + 1)


async def test_turn_is_the_same_whenever_its_list_closes(world: World, feed: Feed) -> None:
    path = await world.make_feed(world.ada, scope="mine")
    await world.do("POST", "/slots/{slot}/booking", {"mode": "remote"}, by=world.ada)
    before = (await feed(path)).content

    await world.do("PATCH", "/lists/{list}", {"closes_at": "2022-06-01T10:00:00Z"})

    assert (await feed(path)).content == before


async def test_cancelled_meeting_leaves_sixty_days_after_its_date(world: World, feed: Feed) -> None:
    await world.do("PATCH", "/meetings/{meeting}", {"status": "cancelled"})
    old = await feed(SESSION)
    (entry,) = entries(old)

    world.clock.advance((speaking.STARTS_AT - world.clock.now()).total_seconds() + 3 * 3600 + 60 * DAY - 1)
    last = await feed(SESSION)
    world.clock.advance(1)
    gone = await feed(SESSION)

    assert (entry["STATUS"], entry["SUMMARY"]) == ("CANCELLED", "CANCELLED: Meeting 1 – Session ahc-2")
    assert last.content == old.content
    assert entries(gone) == []
    assert gone.headers["last-modified"] == "Sun, 07 Aug 2022 11:00:00 GMT"
    assert (await feed(SESSION, if_modified_since=old.headers["last-modified"])).status_code == 200


@pytest.fixture
def other(service: Service, clock: SettableClock) -> Iterator[Service]:
    """Another process's service on the same database."""
    built = build(service.settings, clock)
    built.watcher.start()
    yield built
    close(built)


@pytest.mark.parametrize("change", SHOWN.values(), ids=SHOWN)
async def test_change_reaches_the_feeds_of_other_processes(world: World, other: Service, change: Act) -> None:
    transport = httpx.ASGITransport(create_app(other))
    async with httpx.AsyncClient(transport=transport, base_url=f"{ROOT}/calendars/") as elsewhere:

        async def tags() -> list[str]:
            return [(await elsewhere.get(path)).headers["etag"] for path in PUBLIC]

        before = await tags()
        await world.do(*change)

        for _ in range(200):
            if all(old != new for old, new in zip(before, await tags(), strict=True)):
                break
            await asyncio.sleep(0.05)
        assert set(before).isdisjoint(await tags())


async def test_private_feed_shows_what_becomes_of_a_turn_at_once(world: World, feed: Feed) -> None:
    path = await world.make_feed(world.ada, scope="mine")
    shown = [entries(await feed(path))]

    await world.do("POST", "/slots/{slot}/booking", {"mode": "remote"}, by=world.ada)
    shown.append(entries(await feed(path)))
    for change in ({"start": "11:00", "end": "14:00"}, {"room": "Boardroom A"}, {"join_url": LINK}):
        await world.do("PATCH", "/meetings/{meeting}", change)
        shown.append(entries(await feed(path)))
    await world.do("DELETE", "/slots/{slot}/booking", by=world.ada)
    shown.append(entries(await feed(path)))

    assert shown[0] == []
    assert [(e["DTSTART"], e.get("LOCATION"), e["STATUS"], int(e["SEQUENCE"])) for (e,) in shown[1:]] == [
        ("20220608T100000", None, "CONFIRMED", 0),
        ("20220608T110000", None, "CONFIRMED", 1),
        ("20220608T110000", "Boardroom A", "CONFIRMED", 2),
        ("20220608T110000", f"Boardroom A\\, {LINK}", "CONFIRMED", 3),
        ("20220608T110000", "Boardroom A", "CANCELLED", 4),
    ]
    assert [e["DTSTAMP"] for (e,) in shown[1:]] == [f"20220501T12{minute:02}00Z" for minute in range(2, 7)]
    assert [e["LAST-MODIFIED"] for (e,) in shown[1:]] == [e["DTSTAMP"] for (e,) in shown[1:]]


async def test_own_feed_is_not_changed_by_what_others_book(world: World, service: Service, feed: Feed) -> None:
    path = await world.make_feed(world.ada, scope="mine")
    await world.do("POST", "/slots/{slot}/booking", {"mode": "remote"}, by=world.ada)
    before = (await feed(path)).content

    bob = service.writer.act_now(lambda tx: speaking.speaker(tx, world.scene, "Bob"))
    await world.do("POST", f"/slots/{world.scene.slots[1]}/booking", {"mode": "remote"}, by=bob)
    service.writer.act_now(lambda tx: people.person(tx, "Somebody"))

    assert (await feed(path)).content == before
