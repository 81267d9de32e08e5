"""What may be said of bodies, by programs and by forms."""

from typing import Annotated

from pydantic import ConfigDict, Field

from api.web.shapes import UNSENT, CodeText, Line, LongText, Shape, Version


class BodyIn(Shape):
    """A new body."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "ahc", "name": "Ad Hoc Committee"}]})

    code: CodeText
    name: Line
    description: LongText | None = None


class BodyChange(Shape):
    """Changes to a body: what is absent stays, null clears."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "The Committee", "expected_version": 1}]})

    code: CodeText = UNSENT
    name: Line = UNSENT
    description: LongText | None = None
    expected_version: Annotated[Version | None, Field(description="The version that you read.")] = None
