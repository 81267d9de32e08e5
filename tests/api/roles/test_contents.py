"""What is in the answers: everything that each role can read, searched for what she must not."""

from collections import defaultdict
from urllib.parse import urlsplit

from api.web.service import Service
from tests.api.roles.table import OWN_ORGANISATION, RUNNING, SERVICE, SIGNED, SPEAKERS, TABLE
from tests.api.roles.trying import Trial, trial
from tests.api.roles.world import DRAFT, HERE, LINK, PUBLIC, ROLES, Cell, Made, an_inscription

GETS = sorted({each.operation.split()[1] for row in TABLE.values() for each in row if each.operation.startswith("GET")})
SEARCHES = ("/sessions?q=ahc-3", "/sessions?body=ahc", "/sessions?from=2022-01-01&to=2022-12-31", "/changes?limit=200")
OUTSIDE = (
    "/",
    "/calendars/programme.ics",
    "/calendars/programme.ics?body=ahc",
    "/calendars/sessions/{code}.ics?include=deadlines",
    "/calendars/meetings/{meeting_id}.ics",
)

Where = dict[str, set[str]]
"""Where each role finds it."""

INSCRIPTIONS = {"/api/v1/inscriptions/{inscription_id}", "/api/v1/lists/{list_id}/inscriptions"}
OF_ORGANISATION = {"/api/v1/organisations/{organisation_id}/inscriptions"}
MEETINGS = {"/api/v1/meetings/{meeting_id}", "/api/v1/sessions/{code}/meetings"}
ABOUT_HERSELF = {"/api/v1/me", "/api/v1/me/export"}
PEOPLE = {"/api/v1/people", "/api/v1/people/{person_id}"}


async def _read(on: Trial, *made: Made) -> dict[str, dict[str, str]]:
    """Whatever has an address, by role and address: all that each reads there of the things that were made."""
    texts: dict[str, dict[str, str]] = {role: {} for role in ROLES}
    known = {"body": "ahc", "organisation_id": on.world.strange}
    for role, hers in texts.items():
        for path in [*(f"/api/v1{path}" for path in (*GETS, *SEARCHES) if "stream" not in path), *OUTSIDE]:
            answers = [
                await on.client.get(f"http://rostrum.test{address}", headers=on.headers(role))
                for address in sorted({path.format(**known | ids) for ids in made})
            ]
            assert {answer.status_code for answer in answers} <= {200, 401, 403, 404}
            hers[path] = "".join(answer.text for answer in answers)
    return texts


def _where(texts: dict[str, dict[str, str]], *secrets: str) -> Where:
    """Where each role that finds one of these finds it."""
    found = defaultdict(set)
    for role, by_address in texts.items():
        for address, text in by_address.items():
            if any(secret in text for secret in secrets):
                found[role].add(address)
    return dict(found)


async def test_each_role_reads_what_the_contract_lets_her_and_nothing_else(trying: Service) -> None:
    makers = {
        "own": (an_inscription("own", secret="Own "), HERE),
        "others'": (an_inscription("others'", secret="Others' "), HERE),
        "pending": (an_inscription("others'", "pending", secret="Pending "), HERE),
        "draft": (an_inscription("others'", secret="Draft "), DRAFT),
    }
    async with trial(trying) as on:
        made = on.service.writer.act_now(
            lambda tx: {name: make(tx, Cell(on.world, PUBLIC, place)) for name, (make, place) in makers.items()}
        )
        texts = await _read(on, *made.values())

    in_full = dict.fromkeys(RUNNING, INSCRIPTIONS)
    of_service = dict.fromkeys(SERVICE, INSCRIPTIONS | OF_ORGANISATION)
    assert {
        "addresses": _where(texts, "@example.org"),
        "links": _where(texts, LINK),
        "seconds": _where(texts, '"seconds_requested":77'),
        **{name: _where(texts, f"{name.capitalize()} Topic", f"{name.capitalize()} Substitute") for name in made},
    } == {
        "addresses": dict.fromkeys(SIGNED, ABOUT_HERSELF) | dict.fromkeys(SERVICE, ABOUT_HERSELF | PEOPLE),
        "links": dict.fromkeys(RUNNING | SPEAKERS, MEETINGS),
        "seconds": dict.fromkeys(OWN_ORGANISATION, INSCRIPTIONS) | of_service,
        "own": dict.fromkeys(OWN_ORGANISATION, INSCRIPTIONS),
        "others'": in_full | of_service,
        "pending": in_full | of_service,
        "draft": in_full | of_service,
    }
    draft = _where(texts, "ahc-3", *(made["draft"][name] for name in ("meeting_id", "list_id", "slot_id")))
    assert set(draft) == RUNNING
    assert all({"/api/v1/sessions?q=ahc-3", "/api/v1/changes?limit=200"} <= where for where in draft.values())
    assert not any(where & set(OUTSIDE) for where in draft.values())


async def test_a_private_feed_of_a_session_shows_links_to_those_who_may(trying: Service) -> None:
    async with trial(trying) as on:
        on.service.writer.act_now(lambda tx: an_inscription("others'")(tx, Cell(on.world, PUBLIC, HERE)))
        shown = {}
        for role in SIGNED:
            new = {"scope": "session", "session": "ahc-2"}
            made = await on.client.post("/me/feeds", json=new, headers=on.headers(role))
            feed = await on.client.get(f"http://rostrum.test{urlsplit(made.json()['url']).path}")
            shown[role] = LINK in feed.text.replace("\r\n ", "")

    assert {role for role, it_is in shown.items() if it_is} == RUNNING | SPEAKERS
