"""What a private calendar shows of speaking."""

from dataclasses import dataclass

from scheduler.programme.events import MeetingEvent


@dataclass(frozen=True, slots=True)
class SlotEvent(MeetingEvent):
    """One person's turn, from `starts_at` to `ends_at`; `id` is her inscription's. `cancelled` also when she withdrew.

    The fields of MeetingEvent are the meeting's that she speaks in (`meeting_id` is its id, `title` its title);
    `speaker` is the name, `delivered_by` that of a substitute who reads it in her place, `mode` in_person, remote or
    video; she is `withdrawn`, the meeting `called_off`, or both.
    """

    meeting_id: str
    list_id: str
    list_title: str
    position: int
    speaker: str
    organisation: str | None
    mode: str
    topic: str | None
    withdrawn: bool
    called_off: bool
    delivered_by: str | None = None
