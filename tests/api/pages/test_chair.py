"""The chair's console over forms alone: each act, what it shows afterwards, how it is taken back."""

import re
from datetime import timedelta

import httpx

from api.web.service import Service
from scheduler.clock.now import SettableClock
from scheduler.storage.writer import Tx
from tests.api.pages.console import Console, chaired, part, text
from tests.makers import asking, queueing, speaking
from tests.makers.speaking import STARTS_AT
from tests.scheduler.floor.meeting import item_in_two, sat

HOSTILE = "<script>alert(1)</script>"


async def test_a_meeting_is_run_from_its_opening_to_its_close_by_one_button(console: Console) -> None:
    seen = []
    for _ in range(9):
        seen.append(part(console.shown, "act-step"))
        await console.press("act-step")

    assert seen == [
        "Open the meeting Meeting 1 Enter", "Call Organisation of A Enter",
        "Start the clock of Organisation of A Enter",
        "Finish and call Organisation of B Enter", "Start the clock of Organisation of B Enter",
        "Finish and call Organisation of C Enter", "Start the clock of Organisation of C Enter",
        "Finish and call Organisation of D Enter", "Start the clock of Organisation of D Enter",
    ]  # fmt: skip
    assert part(console.shown, "act-step") == "Finish Organisation of D Enter"
    await console.press("act-step")
    assert 'href="/meetings/' + console.here.scene.meeting + '/chair?ask=close"' in console.shown
    await console.see("?ask=close")
    await console.press("close-all")
    assert console.floor.status == "closed"
    await console.press("act-undo")
    assert console.floor.status == "in_progress"


async def test_each_command_is_a_button_and_takes_what_it_needs(console: Console) -> None:
    slots = console.here.slots
    done = []
    for command, said in (
        ("open", {}), ("call", {"slot": slots[1]}), ("start", {}), ("extend", {}), ("pause", {}), ("resume", {}),
        ("finish", {}), ("absent", {"slot": slots[0]}), ("call", {}), ("absent", {}), ("defer", {"slot": slots[3]}),
        ("announce", {"text": "Coffee at noon"}), ("suspend", {}), ("resume_meeting", {}), ("close", {"carry": "no"}),
        ("undo", {}),
    ):  # fmt: skip
        answer = await console.do(command, **said)
        done.append((command, answer.status_code))

    assert [status for _, status in done] == [303] * 16
    assert (console.floor.status, console.waiting) == ("in_progress", "D")
    assert "Coffee at noon" in part(console.shown, "next")
    assert "Undone: Sitting closed." in part(console.shown, "side")


async def test_a_point_of_order_is_given_by_a_part_of_the_name(console: Console) -> None:
    for command in ("open", "call", "start"):
        await console.do(command)

    unclear = await console.do("point_of_order", "?ask=point_of_order", whom="organisation")
    assert unclear.status_code == 422
    assert "Which of them?" in part(console.shown, "queue")
    assert len(re.findall(r'name="organisation"', console.shown)) == 4
    nobody = await console.do("point_of_order", "?ask=point_of_order", whom=f"{HOSTILE}")
    assert nobody.status_code == 422
    assert HOSTILE not in nobody.text
    assert f"No delegation that may speak here is called “{HOSTILE}”." in text(nobody.text)
    given = await console.do("point_of_order", "?ask=point_of_order", whom="of c")

    assert given.status_code == 303
    assert console.floor.current is not None
    assert (console.floor.current.kind, console.floor.interrupted is not None) == ("point_of_order", True)
    assert "Organisation of A goes on after it." in part(console.shown, "board")
    assert part(console.shown, "act-step") == "Finish, and the floor goes back to Organisation of A Enter"


async def test_a_right_of_reply_comes_after_the_list(console: Console) -> None:
    await console.do("open")
    await console.do("right_of_reply", whom="Organisation of B")

    assert [turn.kind for turn in console.floor.queue] == ["statement"] * 4 + ["right_of_reply"]
    assert "After the list Right of reply, Organisation of B 10 min" in part(console.shown, "side")


async def test_a_turn_is_moved_and_moved_back(console: Console) -> None:
    await console.do("open")
    slots = console.here.slots

    await console.do("up", f"?slot={slots[2]}", slot=slots[2])
    assert console.waiting == "ACBD"
    await console.do("down", f"?slot={slots[0]}", slot=slots[0])
    assert console.waiting == "CABD"
    await console.press("act-undo")
    assert console.waiting == "ACBD"
    await console.do("move", slot=slots[3], after=slots[0])
    assert console.waiting == "ADCB"
    await console.press("act-undo")
    assert console.waiting == "ACBD"


async def test_once_a_command_followed_it_is_what_is_taken_back(console: Console) -> None:
    slots = console.here.slots
    await console.do("open")
    moved = await console.do("up", slot=slots[2])
    await console.do("call")
    await console.see(moved.headers["location"].partition("chair")[2])

    await console.press("act-undo")

    assert (console.floor.current, console.waiting) == (None, "ACBD")


async def test_who_is_pending_is_added_and_taken_out_again(console: Console, service: Service) -> None:
    def ask(tx: Tx) -> str:
        return queueing.inscribed(tx, console.here.scene, speaking.speaker(tx, console.here.scene, "E"))

    inscription = service.writer.act_now(ask)
    await console.do("open")
    await console.see("?ask=add")
    assert "Organisation of E" in part(console.shown, "queue")

    await console.press(f"add-{inscription}")
    assert console.waiting == "ABCDE"
    await console.press("act-undo")
    assert console.waiting == "ABCD"
    await console.see("?ask=add")
    await console.press(f"first-{inscription}")
    assert console.waiting == "EABCD"


async def test_a_list_is_closed_and_opened_again(console: Console) -> None:
    await console.see("?ask=lists")
    await console.press(f"list-{console.here.scene.list}")
    assert "List closed." in part(console.shown, "act-undo")
    await console.see("?ask=lists")
    assert "closed 4 turns" in part(console.shown, "queue")

    await console.press(f"list-{console.here.scene.list}")
    await console.see("?ask=lists")
    assert "open 4 turns" in part(console.shown, "queue")


async def test_an_allocation_is_looked_at_with_its_reasons_and_then_applied(console: Console, service: Service) -> None:
    def ask(tx: Tx) -> None:
        for number in range(3):
            asking.asker(tx, console.here.scene, number, "ngo", seconds_requested=120)

    service.writer.act_now(ask)
    await console.see(f"?ask=allocate&list={console.here.scene.list}&policy=draw&seed=spring+rain&minutes=15")
    panel = part(console.shown, "queue")
    assert "Nothing changes until you apply it." in panel
    assert "Seed: spring rain" in panel
    assert console.waiting == "ABCD"

    answer = await console.press("apply")

    assert answer.status_code == 303
    assert sum(turn.seconds for turn in console.floor.queue) <= 15 * 60
    assert len(console.floor.queue) > 4
    assert "Turns allotted." in part(console.shown, "act-undo")

    await console.press("act-undo")

    assert console.waiting == "ABCD"


async def test_what_is_left_goes_on_in_the_next_meeting(
    client: httpx.AsyncClient, service: Service, clock: SettableClock
) -> None:
    here, _ = item_in_two(service.writer, clock)
    clock.set(STARTS_AT)
    console = await chaired(client, service, here)
    await console.do("open")
    await console.see("?ask=close")
    assert (
        "4 still wait. The next meeting on the item is Meeting 2: there the list goes on at 10:00 Thu 9 June."
        in part(console.shown, "queue")
    )

    await console.press("close-carry")

    assert "4 go on in the next meeting." in part(console.shown, "board")
    assert part(console.shown, "side").endswith("Sitting closed. Undo U")


async def test_meters_say_what_is_used_and_what_comes_of_it(
    client: httpx.AsyncClient, service: Service, clock: SettableClock
) -> None:
    here = sat(
        service.writer, clock, mode="remote", meeting_values={"remote_budget_seconds": 720, "end_if_exceeded": "12:00"}
    )
    clock.set(STARTS_AT)
    for command in ("open", "call", "start"):
        here.do(0, command)
    clock.set(STARTS_AT + timedelta(minutes=2))
    console = await chaired(client, service, here)

    side = part(console.shown, "side")
    assert "Remote minutes 2 of 12 About 12 at the end. Past 12, the sitting ends at 12:00." in side
    assert side.count("Not ready") == 3
    assert "Time left 2 h 58 min 10 min asked." in side
    assert "1:00" in part(console.shown, "board")
