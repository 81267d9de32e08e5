from pathlib import Path

import pytest

from api.delivery.channels import SENT
from api.delivery.mail_folder import MailFolder, StoredMail
from tests.makers.letters import AT, SENDER, letter

NO_HURRY = 60.0


def names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def test_letter_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path / "mail", SENDER)

    assert await folder.send([letter(ics=b"BEGIN:VCALENDAR\r\n")], NO_HURRY) == [SENT]

    assert folder.read("letter-1") == StoredMail(
        name="letter-1",
        sender="Rostrum <rostrum@example.org>",
        to="Sefina Tuilagi <sefina.tuilagi@example.org>",
        subject=letter().subject,
        at=AT.replace(microsecond=0),
        message_id="<letter-1@rostrum.test>",
        text=letter().text,
        html=letter().html,
        ics="BEGIN:VCALENDAR\n",
    )


async def test_newest_come_first(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path, SENDER)
    for number in (1, 2, 3):
        await folder.send([letter(number)], NO_HURRY)

    assert [mail.name for mail in folder.newest(2)] == ["letter-3", "letter-2"]


async def test_letter_sent_twice_is_one_file(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path, SENDER)

    await folder.send([letter(), letter(subject="Again")], NO_HURRY)

    assert names(tmp_path) == ["letter-1.eml"]
    assert [mail.subject for mail in folder.newest(9)] == ["Again"]


def test_folder_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert MailFolder(tmp_path / "mail", SENDER).newest(9) == []


@pytest.mark.parametrize("name", ["", "nothing", "../secret", "letter-1.eml", "a/b", "..", "x\x00"])
def test_name_that_is_none_reads_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.eml").write_text("Subject: hidden\n\n")
    folder = MailFolder(tmp_path / "mail", SENDER)

    assert folder.read(name) is None


async def test_message_id_chooses_no_other_folder(tmp_path: Path) -> None:
    folder = MailFolder(tmp_path / "mail", SENDER)

    (outcome,) = await folder.send([letter(message_id="<.././../x@rostrum.test>")], NO_HURRY)

    assert names(tmp_path) == ["mail"]
    assert (outcome.kind, [mail.name for mail in folder.newest(9)]) == ("sent", ["--------x"])


async def test_letter_that_cannot_be_composed_fails_alone(tmp_path: Path) -> None:
    outcomes = await MailFolder(tmp_path, SENDER).send([letter(1, to_address="nobody"), letter(2)], NO_HURRY)

    assert [outcome.kind for outcome in outcomes] == ["failed", "sent"]


async def test_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")

    (outcome,) = await MailFolder(tmp_path / "mail", SENDER).send([letter()], NO_HURRY)

    assert (outcome.kind, outcome.error) == ("retry", "The mail folder cannot be written: File exists")
