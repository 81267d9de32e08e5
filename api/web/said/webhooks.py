"""What may be said of webhooks, by programs and by forms."""

from typing import Annotated

from pydantic import Field

from api.web.shapes import Reference, Shape, Url

_KIND = r"^[a-z][a-z-]{0,40}(\.[a-z][a-z-]{0,40})?$"
Kind = Annotated[str, Field(pattern=_KIND, examples=["meeting.moved", "inscription"])]


class NewWebhookIn(Shape):
    """Where to tell of which changes."""

    url: Url
    kinds: list[Kind] = Field(
        default_factory=list,
        max_length=50,
        description="Kinds of journal entries, or nouns for all of theirs (`meeting`). None: all.",
    )
    session: Annotated[Reference | None, Field(description="Only what happens in it. Null: everything.")] = None
