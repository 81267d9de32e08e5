"""The fixed words of calendars, in the languages they are given in."""

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


LANGUAGE_NAMES = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "français",
    "ru": "русский",
    "es": "español",
}
"""Each by its own name, so that whoever needs it recognises it whatever the calendar's language is."""

_ENGLISH = Words(
    cancelled="CANCELLED: {title}",
    meeting="Meeting",
    statement="Statement",
    deadline="Deadline",
    you_speak="You speak: {title}",
    someone_speaks="{speaker} speaks: {title}",
    someone_of_speaks="{speaker} ({organisation}) speaks: {title}",
    opens="List opens: {title}",
    closes="List closes: {title}",
    due="Deadline: {title}",
    withdrawn="This turn was withdrawn.",
    called_off="The meeting is cancelled.",
    gone="No longer shown to you",
    join_label="Join the meeting",
    join="Join: {url}",
    webcast="Webcast: {url}",
    page="Page: {url}",
    languages="Languages: {names}",
    turn="Turn {position} of the list",
    topic="Topic: {topic}",
    delivered_by="Read by: {name}",
    modes={"in_person": "In the room", "remote": "By remote link", "video": "By recorded video"},
    formats={"in_person": "In person", "hybrid": "In the room and by remote link", "online": "Online"},
    programme="Programme of meetings",
    programme_of="{name}: programme of meetings",
    programme_about="Every published meeting. Times are those of the venue.",
    session_about="The meetings of this session. Times are those of the venue.",
    meeting_about="One meeting. Times are those of the venue.",
    mine="My speaking slots",
    mine_about="When you speak. This address is yours alone: keep it to yourself.",
    of_organisation="{name}: speaking slots",
    organisation_about="When your organisation speaks. This address is yours alone: keep it to yourself.",
    with_links="{name} (with links)",
    with_links_about="The meetings of this session with their links. This address is yours alone: keep it to yourself.",
    chair="{name} (chair)",
    chair_about="Meetings, lists and speakers of this session. This address is yours alone: keep it to yourself.",
)

_FRENCH = Words(
    cancelled="ANNULÉ : {title}",
    meeting="Séance",
    statement="Intervention",
    deadline="Échéance",
    you_speak="Vous parlez : {title}",
    someone_speaks="{speaker} parle : {title}",
    someone_of_speaks="{speaker} ({organisation}) parle : {title}",
    opens="Ouverture de la liste : {title}",
    closes="Clôture de la liste : {title}",
    due="Échéance : {title}",
    withdrawn="Cette intervention a été retirée.",
    called_off="La séance est annulée.",
    gone="N'est plus visible pour vous",
    join_label="Participer à la séance",
    join="Participer : {url}",
    webcast="Retransmission : {url}",
    page="Page : {url}",
    languages="Langues : {names}",
    turn="N° {position} sur la liste",
    topic="Sujet : {topic}",
    delivered_by="Lecture par : {name}",
    modes={"in_person": "Dans la salle", "remote": "À distance", "video": "Par vidéo enregistrée"},
    formats={"in_person": "En présentiel", "hybrid": "Dans la salle et à distance", "online": "En ligne"},
    programme="Programme des séances",
    programme_of="{name} : programme des séances",
    programme_about="Toutes les séances publiées. Les heures sont celles du lieu.",
    session_about="Les séances de cette session. Les heures sont celles du lieu.",
    meeting_about="Une séance. Les heures sont celles du lieu.",
    mine="Mes interventions",
    mine_about="Quand vous prenez la parole. Cette adresse n'est qu'à vous, gardez-la.",
    of_organisation="{name} : interventions",
    organisation_about="Quand votre organisation prend la parole. Cette adresse n'est qu'à vous, gardez-la.",
    with_links="{name} (avec les liens)",
    with_links_about="Les séances de cette session avec leurs liens. Cette adresse n'est qu'à vous, gardez-la.",
    chair="{name} (présidence)",
    chair_about="Séances, listes et orateurs de cette session. Cette adresse n'est qu'à vous, gardez-la.",
)

_SPANISH = Words(
    cancelled="CANCELADO: {title}",
    meeting="Sesión",
    statement="Intervención",
    deadline="Plazo",
    you_speak="Usted interviene: {title}",
    someone_speaks="Interviene {speaker}: {title}",
    someone_of_speaks="Interviene {speaker} ({organisation}): {title}",
    opens="Se abre la lista: {title}",
    closes="Se cierra la lista: {title}",
    due="Plazo: {title}",
    withdrawn="Esta intervención fue retirada.",
    called_off="La sesión está cancelada.",
    gone="Ya no visible para usted",
    join_label="Participar en la sesión",
    join="Participar: {url}",
    webcast="Transmisión: {url}",
    page="Página: {url}",
    languages="Idiomas: {names}",
    turn="N.º {position} de la lista",
    topic="Tema: {topic}",
    delivered_by="Lectura a cargo de: {name}",
    modes={"in_person": "En la sala", "remote": "A distancia", "video": "Por vídeo grabado"},
    formats={"in_person": "Presencial", "hybrid": "En la sala y a distancia", "online": "En línea"},
    programme="Programa de sesiones",
    programme_of="{name}: programa de sesiones",
    programme_about="Todas las sesiones publicadas. Las horas son las del lugar.",
    session_about="Las sesiones de este período. Las horas son las del lugar.",
    meeting_about="Una sesión. Las horas son las del lugar.",
    mine="Mis intervenciones",
    mine_about="Cuándo interviene usted. Esta dirección es solo suya: no la comparta.",
    of_organisation="{name}: intervenciones",
    organisation_about="Cuándo interviene su organización. Esta dirección es solo suya: no la comparta.",
    with_links="{name} (con enlaces)",
    with_links_about="Las sesiones de este período con sus enlaces. Esta dirección es solo suya: no la comparta.",
    chair="{name} (presidencia)",
    chair_about="Sesiones, listas y oradores de este período. Esta dirección es solo suya: no la comparta.",
)

_BY_LANGUAGE = {"en": _ENGLISH, "fr": _FRENCH, "es": _SPANISH}


def words(language: str) -> Words:
    """The words of a language (`en`, `fr`, `es`); English for any other."""
    return _BY_LANGUAGE.get(language, _ENGLISH)
