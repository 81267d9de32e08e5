"""Events as nobody should write them: any text in any field, any moment in zones that make trouble."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from scheduler.lists.events import SlotEvent
from scheduler.programme.events import DeadlineEvent, MeetingEvent
from tests.makers.events import VARIANT, deadline, meeting, slot

ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "Africa/Nairobi",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Bangkok",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Zurich",
    "Pacific/Apia",
]

TITLES = [
    "Semi;colon, comma\\, back\\slash\\",
    "line\r\nBEGIN:VALARM\r\nTRIGGER:-PT15M\r\nACTION:DISPLAY\r\nEND:VALARM\r\nX-EVIL:1",
    "literal \\n and \\\\; twice",
    "\u202eright to left\u202c \u2067never closed",
    "family \U0001f469\u200d\U0001f469\u200d\U0001f467 " * 8,
    "x" * 66 + "\U00020000" * 30,
    "الدورة الثانية، الجلسة الأولى: التجريم والأحكام العامة والتدابير الإجرائية",
    "第二届会议，第一次会议：刑事定罪、一般规定、程序措施和执法，以及非政府组织和私营部门的发言",
    "Вторая сессия; первое заседание: криминализация, общие положения и процессуальные меры",
    'quotes " and <b>markup</b> & ^n{braces}',
    "\ud800 half a letter \x00\x07\x9b\uffff",
]

_ANYTHING = st.text(st.characters(exclude_categories=[]), max_size=120)
# The library takes a written \\N for a line break when it writes, so it judges no text that has one.
TEXTS = st.one_of(st.sampled_from(TITLES), _ANYTHING.map(lambda text: text.replace("\\N", "N")))
SOME = st.none() | TEXTS
ADDRESSES = st.none() | TEXTS.map("https://join.example/".__add__)

_FIRST = datetime(2022, 1, 1, tzinfo=UTC)
_MINUTES = 6 * 365 * 24 * 60
# The nights on which clocks are set, too: in Zurich, New York, Cairo and on Lord Howe in 2025.
_NIGHTS = [
    datetime.fromisoformat(f"2025-{night}:00+00:00")
    for night in ("03-30T00", "10-26T00", "03-09T06", "11-02T05", "04-24T21", "10-30T20", "04-05T14", "10-04T15")
]
MOMENTS = st.one_of(
    st.integers(0, _MINUTES).map(lambda minutes: _FIRST + timedelta(minutes=minutes)),
    st.builds(lambda night, minutes: night + timedelta(minutes=minutes), st.sampled_from(_NIGHTS), st.integers(0, 180)),
)

_WHEN = {"timezone": st.sampled_from(ZONES), "starts_at": MOMENTS, "cancelled": st.booleans()}
_MEETING = {
    **_WHEN,
    **dict.fromkeys(("title", "session_title"), TEXTS),
    **dict.fromkeys(("city", "venue", "room"), SOME),
    **dict.fromkeys(("webcast_url", "join_url"), ADDRESSES),
    "items": st.lists(TEXTS, max_size=3).map(tuple),
    "languages": st.lists(st.sampled_from(["ar", "en", "zh", "de"]), max_size=3).map(tuple),
}
_SLOT = {**_MEETING, "list_title": TEXTS, "speaker": TEXTS, "organisation": SOME, "topic": SOME, "delivered_by": SOME}
_DEADLINE = {**_WHEN, "title": TEXTS, "meeting_title": SOME, "session_title": TEXTS}


def _lasting(event: Any, minutes: int) -> dict[str, Any]:
    return {**event, "ends_at": event["starts_at"] + timedelta(minutes=minutes)}


def _made(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(_lasting, st.fixed_dictionaries(fields), st.integers(1, 720))


MEETINGS: st.SearchStrategy[MeetingEvent] = _made(_MEETING).map(lambda fields: meeting(**fields))
SLOTS: st.SearchStrategy[SlotEvent] = _made(_SLOT).map(lambda fields: slot(**fields))
DEADLINES: st.SearchStrategy[DeadlineEvent] = _made(_DEADLINE).map(lambda fields: deadline(**fields))
EVENTS = st.one_of(MEETINGS, SLOTS, DEADLINES)

VARIANTS = st.sampled_from(["ar", "en", "fr", "ru", "zh", "xx"]).flatmap(
    lambda language: st.sampled_from(
        [VARIANT.__class__(VARIANT.host, VARIANT.base_url, language, hers=hers) for hers in (True, False)]
    )
)
