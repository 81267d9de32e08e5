"""What people will read of a change, on both clocks, as its preview shows it. Pure.

Whole sentences, one a kind of change and language, since no language is made by adding pieces of another.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from scheduler.clock.zones import local

Kind = Literal["moved", "cancelled", "restored", "room", "session-moved", "session-cancelled", "session-restored"]
Stretch = tuple[datetime, datetime, str]
"""From a start to an end (aware UTC), and the zone of the venue."""

_FALLBACK = "en"
_SENTENCES: dict[str, dict[Kind, str]] = {
    "en": {
        "moved": "{title} ({session}) is moved from {before} to {after} ({venue}). "
        "On your clock ({zone}): from {before_here} to {after_here}.",
        "cancelled": "{title} ({session}) of {before} ({venue}) is cancelled. "
        "On your clock ({zone}) it was {before_here}.",
        "restored": "{title} ({session}) takes place after all: {after} ({venue}). "
        "On your clock ({zone}): {after_here}.",
        "room": "{title} ({session}) takes place in {room}: {after} ({venue}). On your clock ({zone}): {after_here}.",
        "session-moved": "{session} is moved: it goes from {after} ({venue}), not from {before}. "
        "On your clock ({zone}): {after_here}, not {before_here}.",
        "session-cancelled": "{session}, planned for {before} ({venue}), is cancelled. "
        "On your clock ({zone}) it was {before_here}.",
        "session-restored": "{session} takes place after all: {after} ({venue}). On your clock ({zone}): {after_here}.",
    },
    "fr": {
        "moved": "{title} ({session}) est déplacée : du {before} au {after} ({venue}). "
        "À votre heure ({zone}) : du {before_here} au {after_here}.",
        "cancelled": "{title} ({session}) du {before} ({venue}) est annulée. À votre heure ({zone}) : {before_here}.",
        "restored": "{title} ({session}) a finalement lieu : {after} ({venue}). À votre heure ({zone}) : {after_here}.",
        "room": "{title} ({session}) a lieu en salle {room} : {after} ({venue}). "
        "À votre heure ({zone}) : {after_here}.",
        "session-moved": "{session} est déplacée : {after} ({venue}) au lieu de {before}. "
        "À votre heure ({zone}) : {after_here} au lieu de {before_here}.",
        "session-cancelled": "{session}, prévue {before} ({venue}), est annulée. "
        "À votre heure ({zone}) : {before_here}.",
        "session-restored": "{session} a finalement lieu : {after} ({venue}). À votre heure ({zone}) : {after_here}.",
    },
    "es": {
        "moved": "{title} ({session}) se traslada del {before} al {after} ({venue}). "
        "En su hora ({zone}): del {before_here} al {after_here}.",
        "cancelled": "{title} ({session}) del {before} ({venue}) queda cancelada. En su hora ({zone}): {before_here}.",
        "restored": "{title} ({session}) se celebra finalmente: {after} ({venue}). En su hora ({zone}): {after_here}.",
        "room": "{title} ({session}) se celebra en la sala {room}: {after} ({venue}). "
        "En su hora ({zone}): {after_here}.",
        "session-moved": "{session} se traslada: {after} ({venue}) en lugar de {before}. "
        "En su hora ({zone}): {after_here} en lugar de {before_here}.",
        "session-cancelled": "{session}, prevista {before} ({venue}), queda cancelada. "
        "En su hora ({zone}): {before_here}.",
        "session-restored": "{session} se celebra finalmente: {after} ({venue}). En su hora ({zone}): {after_here}.",
    },
    "ar": {
        "moved": "نُقل موعد {title} ({session}) من {before} إلى {after} ({venue}). "
        "بتوقيتك ({zone}): من {before_here} إلى {after_here}.",
        "cancelled": "أُلغيت {title} ({session}) المقررة في {before} ({venue}). بتوقيتك ({zone}): {before_here}.",
        "restored": "تُعقد {title} ({session}) في نهاية المطاف: {after} ({venue}). بتوقيتك ({zone}): {after_here}.",
        "room": "تُعقد {title} ({session}) في القاعة {room}: {after} ({venue}). بتوقيتك ({zone}): {after_here}.",
        "session-moved": "نُقل موعد {session}: {after} ({venue}) بدلًا من {before}. "
        "بتوقيتك ({zone}): {after_here} بدلًا من {before_here}.",
        "session-cancelled": "أُلغيت {session} المقررة في {before} ({venue}). بتوقيتك ({zone}): {before_here}.",
        "session-restored": "تُعقد {session} في نهاية المطاف: {after} ({venue}). بتوقيتك ({zone}): {after_here}.",
    },
    "ru": {
        "moved": "{title} ({session}): заседание переносится с {before} на {after} ({venue}). "
        "По Вашему времени ({zone}): с {before_here} на {after_here}.",
        "cancelled": "{title} ({session}): заседание {before} ({venue}) отменено. "
        "По Вашему времени ({zone}): {before_here}.",
        "restored": "{title} ({session}): заседание все же состоится: {after} ({venue}). "
        "По Вашему времени ({zone}): {after_here}.",
        "room": "{title} ({session}): заседание состоится в зале {room}: {after} ({venue}). "
        "По Вашему времени ({zone}): {after_here}.",
        "session-moved": "{session} переносится: {after} ({venue}) вместо {before}. "
        "По Вашему времени ({zone}): {after_here} вместо {before_here}.",
        "session-cancelled": "{session}: сессия, намеченная на {before} ({venue}), отменена. "
        "По Вашему времени ({zone}): {before_here}.",
        "session-restored": "{session}: сессия все же состоится: {after} ({venue}). "
        "По Вашему времени ({zone}): {after_here}.",
    },
    "zh": {
        "moved": "{title}（{session}）由 {before} 改为 {after}（{venue}）。"
        "按您的时间（{zone}）：由 {before_here} 改为 {after_here}。",
        "cancelled": "{title}（{session}）原定 {before}（{venue}），现已取消。按您的时间（{zone}）：{before_here}。",
        "restored": "{title}（{session}）仍将举行：{after}（{venue}）。按您的时间（{zone}）：{after_here}。",
        "room": "{title}（{session}）改在 {room} 举行：{after}（{venue}）。按您的时间（{zone}）：{after_here}。",
        "session-moved": "{session}改期：由 {before} 改为 {after}（{venue}）。"
        "按您的时间（{zone}）：由 {before_here} 改为 {after_here}。",
        "session-cancelled": "{session}原定 {before}（{venue}），现已取消。按您的时间（{zone}）：{before_here}。",
        "session-restored": "{session}仍将举行：{after}（{venue}）。按您的时间（{zone}）：{after_here}。",
    },
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What is told: the titles, when it was and will be, the new room, and one line of the secretariat's."""

    kind: Kind
    title: str
    session: str
    before: Stretch | None
    after: Stretch | None
    room: str | None = None
    note: str | None = None


def text(said: Wording, zone: str, language: str) -> str:
    """The letter's sentence for someone in a zone, in her language where we have it, else in English."""
    sentences = _SENTENCES.get(language, _SENTENCES[_FALLBACK])
    stretches = {"before": said.before, "after": said.after}
    venue = next(stretch[2] for stretch in (said.after, said.before) if stretch is not None)
    sentence = sentences[said.kind].format(
        title=said.title,
        session=said.session,
        room=said.room,
        venue=venue,
        zone=zone,
        **{name: _clock(stretch, venue) for name, stretch in stretches.items()},
        **{f"{name}_here": _clock(stretch, zone) for name, stretch in stretches.items()},
    )
    return f"{sentence}\n{said.note}" if said.note else sentence


def _clock(stretch: Stretch | None, zone: str) -> str:
    if stretch is None:
        return ""
    start, end = local(stretch[0], zone), local(stretch[1], zone)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M}–{until}"
