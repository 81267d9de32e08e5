"""Completes the OpenAPI document: what each field means, in which unit, and an example of every body and answer."""

from typing import Any

from api.web.meanings import EXAMPLES, TEXTS

Schema = dict[str, Any]
_UNITS = ("seconds", "minutes")
_SEEN = "Seen"
_KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
_INSTANT = "2022-06-13T08:00:00Z"


def explain(document: dict[str, Any]) -> None:
    """Adds what the document lacks; what a model or a route says of itself stays."""
    schemas: dict[str, Schema] = document["components"]["schemas"]
    for model, schema in schemas.items():
        for field, told in schema.get("properties", {}).items():
            if text := _text(model, field, told):
                told["description"] = text
    for methods in document["paths"].values():
        for operation in methods.values():
            _show(operation, schemas)


def _text(model: str, field: str, told: Schema) -> str:
    """What a field means, with its unit; instants say that they are in UTC."""
    text = str(told.get("description") or _named(TEXTS, model, field) or "")
    for unit in _UNITS:
        if unit in field and unit not in text.lower():
            text = f"{text} In {unit}.".strip()
    return text or ("An instant in UTC." if _is_instant(told) else "")


def _show(operation: dict[str, Any], schemas: dict[str, Schema]) -> None:
    """Examples of its body and of what it answers; its parts of the address."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            parameter.setdefault("description", "A code or an id." if parameter["name"] == "code" else "An id.")
    contents = [operation.get("requestBody", {}).get("content", {})]
    contents += [told.get("content", {}) for status, told in operation["responses"].items() if status.startswith("2")]
    for content in contents:
        for media, body in content.items():
            if media == "application/json" and "example" not in body and "examples" not in body:
                body["example"] = _example(body.get("schema", {}), schemas)


def _example(schema: Schema, schemas: dict[str, Schema], model: str = "", field: str = "") -> Any:
    shown = _shown(schema, model, field)
    if shown is not _NONE:
        return _whole(shown, schema)
    if "$ref" in schema:
        model = schema["$ref"].rpartition("/")[2]
        return _example(schemas[model], schemas, model)
    if "anyOf" in schema or "oneOf" in schema:
        return _example((schema.get("anyOf") or schema["oneOf"])[0], schemas, model, field)
    if schema.get("type") == "array":
        return [_example(schema.get("items", {}), schemas, model, field)]
    if schema.get("type") == "object":
        fields = schema.get("properties", {})
        return {name: _example(fields[name], schemas, model, name) for name in _told(schema)}
    return (
        _INSTANT if _is_instant(schema) else {"integer": 1, "boolean": False, None: {}}.get(schema.get("type"), field)
    )


def _whole(shown: Any, schema: Schema) -> Any:
    """An example with what it needs and lacks as null: the framework drops nulls from what a model shows."""
    if not isinstance(shown, dict):
        return shown
    return {**{name: None for name in schema.get("required", ()) if name not in shown}, **shown}


def _told(schema: Schema) -> list[str]:
    """The fields that an example has: all of an answer; of a body what it needs, else its first and the version."""
    fields = list(schema.get("properties", {}))
    if schema.get("additionalProperties") is not False:
        return fields
    return schema.get("required") or [name for name in fields if name in {fields[0], "expected_version"}]


_NONE = object()


def _shown(schema: Schema, model: str, field: str) -> Any:
    """An example that somebody wrote, or a value that the schema names; `_NONE` where there is neither."""
    for wrote in (_named(EXAMPLES, model, field, _NONE), *schema.get("examples", ())[:1]):
        if wrote is not _NONE and _fits(wrote, schema):
            return wrote
    if "const" in schema:
        return schema["const"]
    return schema["enum"][0] if "enum" in schema else _NONE


def _fits(value: Any, schema: Schema) -> bool:
    """Whether a value is of the kind; references are looked into by who follows them."""
    if "anyOf" in schema:
        return any(_fits(value, each) for each in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    if "$ref" in schema:
        return isinstance(value, dict)
    kind = schema.get("type")
    return kind is None or (isinstance(value, _KINDS[kind]) and isinstance(value, bool) == (kind == "boolean"))


def _named(table: dict[str, Any], model: str, field: str, lacking: Any = None) -> Any:
    """What a table has for the field of this model, else for fields of that name. `ListSeen` is a `ListView`."""
    seen = f"{model.removesuffix(_SEEN)}View" if model.endswith(_SEEN) else model
    return table.get(f"{seen}.{field}", table.get(field, lacking))


def _is_instant(schema: Schema) -> bool:
    return any(each.get("format") == "date-time" for each in (schema, *schema.get("anyOf", ())))
