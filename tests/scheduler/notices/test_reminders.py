from datetime import UTC, datetime, time, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.clock.zones import ZONE_NAMES, instant, local
from scheduler.notices.reminders import NEAR, Reminding, Wishes, held, remindings, soon_key, told_at

START = datetime(2022, 8, 29, 8, tzinfo=UTC)  # 10:00 in Vienna
NIGHT = Wishes("Europe/Vienna", (1440, 60, 15), ("22:00", "07:00"))
MINUTE = timedelta(minutes=1)

moments = st.integers(1_104_537_600, 2_145_830_400).map(lambda second: datetime.fromtimestamp(second, UTC))  # 2005-37
clocks = st.times().map(lambda at: f"{at:%H:%M}")
# zones that change at night, by half an hour, over midnight, or skipped a day
zones = st.sampled_from(
    ["Europe/Vienna", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu",
     "America/Sao_Paulo", "Africa/Casablanca", "Antarctica/Troll", *sorted(ZONE_NAMES)[::97]]
)  # fmt: skip
hushes = st.tuples(clocks, clocks)
leads = st.lists(st.integers(0, 10_080), max_size=10).map(tuple)


def hushed(moment: datetime, wishes: Wishes) -> bool:
    assert wishes.quiet is not None
    at = local(moment, wishes.timezone).time()
    start, end = (time.fromisoformat(text) for text in wishes.quiet)
    return start <= at < end if start <= end else not end <= at < start


def vienna(day: int, at: str, month: int = 8) -> datetime:
    return instant(datetime(2022, month, day, tzinfo=UTC).date(), time.fromisoformat(at), "Europe/Vienna", 0)


def test_quiet_hours_over_midnight_hold_until_they_end_in_her_zone() -> None:
    held_at = [held(vienna(29, at), NIGHT) for at in ("21:59", "22:00", "23:30", "00:00", "06:59", "07:00", "12:00")]

    assert held_at == [
        vienna(29, "21:59"),
        vienna(30, "07:00"),
        vienna(30, "07:00"),
        vienna(29, "07:00"),
        vienna(29, "07:00"),
        vienna(29, "07:00"),
        vienna(29, "12:00"),
    ]


def test_quiet_hours_within_a_day_hold_until_they_end() -> None:
    siesta = Wishes("Europe/Madrid", quiet=("14:00", "16:30"))

    assert held(datetime(2022, 7, 1, 12, tzinfo=UTC), siesta) == datetime(2022, 7, 1, 14, 30, tzinfo=UTC)


def test_no_quiet_hours_hold_nothing() -> None:
    assert held(START, Wishes("Europe/Vienna")) == START


def test_quiet_hours_that_end_as_they_start_are_none() -> None:
    assert held(START, Wishes("Europe/Vienna", quiet=("07:00", "07:00"))) == START


def test_quiet_hours_that_end_where_clocks_are_put_forward_end_at_the_gap() -> None:
    until_half_past_two = Wishes("Europe/Vienna", quiet=("22:00", "02:30"))

    assert held(datetime(2022, 3, 27, 0, 30, tzinfo=UTC), until_half_past_two) == datetime(2022, 3, 27, 1, tzinfo=UTC)


def test_quiet_hours_that_end_at_a_repeated_time_end_at_the_first_of_the_two() -> None:
    until_half_past_two = Wishes("Europe/Vienna", quiet=("22:00", "02:30"))

    midnight = datetime(2022, 10, 30, tzinfo=UTC)
    assert held(midnight - MINUTE * 60, until_half_past_two) == midnight + MINUTE * 30
    assert held(midnight + MINUTE * 60, until_half_past_two) == midnight + MINUTE * 90


def test_a_morning_that_the_place_skipped_is_not_waited_for() -> None:
    samoa = Wishes("Pacific/Apia", quiet=("22:00", "07:00"))
    late_on_the_29th = instant(datetime(2011, 12, 29, tzinfo=UTC).date(), time(23), "Pacific/Apia")

    assert local(held(late_on_the_29th, samoa), "Pacific/Apia").isoformat() == "2011-12-31T07:00:00+14:00"


@given(moments, zones, hushes)
@example(datetime(2022, 10, 30, 0, 59, tzinfo=UTC), "Europe/Vienna", ("22:00", "02:30"))
@example(datetime(2011, 12, 30, 9, 59, tzinfo=UTC), "Pacific/Apia", ("23:00", "22:59"))
def test_what_is_held_is_told_at_the_first_moment_without_hush(
    moment: datetime, zone: str, quiet: tuple[str, str]
) -> None:
    wishes = Wishes(zone, quiet=quiet)

    until = held(moment, wishes)

    assert until >= moment
    assert quiet[0] == quiet[1] or not hushed(until, wishes)
    assert until == moment or (hushed(moment, wishes) and hushed(until - timedelta(microseconds=1), wishes))
    assert held(until, wishes) == until


@given(moments, moments, zones, hushes)
def test_her_own_slot_within_a_day_is_never_held_unless_she_says_so(
    moment: datetime, start: datetime, zone: str, quiet: tuple[str, str]
) -> None:
    wishes = Wishes(zone, quiet=quiet)
    stricter = Wishes(zone, quiet=quiet, quiet_own_turn=True)

    assert told_at(moment, start, wishes) == (moment if start - moment <= NEAR else held(moment, wishes))
    assert told_at(moment, start, stricter) == held(moment, wishes)
    assert told_at(moment, None, wishes) == held(moment, wishes)


def test_a_slot_is_reminded_of_at_each_lead_time() -> None:
    assert remindings(START, NIGHT, own=True) == [
        Reminding(1440, START - MINUTE * 1440, START - MINUTE * 60),
        Reminding(60, START - MINUTE * 60, START - MINUTE * 15),
        Reminding(15, START - MINUTE * 15, START),
    ]


def test_a_meeting_in_her_night_is_told_when_the_night_before_ends_and_not_after_its_start() -> None:
    starts_at = vienna(29, "03:00")

    assert remindings(starts_at, NIGHT, own=False) == [Reminding(1440, vienna(28, "07:00"), starts_at)]


def test_her_own_slot_in_her_night_is_told_in_the_night() -> None:
    starts_at = vienna(29, "03:00")

    assert [each.due_at for each in remindings(starts_at, NIGHT, own=True)] == [
        vienna(28, "03:00"),
        vienna(29, "02:00"),
        vienna(29, "02:45"),
    ]


def test_a_week_before_her_own_slot_can_wait_until_the_morning() -> None:
    wishes = Wishes("Europe/Vienna", (10_080,), ("22:00", "07:00"))

    assert [each.due_at for each in remindings(vienna(29, "03:00"), wishes, own=True)] == [vienna(22, "07:00")]


def test_of_two_that_wait_for_the_same_morning_the_nearer_one_is_told() -> None:
    wishes = Wishes("Europe/Vienna", (120, 60, 5), ("22:00", "07:00"))

    assert remindings(vienna(29, "07:30"), wishes, own=False) == [
        Reminding(60, vienna(29, "07:00"), vienna(29, "07:25")),
        Reminding(5, vienna(29, "07:25"), vienna(29, "07:30")),
    ]


def test_a_lead_of_no_minutes_comes_with_the_start_and_is_soon_too_late() -> None:
    assert remindings(START, Wishes("UTC", (0, 15)), own=True) == [
        Reminding(15, START - MINUTE * 15, START),
        Reminding(0, START, START + MINUTE * 5),
    ]


def test_no_lead_times_are_no_reminders() -> None:
    assert remindings(START, Wishes("UTC"), own=True) == []


@given(moments, st.builds(Wishes, zones, leads, st.none() | hushes, st.booleans()), st.booleans())
def test_reminders_come_in_order_each_until_the_next_and_none_beyond_the_start(
    start: datetime, wishes: Wishes, own: bool
) -> None:
    found = remindings(start, wishes, own=own)

    assert [each.minutes for each in found] == sorted({each.minutes for each in found}, reverse=True)
    assert {each.minutes for each in found} <= set(wishes.lead_minutes)
    assert all(start - MINUTE * each.minutes <= each.due_at < each.useless_at for each in found)
    assert [each.useless_at for each in found[:-1]] == [each.due_at for each in found[1:]]
    assert all(each.due_at <= start for each in found)
    assert wishes.quiet is not None or len(found) == len(set(wishes.lead_minutes))


def test_another_start_or_lead_is_another_reminder() -> None:
    keys = {
        soon_key(rule, "p", "s", start, minutes)
        for rule in ("slot-soon", "meeting-soon")
        for start in (START, START + MINUTE)
        for minutes in (60, 15)
    }

    assert len(keys) == 8
    assert "slot-soon/p/s/1661760000/60/mail" in keys
