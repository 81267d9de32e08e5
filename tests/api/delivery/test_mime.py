"""Read back by the standard library's parser, which shares nothing with what writes the mail."""

import email
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr, parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.delivery.mime import Sender, compose, wire_address
from tests.makers.letters import AT, SENDER, letter

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
ICS = b"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"
HOSTILE = [
    "Hello\r\nBcc: everyone@example.org",
    "Hello\nBcc: everyone@example.org",
    "Hello\r\n\r\n<script>",
    "Hello\x00\x0b\x0c\x1c\x85\u2028\u2029Bcc: everyone@example.org",
    '"; <everyone@example.org>, "',
    "=?utf-8?q?=0D=0ABcc:_everyone@example.org?=",
    "Ünïcödé\r\nBcc: everyone@example.org",
    "lone \ud800 surrogate",
]


def read(message: bytes) -> EmailMessage:
    return email.message_from_bytes(message, policy=default)


def content(message: EmailMessage, kind: str) -> str:
    (part,) = [each for each in message.walk() if each.get_content_type() == kind]
    return str(part.get_content()).replace("\r\n", "\n")


def test_letter_reads_back_as_it_was_meant() -> None:
    message = read(compose(letter(), SENDER))

    assert message.defects == []
    assert message.keys() == HEADERS
    assert message["from"] == "Rostrum <rostrum@example.org>"
    assert message["to"] == "Sefina Tuilagi <sefina.tuilagi@example.org>"
    assert message["subject"] == "Your slot: 03:40 tomorrow in Apia (16:40 Vienna)"
    assert parsedate_to_datetime(message["date"]) == AT.replace(microsecond=0)
    assert message["message-id"] == "<letter-1@rostrum.test>"
    assert message["auto-submitted"] == "auto-generated"
    assert content(message, "text/plain") == letter().text
    assert content(message, "text/html") == letter().html


def test_plain_comes_before_html_and_the_calendar_is_attached() -> None:
    message = read(compose(letter(ics=ICS), SENDER))

    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"]
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "rostrum.ics"
    assert attached["content-type"].params == {"charset": "utf-8", "method": "PUBLISH", "name": "rostrum.ics"}
    assert attached.get_payload(decode=True) == ICS


def test_without_a_calendar_there_is_nothing_attached() -> None:
    message = read(compose(letter(), SENDER))

    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_reminder_can_be_unsubscribed_with_one_click() -> None:
    message = read(compose(letter(unsubscribe_url="https://rostrum.test/unsubscribe/a-b_c?x=1&y=2"), SENDER))

    assert message["list-unsubscribe"] == "<https://rostrum.test/unsubscribe/a-b_c?x=1&y=2>"
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("text", HOSTILE)
def test_subject_and_name_add_no_header_and_no_recipient(text: str) -> None:
    message = read(compose(letter(subject=text, to_name=text), SENDER))

    assert message.keys() == HEADERS
    assert [address.addr_spec for address in message["to"].addresses] == ["sefina.tuilagi@example.org"]
    assert content(message, "text/plain") == letter().text


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b\r\nBcc: c@d",
        "a b@example.org",
        "a@example.org, b@example.org",
        "<a@example.org>",
        '"a b"@example.org',
        "a@@example.org",
        "a@exa mple.org",
        "a@.example..org",
        "a@example.org\x00",
        "a" * 65 + "@example.org",
    ],
)
def test_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        compose(letter(to_address=address), SENDER)


@pytest.mark.parametrize(
    ("address", "carried"),
    [
        ("ada@example.org", "ada@example.org"),
        ("ada+rostrum@Example.org", "ada+rostrum@Example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("zoë@example.org", "zoë@example.org"),
    ],
)
def test_domain_is_carried_in_ascii(address: str, carried: str) -> None:
    assert wire_address(address) == carried


@pytest.mark.parametrize(
    "fields",
    [
        {"message_id": "<a@b>\r\nBcc: c@d"},
        {"message_id": "a@b"},
        {"unsubscribe_url": "https://x.test/>\r\nBcc: c@d"},
        {"unsubscribe_url": "javascript:alert(1)"},
        {"unsubscribe_url": "https://x.test/a b"},
    ],
)
def test_message_id_and_link_must_be_whole(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="head"):
        compose(letter(**fields), SENDER)


@pytest.mark.parametrize(
    "name", ["", "Tuilagi, Sefina", 'Sefina "Fina" Tuilagi \\', "سفينة", "夏" * 120, "A. B. " * 40]
)
def test_name_reads_back_whole(name: str) -> None:
    # The older parser: the newer puts blanks between the encoded words of a name.
    header = email.message_from_bytes(compose(letter(to_name=name), SENDER))["to"]
    phrase, address = parseaddr(header)

    assert (str(make_header(decode_header(phrase))), address) == (name.strip(), "sefina.tuilagi@example.org")


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "x" * 500,
        "word " * 99 + "end",
        "Votre créneau : 03:40 demain à Apia (16:40 Vienne)",
        "你的发言 " * 40 + "完",
    ],
)
def test_subject_reads_back_whole_on_short_lines(subject: str) -> None:
    message = compose(letter(subject=subject), SENDER)

    assert read(message)["subject"] == subject
    assert max(len(line) for line in message.split(b"\r\n")) <= 78


def test_long_lines_of_the_body_are_wrapped_without_loss() -> None:
    text = f"{'x' * 5_000}\n.\n..\nFrom here\n  indented \t \n{'é' * 3_000}\n"

    message = compose(letter(text=text, html=text, ics=b"X" * 5_000), SENDER)

    assert max(len(line) for line in message.split(b"\r\n")) <= 78
    assert content(read(message), "text/plain") == text


def test_every_line_ends_with_crlf() -> None:
    message = compose(letter(text="a\r\nb\rc\nd", ics=b"a\nb\n"), SENDER)

    assert message.replace(b"\r\n", b"").count(b"\n") == message.replace(b"\r\n", b"").count(b"\r") == 0
    assert message.endswith(b"\r\n")
    assert content(read(message), "text/plain") == "a\nb\nc\nd\n"


def test_what_looks_like_a_boundary_ends_no_part() -> None:
    text = "--=_alternative\n--=_mixed--\n"

    assert content(read(compose(letter(text=text, ics=ICS), SENDER)), "text/plain") == text


@given(st.text(max_size=300))
def test_any_subject_is_one_header(subject: str) -> None:
    message = read(compose(letter(subject=subject), SENDER))

    assert message.keys() == HEADERS
    assert message.defects == []


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=300))
def test_any_text_reads_back(text: str) -> None:
    ended = text if text.endswith("\n") else f"{text}\n"

    assert content(read(compose(letter(text=text), SENDER)), "text/plain") == ended


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("rostrum@localhost", Sender("", "rostrum@localhost")),
        ("Rostrum <rostrum@example.org>", Sender("Rostrum", "rostrum@example.org")),
        ('"The Secretariat, Vienna" <s@example.org>', Sender("The Secretariat, Vienna", "s@example.org")),
    ],
)
def test_sender_is_read_with_or_without_a_name(text: str, sender: Sender) -> None:
    assert Sender.parse(text) == sender


@pytest.mark.parametrize("text", ["", "Rostrum", "Rostrum <>", "a@b, c@d"])
def test_sender_without_one_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Sender.parse(text)
