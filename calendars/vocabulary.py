"""What the fixed words of calendars are, whichever language they are in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One language. What stands in braces is filled in; each phrase is whole, none is put together from pieces."""

    cancelled: str
    meeting: str
    statement: str
    deadline: str
    you_speak: str
    someone_speaks: str
    someone_of_speaks: str
    opens: str
    closes: str
    due: str
    withdrawn: str
    called_off: str
    gone: str
    join_label: str
    join: str
    webcast: str
    page: str
    languages: str
    turn: str
    topic: str
    delivered_by: str
    modes: dict[str, str]
    formats: dict[str, str]
    programme: str
    programme_of: str
    programme_about: str
    session_about: str
    meeting_about: str
    mine: str
    mine_about: str
    of_organisation: str
    organisation_about: str
    with_links: str
    with_links_about: str
    chair: str
    chair_about: str
