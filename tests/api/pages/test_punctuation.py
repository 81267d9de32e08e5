from api.pages.punctuation import punctuated

TEMPLATE = (
    '<p>{{ city }}, {{ day }}{% if room %}; <b>{{ room }}</b>: {{ x }}{% endif %}. {{ items | join(", ") }}</p>'
    '<meta content="width=device-width, initial-scale=1"><a href="/{{ id }}.ics" title="{{ a }}, {{ b }}">c, d</a>'
)


def test_marks_between_values_are_those_of_the_language() -> None:
    assert punctuated(TEMPLATE, "ar") == (
        '<p>{{ city }}، {{ day }}{% if room %}؛ <b>{{ room }}</b>: {{ x }}{% endif %}. {{ items | join("، ") }}</p>'
        '<meta content="width=device-width, initial-scale=1"><a href="/{{ id }}.ics" title="{{ a }}، {{ b }}">c, d</a>'
    )
    assert punctuated(TEMPLATE, "zh").startswith(
        '<p>{{ city }}，{{ day }}{% if room %}；<b>{{ room }}</b>：{{ x }}{% endif %}。{{ items | join("，") }}</p>'
    )
    assert "</b>\u00a0: {{ x }}" in punctuated(TEMPLATE, "fr")


def test_english_is_left_as_it_is_written() -> None:
    assert punctuated(TEMPLATE, "en") == TEMPLATE
