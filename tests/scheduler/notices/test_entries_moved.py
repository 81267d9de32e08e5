from datetime import timedelta

from scheduler.notices.entries_moved import Happening, Shown, happenings, is_news, may_move, waits
from scheduler.notices.outlook import outlooks
from tests.scheduler.floor.played import SITTING, START, at, played
from tests.scheduler.notices.test_turn_rules import floor

QUARTER = timedelta(minutes=15)


def test_an_entry_follows_beyond_its_threshold_alone() -> None:
    shown = Shown(at(30), 180, None)

    assert is_news(shown, Happening(at(45), 180, final=False), QUARTER) is False
    assert is_news(shown, Happening(at(46), 180, final=False), QUARTER) is True
    assert is_news(shown, Happening(at(14), 180, final=False), QUARTER) is True


def test_how_a_turn_was_is_news_to_the_second() -> None:
    shown = Shown(at(30), 180, None)

    assert is_news(shown, Happening(at(30), 181, final=True), QUARTER) is True
    assert is_news(shown, Happening(at(30), 180, final=True), QUARTER) is False


def test_an_entry_is_written_again_after_ten_minutes() -> None:
    shown = Shown(at(30), 180, at(10))

    assert (may_move(shown, at(19.9)), may_move(shown, at(20)), may_move(Shown(at(30), 180, None), at(0))) == (
        False, True, True,
    )  # fmt: skip
    assert waits([(shown, Happening(at(30), 170, final=True))]) is True
    assert waits([(shown, Happening(at(60), 180, final=False))]) is False


def test_a_turn_is_expected_to_the_minute_and_was_to_the_second() -> None:
    seen = played(floor(3), (1, "call"), (1.5, "start"), (4.25, "call"))

    found = happenings(seen, outlooks(seen, SITTING, at(5)))

    assert found["a"] == Happening(at(1.5), 165, final=True)
    assert found["b"] == Happening(at(4.25), 180, final=False)
    assert found["c"].starts_at.second == 0
    assert found["c"].starts_at > START
