from pathlib import Path

from tests.stories import afternoon_record
from tests.stories.afternoon import ENDS_THEN, played
from tests.stories.chairing import LEFT, SPEAKERS

SPEED = 1_500


async def test_the_record_accounts_for_every_second_and_its_replay_shows_what_the_service_showed(
    database_url: str, tmp_path: Path
) -> None:
    over = await played(database_url, tmp_path, SPEED)

    record, floors = over.record, over.chair.floors
    assert afternoon_record.unaccounted(record) == []
    assert round(sum(afternoon_record.seconds(record).values()), 3) == afternoon_record.wall_seconds(record)
    assert afternoon_record.shown_otherwise(record, over.follower.told, over.shown, ENDS_THEN) == []
    assert sorted(over.follower.told) == list(range(record["version"] + 1, floors[-1]["version"] + 1))
    assert {turn["status"] for turn in record["turns"]} == {"spoken", "carried"}
    left = [turn["speaker"]["name"] for turn in record["turns"] if turn["status"] == "carried"]
    assert left == [f"Speaker {number}" for number in range(SPEAKERS - LEFT + 1, SPEAKERS + 1)]
    assert [turn["speaker"]["name"] for turn in over.next_floor["queue"]] == left
    warned = [floor["remote"] for floor in floors if floor["remote"]["warning"]]
    assert {each["end_if_exceeded"] for each in warned} == {ENDS_THEN}
    assert min(each["used_seconds"] for each in warned) >= 1_500
    assert not any(floor["remote"]["warning"] for floor in floors if floor["remote"]["used_seconds"] < 1_500)
    assert floors[-1]["remote"]["exceeded"]
