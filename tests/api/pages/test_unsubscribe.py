import httpx
import pytest

from api.delivery.unsubscribing import address, meant
from api.web.service import Service
from scheduler.ids import new_id
from scheduler.people import persons
from scheduler.people.permission import OPERATOR, Actor
from tests.api.conftest import Sign
from tests.makers import people

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def link(service: Service, of: Actor, kind: str = "soon") -> str:
    return address("http://rostrum.test", service.settings.secret_key, str(of.id), kind)


def test_an_address_means_whom_and_what_it_was_made_for() -> None:
    person = new_id()
    signed = address("https://rostrum.test", "key", person, "lists").removeprefix("https://rostrum.test/unsubscribe/")

    assert meant("key", signed) == (person, "lists")


def test_nothing_else_than_what_was_signed_is_believed() -> None:
    person, other = new_id(), new_id()
    signed = address("", "key", person, "soon").removeprefix("/unsubscribe/")

    false = [
        signed.replace(person, other),
        signed.replace("soon", "lists"),
        signed[:-1],
        address("", "key", person, "slot-given").removeprefix("/unsubscribe/"),
        address("", "key", "nobody", "soon").removeprefix("/unsubscribe/"),
        "",
        "...",
        "é.ü.\udcff",
    ]

    assert [meant("key", each) for each in false] == [None] * len(false)
    assert meant("another key", signed) is None


async def test_reading_the_address_changes_nothing_and_offers_a_button(
    client: httpx.AsyncClient, service: Service, participant: Actor, sign: Sign
) -> None:
    page = await client.get(link(service, participant))

    assert page.status_code == 200
    assert '<form method="post"><button' in page.text
    assert (await client.get("/me", headers=sign(participant))).json()["lead_minutes"] == [1440, 60, 15]


LEFT: dict[str, dict[str, object]] = {
    "soon": {"lead_minutes": [], "list_rules": ["list-opens", "list-closes"]},
    "lists": {"lead_minutes": [1440, 60, 15], "list_rules": []},
}


@pytest.mark.parametrize("kind", list(LEFT))
async def test_one_click_stops_reminders_of_this_kind_without_signing_in(
    client: httpx.AsyncClient, service: Service, participant: Actor, sign: Sign, kind: str
) -> None:
    first = await client.post(link(service, participant, kind), data=ONE_CLICK)
    again = await client.post(link(service, participant, kind), data=ONE_CLICK)

    assert (first.status_code, again.status_code) == (200, 200)
    assert "no more of these reminders" in first.text
    me = (await client.get("/me", headers=sign(participant))).json()
    assert {name: me[name] for name in LEFT[kind]} == LEFT[kind]
    assert (me["channels"], me["version"]) == (["mail"], 2)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_false_address_leads_nowhere(
    client: httpx.AsyncClient, service: Service, participant: Actor, method: str
) -> None:
    false = link(service, participant).replace("soon", "lists")

    assert (await client.request(method, false)).status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_erased_person_has_nothing_to_stop(
    client: httpx.AsyncClient, service: Service, participant: Actor, method: str
) -> None:
    service.writer.act_now(lambda tx: persons.erase(tx, OPERATOR, str(participant.id)))

    assert (await client.request(method, link(service, participant))).status_code == 404


SAID = {
    "en": ("Stop these reminders?", "You get no more of these reminders", "a list of speakers has opened"),
    "fr": (
        "Ne plus recevoir ces rappels ?",
        "Vous ne recevrez plus ces rappels",
        "une liste des oratrices et orateurs",
    ),
    "es": ("¿No recibir más estos avisos?", "Ya no recibirá estos avisos", "una lista de oradoras y oradores"),
    "ar": ("إيقاف هذه التذكيرات؟", "لن تصلك هذه التذكيرات بعد الآن", "قائمة متكلمين فُتحت"),
    "ru": (
        "Больше не присылать такие напоминания?",
        "Вы больше не будете получать такие напоминания",
        "список ораторов",
    ),
    "zh": ("不再接收此类提醒？", "您将不再收到此类提醒", "发言名单已开放"),
}


@pytest.mark.parametrize("language", list(SAID))
async def test_the_page_speaks_the_language_of_the_letter(
    client: httpx.AsyncClient, service: Service, language: str
) -> None:
    person = service.writer.act_now(lambda tx: people.person(tx, language=language))

    asked = await client.get(link(service, person, "lists"))
    done = await client.post(link(service, person, "lists"), data=ONE_CLICK)

    question, answered, about = SAID[language]
    direction = "rtl" if language == "ar" else "ltr"
    for page, heading in ((asked, question), (done, answered)):
        assert f'<html lang="{language}" dir="{direction}">' in page.text
        assert f"<h1>{heading}</h1>" in page.text
        assert about in page.text


async def test_clicks_of_one_address_are_counted(
    client: httpx.AsyncClient, service: Service, participant: Actor
) -> None:
    statuses = {(await client.post(link(service, participant), data=ONE_CLICK)).status_code for _ in range(70)}

    assert statuses == {200, 429}
