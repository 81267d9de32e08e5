"""What `rostrum doctor` says, on a database of each kind, while a service works on it."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from api.cli import main
from scheduler.clock.now import SettableClock, SystemClock
from scheduler.demo.mark import claim as make_demonstration
from scheduler.journal.entries import CLOCK, Audience, JournalLedger, append
from scheduler.journal.following import follow
from scheduler.lists import following as waiting_lists
from scheduler.notices import following as notices
from scheduler.outbox.actions import claim, plan, settle
from scheduler.outbox.views import Settled
from scheduler.people.permission import OPERATOR, Grant
from scheduler.programme.tables import Meeting
from scheduler.storage.columns import table
from scheduler.storage.engine import database
from scheduler.storage.shape import newest
from scheduler.storage.writer import Tx, Writer
from scheduler.subscriptions import following as webhooks
from scheduler.subscriptions.webhooks import NewWebhook, make
from tests import databases
from tests.makers import people, places, speaking
from tests.makers.mail_server import mail_server
from tests.makers.outbox import due

AGO = timedelta(minutes=5)


@pytest.fixture
def clock() -> SettableClock:
    """Stands where the machine's was when the test began; the doctor goes by the machine's own."""
    return SettableClock(SystemClock().now())


@pytest.fixture
def writer(database_url: str, clock: SettableClock) -> Iterator[Writer]:
    """Somebody at work in the same database, which has a secretariat."""
    writer = Writer(database(database_url), clock, JournalLedger())
    writer.act_now(lambda tx: people.person(tx, "Sec", grants=(Grant("secretariat"),)))
    yield writer
    writer.close()


@pytest.fixture(autouse=True)
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of an installation where all is well but mail, which no server takes."""
    for name, value in {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(tmp_path / "var"),
        "BASE_URL": "https://rostrum.example.org",
        "SECRET_KEY": "0123456789abcdef0123456789abcdef",
        "TRUSTED_PROXIES": "127.0.0.1",
        "MAIL_FROM": "Rostrum <rostrum@example.org>",
    }.items():
        monkeypatch.setenv(f"ROSTRUM_{name}", value)
    for name in ("SMTP_URL", "CLOCK", "WORKER", "WEBHOOK_ALLOW"):
        monkeypatch.delenv(f"ROSTRUM_{name}", raising=False)
    (tmp_path / "var").mkdir()


@pytest.fixture
def faults(capsys: pytest.CaptureFixture[str]) -> "Faults":
    return Faults(capsys)


class Faults:
    """Runs the doctor: what it finds wrong. Lines of mail are left out, which is wrong wherever no server runs."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str) -> list[str]:
        code = main(["doctor", *arguments])
        said = self._capsys.readouterr()
        wrong = [line.removeprefix("wrong ") for line in said.out.splitlines() if line.startswith("wrong ")]
        assert code == bool(wrong)
        assert len(said.err.splitlines()) == bool(wrong)
        return [line for line in wrong if not line.startswith("mail: It is written into ")]


async def test_nothing_is_wrong_where_all_is_well(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with mail_server() as server:
        monkeypatch.setenv("ROSTRUM_SMTP_URL", f"smtp://127.0.0.1:{server.port}")
        code = await asyncio.to_thread(main, ["doctor"])

    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    assert [line.partition(":")[0] for line in said.out.splitlines()] == [
        "ok    data folder",
        "ok    secret key",
        "ok    database",
        "ok    clock",
        "ok    secretariat",
        "ok    zone data",
        "ok    worker",
        "ok    outbox",
        "ok    webhooks",
        "ok    address",
        "ok    mail",
        "Nothing is wrong.",
    ]
    assert server.got == []


async def test_a_mail_server_that_refuses_the_password_is_named(
    writer: Writer, monkeypatch: pytest.MonkeyPatch, faults: Faults
) -> None:
    async with mail_server(password="right") as server:
        monkeypatch.setenv("ROSTRUM_SMTP_URL", f"smtp://rostrum:wrong@127.0.0.1:{server.port}")
        (found,) = await asyncio.to_thread(faults)

    assert found.startswith("mail: No connection to the mail server: ")
    assert "wrong@" not in found


def test_it_writes_nothing(
    writer: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("ROSTRUM_SECRET_KEY")
    monkeypatch.setenv("ROSTRUM_CLOCK", "2022-06-13T12:55:00Zx60")
    monkeypatch.setenv("ROSTRUM_DATA_DIR", str(tmp_path / "nowhere"))
    before = sorted(tmp_path.rglob("*"))

    main(["doctor"])

    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("writer")
@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("BASE_URL", "http://127.0.0.1:8000", "address: Links in mails and calendars lead to http://127.0.0.1:8000"),
        ("BASE_URL", "http://rostrum.example.org", "address: http://rostrum.example.org carries tokens"),
        ("TRUSTED_PROXIES", "", "address: Everybody comes from the proxy's address"),
        ("SECRET_KEY", "short", "secret key: ROSTRUM_SECRET_KEY has fewer than 32 characters."),
        ("SMTP_URL", "smtp://127.0.0.1:1", "mail: No connection to the mail server"),
        ("SMTP_URL", "mail.example.org", "mail and webhooks: The mail server is smtp://"),
        ("WEBHOOK_ALLOW", "10.0.0.1/8", "mail and webhooks: 10.0.0.1/8 has host bits set."),
        ("CLOCK", "2050-06-13T12:55:00Z", "rehearsal: ROSTRUM_CLOCK is 2050-06-13T12:55:00Z."),
        ("CLOCK", "noon", "settings: ROSTRUM_CLOCK is an instant"),
        ("WORKER", "beside", "settings: ROSTRUM_WORKER must be inside or apart, not 'beside'."),
        ("DATA_DIR", "/proc/version/rostrum", "data folder: /proc/version cannot be written."),
    ],
)
def test_a_setting_that_does_not_fit_is_named(
    faults: Faults, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"ROSTRUM_{setting}", value)

    found = faults()

    assert [line[: len(says)] for line in found] == [says]


def test_a_demonstration_keeps_to_its_machine(
    database_url: str, faults: Faults, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    writer = Writer(database(database_url), SystemClock(), JournalLedger())
    writer.act_now(make_demonstration)
    writer.act_now(lambda tx: people.person(tx, "Sec", grants=(Grant("secretariat"),)))
    writer.close()
    monkeypatch.setenv("ROSTRUM_BASE_URL", "http://127.0.0.1:8000")
    monkeypatch.setenv("ROSTRUM_CLOCK", "2022-06-13T12:55:00Zx60")

    assert main(["doctor"]) == 0
    assert "ok    rehearsal: ROSTRUM_CLOCK is 2022-06-13T12:55:00Zx60\nNothing is wrong.\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///{folder}/none.db", "There is no {folder}/none.db yet. Run `rostrum migrate`, or name another"),
        ("sqlite:///{folder}/text.db", "It cannot be used: file is not a database."),
        ("sqlite:///{folder}/empty.db", "Its shape is none yet, this Rostrum's is"),
        ("postgresql://127.0.0.1:1/rostrum", "It cannot be used: connection failed: connection to server at"),
        ("mysql://127.0.0.1/rostrum", "It cannot be used: ROSTRUM_DATABASE_URL must be sqlite:///FILE"),
        ("nonsense", "It cannot be used: Could not parse"),
    ],
)
def test_a_database_that_cannot_be_used_is_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faults: Faults, url: str, says: str
) -> None:
    (tmp_path / "text.db").write_text("This is no database, but a text that is long enough to be read as one.")
    (tmp_path / "empty.db").touch()
    monkeypatch.setenv("ROSTRUM_DATABASE_URL", url.format(folder=tmp_path))
    begin = f"database: {says.format(folder=tmp_path)}"

    assert [line[: len(begin)] for line in faults()] == [begin]
    assert [line[: len(begin)] for line in faults("--worker")] == [begin]


def test_an_empty_postgresql_is_to_be_migrated(
    postgresql_server: str, monkeypatch: pytest.MonkeyPatch, faults: Faults
) -> None:
    url = databases.create_database(postgresql_server, "empty")
    monkeypatch.setenv("ROSTRUM_DATABASE_URL", url)

    (found,) = faults()
    databases.drop_database(url)

    assert found == f"database: Its shape is none yet, this Rostrum's is {newest()}. Run `rostrum migrate`."


def test_a_database_of_a_newer_rostrum_is_a_line(writer: Writer, faults: Faults) -> None:
    writer.act_now(lambda tx: tx.conn.sql("UPDATE alembic_version SET version_num = '9999'"))

    (found,) = faults()

    assert found.startswith("database: Its shape is 9999, made by a newer Rostrum than this one")


def test_a_service_that_nobody_may_run_is_told(database_url: str, faults: Faults) -> None:
    assert faults() == [
        (
            "secretariat: Nobody has this role for the whole service. "
            "Run `rostrum person add EMAIL --name NAME --role secretariat`."
        )
    ]


def test_what_no_worker_takes_is_counted(writer: Writer, clock: SettableClock, faults: Faults) -> None:
    since = f"{clock.now() - AGO:%Y-%m-%dT%H:%M:%SZ}"
    clock.advance(-AGO.total_seconds())
    writer.act_now(lambda tx: plan(tx, [due("one", due_at=tx.now), due("two", due_at=tx.now)], "rostrum.test"))
    writer.act_now(lambda tx: append(tx, "meeting.moved", ("meeting", "m1"), CLOCK, Audience()))
    writer.act_now(lambda tx: follow(tx, webhooks.FOLLOWER, webhooks.follower("rostrum.test")))

    waiting = (
        f"worker: What waits for it: 2 to send, since {since}; 1 to follow for {waiting_lists.FOLLOWER}, since {since};"
        f" 1 to follow for {notices.FOLLOWER}, since {since}. Start `rostrum serve`; "
        "where it runs, its log says what keeps it."
    )

    assert faults() == [waiting]
    assert faults("--worker") == [waiting]


def test_what_is_due_within_a_minute_is_no_fault(writer: Writer, faults: Faults) -> None:
    writer.act_now(lambda tx: plan(tx, [due(due_at=tx.now)], "rostrum.test"))

    assert faults("--worker") == []


def test_what_was_given_up_is_told_for_a_week(writer: Writer, clock: SettableClock, faults: Faults) -> None:
    _fail(writer, clock, timedelta(days=8), "an old one")
    _fail(writer, clock, timedelta(days=1), "550 No such user")

    assert faults() == [
        (
            "outbox: Given up by mail: 1, for example: 550 No such user. "
            "See GET /api/v1/outbox?status=failed; POST /api/v1/outbox/ID/retry sends one again."
        )
    ]


def _fail(writer: Writer, clock: SettableClock, ago: timedelta, error: str) -> None:
    now = clock.now()
    clock.set(now - ago)
    writer.act_now(lambda tx: plan(tx, [due(error, due_at=tx.now)], "rostrum.test"))
    (one,) = writer.act_now(claim)
    writer.act_now(lambda tx: settle(tx, [Settled(one, "failed", error)]))
    clock.set(now)


def test_a_webhook_that_fails_again_and_again_is_named(writer: Writer, clock: SettableClock, faults: Faults) -> None:
    post = due("post", channel="webhook", webhook_id="hook-1", due_at=clock.now())
    writer.act_now(lambda tx: plan(tx, [post], "rostrum.test"))
    now = clock.now()
    for _ in range(3):
        (one,) = writer.act_now(claim)
        writer.act_now(lambda tx, one=one: settle(tx, [Settled(one, "retry", "It answered 500.")]))  # type: ignore[misc]  # -- mypy infers no lambda with a default
        clock.advance(700)
    clock.set(now)

    assert faults() == [
        (
            "outbox: Tried again and again by webhook to hook-1: 1, for example: It answered 500. "
            "Mend that, and what waits goes out by itself."
        )
    ]


def test_a_webhook_that_the_settings_refuse_is_named(writer: Writer, faults: Faults) -> None:
    made = writer.act_now(lambda tx: make(tx, OPERATOR, NewWebhook("https://10.0.0.1/hook")))

    assert faults() == [
        (
            f"webhooks: {made.id} is never sent to: This address is not on the public internet. "
            "ROSTRUM_WEBHOOK_ALLOW can allow it. Or DELETE it and make it anew."
        )
    ]


def test_a_change_from_the_future_is_told(writer: Writer, clock: SettableClock, faults: Faults) -> None:
    clock.set(datetime(2099, 1, 1, tzinfo=UTC))
    writer.act_now(lambda tx: append(tx, "meeting.moved", ("meeting", "m1"), CLOCK, Audience()))

    (found,) = faults()

    assert found.startswith("clock: It is ")
    assert ", the newest change is of 2099-01-01T00:00:00Z. Set this machine's clock;" in found


def test_meetings_that_other_zone_data_would_move_are_counted(writer: Writer, faults: Faults) -> None:
    def moved(tx: Tx) -> None:
        at = datetime(2099, 5, 30, 7, tzinfo=UTC)
        meeting = speaking.meeting(tx, places.session(tx), date="2099-05-30", starts_at=at, ends_at=at + 24 * AGO)
        tx.conn.run(update(table(Meeting)).where(table(Meeting).c.id == meeting).values(zone_data="2019a"))

    writer.act_now(moved)
    (found,) = faults()

    assert found.endswith(
        " puts at other instants than they are kept at: 1, first number 1 of ahc-2, "
        "kept by 2019a at 2099-05-30T07:00:00Z. Set their `start` to another time and back, which derives them anew."
    )
