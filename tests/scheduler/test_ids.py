from uuid import RFC_4122, UUID

from scheduler.ids import is_id, new_id


def test_ids_are_unlike_and_of_the_time_ordered_kind() -> None:
    ids = [new_id() for _ in range(1_000)]

    assert len(set(ids)) == 1_000
    assert all(is_id(each) for each in ids)
    assert {(UUID(each).version, UUID(each).variant) for each in ids} == {(7, RFC_4122)}


def test_a_later_id_sorts_behind_those_of_earlier_milliseconds() -> None:
    ids = [new_id() for _ in range(20_000)]

    moments = [UUID(each).int >> 80 for each in ids]

    assert moments == sorted(moments)
    assert moments[0] < moments[-1]
