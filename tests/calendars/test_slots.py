from dataclasses import replace

import pytest

from tests.calendars.reading import details, said
from tests.makers.events import VARIANT, slot

HERS = replace(VARIANT, hers=True)
PAGE = "https://rostrum.example.org/meetings/0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0c01"


def test_turn_has_its_own_time_and_identity_and_its_meetings_place_and_page() -> None:
    written = said(slot(), HERS)

    assert written["UID"] == "0b6a4d8e-5a3a-4a57-9e0c-3f1f8a4f0f01@rostrum.example"
    assert written["DTSTART;TZID=Europe/Vienna"] == "20220530T101800"
    assert written["DTEND;TZID=Europe/Vienna"] == "20220530T102100"
    assert written["LOCATION"] == "Plenary Hall\\, M Building\\, VIC\\, Vienna"
    assert written["URL"] == PAGE
    assert written["CATEGORIES"] == "Statement,ahc-2"


def test_turn_says_how_and_on_what_she_speaks() -> None:
    assert details(slot(join_url="https://join.example.org"), HERS) == [
        "Join: https://join.example.org",
        "Turn 7 of the list",
        "By remote link",
        "Topic: Safeguards",
        "1st meeting",
        "4 Criminalization",
        "5 General provisions",
        "In the room and by remote link",
        "Languages: English, français",
        "Webcast: https://webcast.example.org/ahc-2/1",
        f"Page: {PAGE}",
    ]


def test_turn_names_the_substitute_who_reads_it() -> None:
    assert "Read by: Sub Stitute" in details(slot(delivered_by="Sub Stitute"), HERS)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "You speak: Criminalization: stakeholders – Second session"),
        ("fr", "Vous parlez : Criminalization: stakeholders – Second session"),
        ("es", "Usted interviene: Criminalization: stakeholders – Second session"),
    ],
)
def test_her_own_turn_speaks_to_her(language: str, title: str) -> None:
    assert said(slot(), replace(HERS, language=language))["SUMMARY"] == title


@pytest.mark.parametrize(
    ("organisation", "title"),
    [
        ("Fundación Ejemplo", "Ana Pérez (Fundación Ejemplo) speaks: Criminalization: stakeholders – Second session"),
        (None, "Ana Pérez speaks: Criminalization: stakeholders – Second session"),
    ],
)
def test_turn_of_another_names_her(organisation: str | None, title: str) -> None:
    assert said(slot(organisation=organisation), VARIANT)["SUMMARY"] == title


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"withdrawn": True}, ["This turn was withdrawn.", "Turn 7 of the list"]),
        ({"called_off": True}, ["The meeting is cancelled.", "Turn 7 of the list"]),
        ({"withdrawn": True, "called_off": True}, ["This turn was withdrawn.", "The meeting is cancelled."]),
    ],
)
def test_cancelled_turn_says_why(how: dict[str, bool], why: list[str]) -> None:
    event = slot(cancelled=True, join_url="https://join.example.org", **how)

    assert details(event, HERS)[:2] == why
    assert said(event, HERS)["STATUS"] == "CANCELLED"
    assert said(event, HERS)["SUMMARY"].startswith("CANCELLED: You speak: ")
