"""Private feeds: each shows its owner what she may see, for as long as she may."""

from typing import Any

import httpx
import pytest

from api.web.service import Service
from scheduler.people.permission import Actor, Grant
from tests.api.feeds.conftest import Feed, World, entries
from tests.makers import people, speaking

LINK = "https://video.example.org/secret"
SESSION = "sessions/ahc-2.ics"
NEXT_SESSION = {
    "code": "ahc-3",
    "body": "body-of-ahc-2",
    "title": "Third",
    "timezone": "America/New_York",
    "starts_on": "2022-08-29",
    "ends_on": "2022-09-09",
    "status": "published",
}


@pytest.fixture
def chair(service: Service, world: World) -> Actor:
    """The session's chair."""
    grants = (Grant("chair", "session", world.scene.session),)
    return service.writer.act_now(lambda tx: people.person(tx, "Cha Ir", grants=grants))


@pytest.fixture
def focal(service: Service, world: World) -> Actor:
    """The focal point of Ada's organisation, of no organisation herself."""
    grants = (Grant("focal_point", "organisation", world.ada.organisation),)
    return service.writer.act_now(lambda tx: people.person(tx, "Fo Cal", grants=grants))


@pytest.fixture
def stranger(service: Service) -> Actor:
    """Somebody accredited nowhere."""
    return service.writer.act_now(lambda tx: people.person(tx, "Stran Ger"))


async def _accredited(world: World, status: str) -> None:
    """Decides Ada's organisation's accreditation."""
    page = await world.do("GET", "/sessions/ahc-2/accreditations")
    (found,) = page["items"]
    await world.do("PATCH", f"/accreditations/{found['id']}", {"status": status})


def _stands(answer: httpx.Response) -> dict[str, tuple[int, str]]:
    return {entry["UID"]: (int(entry["SEQUENCE"]), entry["LAST-MODIFIED"]) for entry in entries(answer)}


def _later(before: httpx.Response, after: httpx.Response) -> bool:
    """Whether each entry of `before` is in `after` in a newer edition."""
    old, new = _stands(before), _stands(after)
    return all(new[uid][0] > sequence and new[uid][1] > at for uid, (sequence, at) in old.items())


async def test_session_feed_shows_links_to_whom_they_are_for(world: World, feed: Feed, stranger: Actor) -> None:
    await world.do("PATCH", "/meetings/{meeting}", {"join_url": LINK})
    hers = await world.make_feed(world.ada, scope="session", session="ahc-2")
    theirs = await world.make_feed(stranger, scope="session", session="ahc-2")

    (shown,), (hidden,), (public,) = [entries(await feed(path)) for path in (hers, theirs, SESSION)]

    assert (shown["CONFERENCE"], shown["LOCATION"], shown["SEQUENCE"]) == (LINK, LINK, "1")
    assert hidden == public
    assert "secret" not in (await feed(theirs)).text


async def test_link_for_speakers_comes_with_her_turn_and_goes_with_it(world: World, feed: Feed) -> None:
    await world.do("PATCH", "/meetings/{meeting}", {"join_url": LINK, "links_for": "speakers"})
    path = await world.make_feed(world.ada, scope="session", session="ahc-2")
    answers = [await feed(path)]

    await world.do("POST", "/slots/{slot}/booking", {"mode": "remote"}, by=world.ada)
    answers.append(await feed(path))
    await world.do("DELETE", "/slots/{slot}/booking", by=world.ada)
    answers.append(await feed(path))
    await world.do("PATCH", "/meetings/{meeting}", {"join_url": f"{LINK}-2"})
    answers.append(await feed(path))

    assert [LINK in answer.text for answer in answers] == [False, True, False, False]
    assert _later(answers[0], answers[1])
    assert _later(answers[1], answers[2])
    assert answers[3].content == answers[2].content


async def test_link_goes_with_the_accreditation(world: World, feed: Feed) -> None:
    await world.do("PATCH", "/meetings/{meeting}", {"join_url": LINK})
    path = await world.make_feed(world.ada, scope="session", session="ahc-2")
    before = await feed(path)

    await _accredited(world, "objected")
    without = await feed(path)
    again = await feed(path)
    await _accredited(world, "approved")
    back = await feed(path)

    assert [LINK in answer.text for answer in (before, without, back)] == [True, False, True]
    assert again.content == without.content
    assert _later(before, without)
    assert _later(without, back)


async def test_organisations_feed_shows_all_its_turns(world: World, service: Service, feed: Feed, focal: Actor) -> None:
    path = await world.make_feed(focal, scope="organisation")
    colleague = service.writer.act_now(lambda tx: speaking.colleague(tx, world.ada))
    other = service.writer.act_now(lambda tx: speaking.speaker(tx, world.scene, "Other"))
    for number, actor in enumerate((world.ada, colleague, other)):
        booking = {"mode": "in_person", "topic": f"Topic {number}"}
        await world.do("POST", f"/slots/{world.scene.slots[number]}/booking", booking, by=actor)

    answer = await feed(path)

    assert [entry["SUMMARY"] for entry in entries(answer)] == [
        "Ada Example (Organisation of Ada Example) speaks: Item 5 – Session ahc-2",
        "Co League (Organisation of Ada Example) speaks: Item 5 – Session ahc-2",
    ]
    assert ["Topic 0" in answer.text, "Topic 1" in answer.text, "Topic 2" in answer.text] == [True, True, False]


async def test_chairs_feed_shows_meetings_turns_and_deadlines(world: World, feed: Feed, chair: Actor) -> None:
    await world.do("PATCH", "/meetings/{meeting}", {"join_url": LINK})
    await world.do("PATCH", "/lists/{list}", {"closes_at": "2022-06-01T10:00:00Z"})
    path = await world.make_feed(chair, scope="chair", session="ahc-2")
    await world.do("POST", "/slots/{slot}/booking", {"mode": "remote", "topic": "Article 6"}, by=world.ada)

    answer = await feed(path)

    assert sorted(entry["SUMMARY"] for entry in entries(answer)) == [
        "Ada Example (Organisation of Ada Example) speaks: Item 5 – Session ahc-2",
        "List closes: Item 5 – Meeting 1",
        "Meeting 1 – Session ahc-2",
    ]
    assert ["Article 6" in answer.text, LINK in answer.text] == [True, True]


@pytest.mark.parametrize(("scope", "shown"), [("session", 1), ("chair", 3)])
async def test_chair_sees_what_is_not_published_and_nobody_else_does(
    world: World, service: Service, feed: Feed, scope: str, shown: int
) -> None:
    draft = await world.do("POST", "/sessions", NEXT_SESSION | {"status": "draft"})
    chair = service.writer.act_now(
        lambda tx: people.person(tx, "Cha Ir", grants=(Grant("chair", "session", draft["id"]),))
    )
    await world.do("PATCH", "/sessions/ahc-3", {"deadlines": [{"title": "Papers", "at": "2022-08-16T10:00:00Z"}]})
    meeting = {"title": "Secret", "date": "2022-08-30", "start": "10:00", "end": "13:00"}
    held = await world.do("POST", "/sessions/ahc-3/meetings", meeting)
    wanted = {"title": "Item 1", "allocation": "timed", "slot_seconds": 180, "closes_at": "2022-08-29T10:00:00Z"}
    await world.do("POST", f"/meetings/{held['id']}/lists", wanted)
    path = await world.make_feed(chair, scope=scope, session="ahc-3")

    before, public = await feed(path), await feed("programme.ics")
    await world.do("PATCH", "/sessions/ahc-3", {"status": "published"})
    after = await feed(path)

    assert len(entries(before)) == shown
    assert _stands(after).keys() == _stands(before).keys()
    assert _later(before, after)
    assert "Secret" not in public.text


@pytest.mark.parametrize("scope", ["organisation", "chair"])
async def test_feed_of_a_role_that_is_lost_leaves_tombstones_that_tell_nothing(
    world: World, feed: Feed, chair: Actor, focal: Actor, scope: str
) -> None:
    await world.do("POST", "/slots/{slot}/booking", {"mode": "remote", "topic": "Article 6"}, by=world.ada)
    owner, wanted = (chair, {"session": "ahc-2"}) if scope == "chair" else (focal, {})
    path = await world.make_feed(owner, scope=scope, **wanted)
    roles = (await world.do("GET", f"/people/{owner.id}"))["roles"]
    before = await feed(path)

    await world.do("PATCH", f"/people/{owner.id}", {"roles": []})
    lost = await feed(path)
    await world.do("PATCH", "/meetings/{meeting}", {"start": "11:00", "end": "14:00"})
    await world.do("DELETE", "/slots/{slot}/booking", by=world.ada)
    await world.do("POST", f"/slots/{world.scene.slots[3]}/booking", {"mode": "remote"}, by=world.ada)
    still = await feed(path)
    await world.do("PATCH", f"/people/{owner.id}", {"roles": roles})
    back = await feed(path)

    assert _stands(lost).keys() == _stands(before).keys() != set()
    assert _later(before, lost)
    assert {(entry["SUMMARY"], entry["STATUS"]) for entry in entries(lost)} == {
        ("CANCELLED: No longer shown to you", "CANCELLED")
    }
    assert [word for word in ("Ada", "Article", "Item 5", "Meeting 1") if word in lost.text] == []
    assert still.content == lost.content
    assert _later(lost, back)
    assert "Ada Example" in back.text


async def test_revoked_address_answers_as_one_that_never_was(world: World, feed: Feed) -> None:
    path = await world.make_feed(world.ada, scope="mine")
    shown = await feed(path)
    (made,) = (await world.do("GET", "/me/feeds", by=world.ada))["items"]

    await world.do("DELETE", f"/me/feeds/{made['id']}", by=world.ada)

    revoked, unknown = await feed(path), await feed("private/0123456789012345678901234567890123456789012.ics")
    assert shown.status_code == 200
    assert (revoked.status_code, revoked.content, revoked.headers) == (404, unknown.content, unknown.headers)
    assert (await feed(path, if_none_match=shown.headers["etag"])).status_code == 404


async def test_address_of_somebody_erased_is_gone(world: World, feed: Feed) -> None:
    path = await world.make_feed(world.ada, scope="mine")
    assert (await feed(path)).status_code == 200

    await world.do("DELETE", f"/people/{world.ada.id}")

    assert (await feed(path)).status_code == 404


async def test_private_feed_is_for_private_caches_and_never_says_its_address(world: World, feed: Feed) -> None:
    path = await world.make_feed(world.ada, scope="mine")

    answer = await feed(path)

    assert answer.headers["cache-control"] == "private, max-age=60"
    assert path.removeprefix("private/").removesuffix(".ics") not in answer.text
    assert (await feed(path, if_none_match=answer.headers["etag"])).status_code == 304
    assert (await feed(path, if_modified_since=answer.headers["last-modified"])).status_code == 304


async def test_private_feed_speaks_its_owners_language(world: World, feed: Feed) -> None:
    await world.do("POST", "/slots/{slot}/booking", {"mode": "remote"}, by=world.ada)
    path = await world.make_feed(world.ada, scope="mine")
    (english,) = entries(await feed(path))

    await world.do("PATCH", "/me", {"language": "fr"}, by=world.ada)

    (french,) = entries(await feed(path))
    assert [english["SUMMARY"][:9], french["SUMMARY"][:10]] == ["You speak", "Vous parle"]
    assert french["SEQUENCE"] == english["SEQUENCE"]
    assert french["LAST-MODIFIED"] > english["LAST-MODIFIED"]


async def test_own_feed_holds_one_session_or_its_deadlines_where_asked(world: World, feed: Feed) -> None:
    await world.do("PATCH", "/lists/{list}", {"closes_at": "2022-06-01T10:00:00Z"})
    await world.do("POST", "/slots/{slot}/booking", {"mode": "remote"}, by=world.ada)
    await world.do("POST", "/sessions", NEXT_SESSION)
    wanted: list[dict[str, Any]] = [
        {},
        {"session": "ahc-2"},
        {"session": "ahc-3"},
        {"include": ["deadlines"]},
        {"session": "ahc-3", "include": ["deadlines"]},
    ]

    feeds = [await feed(await world.make_feed(world.ada, scope="mine", **each)) for each in wanted]

    assert [len(entries(answer)) for answer in feeds] == [1, 1, 0, 2, 0]


async def test_last_reading_is_told_without_an_entry(world: World, feed: Feed) -> None:
    path = await world.make_feed(world.ada, scope="mine")
    await feed(path, user_agent="Google-Calendar-Importer")
    etag = (await feed(path)).headers["etag"]
    entries_before = (await world.do("GET", "/changes?limit=200"))["items"]

    for agent in ("Mozilla/5.0 (X11) Gecko/20100101 Thunderbird/115.3", "<script>\xff", "x" * 10_000, ""):
        await feed(path, user_agent=agent, if_none_match=etag)
        (shown,) = (await world.do("GET", "/me/feeds", by=world.ada))["items"]
        expected = "Thunderbird" if "Thunderbird" in agent else "other"
        assert shown["last_read_by"] == expected

    assert (await world.do("GET", "/changes?limit=200"))["items"] == entries_before
