"""The official schemas, and small towns with works to publish."""

import json

import jsonschema
import pytest
from referencing import Registry, Resource

_POSITION = {"type": "array", "minItems": 2, "items": {"type": "number"}}


def _geometry(kind, least):
    """A geometry as RFC 7946 has it: the official schemas only point at one on the web."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"enum": [kind]},
            "coordinates": {"type": "array", "minItems": least, "items": _POSITION},
        },
    }


@pytest.fixture(scope="session")
def feed_problems(shared_data):
    """A function that tells how a feed breaks the official WZDx 4.2 schemas."""
    folder = shared_data / "wzdx"
    if not folder.is_dir():
        pytest.skip("the official WZDx schemas are not beside the project")
    schemas = {
        f"https://geojson.org/schema/{kind}.json": _geometry(kind, least)
        for kind, least in (("LineString", 2), ("MultiPoint", 1))
    }
    for file in folder.glob("*.json"):
        schema = json.loads(file.read_text(encoding="utf-8"))
        schemas[schema["$id"]] = schema
    registry = Registry().with_resources(
        [(name, Resource.from_contents(schema)) for name, schema in schemas.items()]
    )
    (feed_schema,) = (schema for name, schema in schemas.items() if name.endswith("/WorkZoneFeed.json"))
    validator = jsonschema.Draft7Validator(
        feed_schema, registry=registry, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    )
    return lambda feed: [f"{'/'.join(map(str, e.path))}: {e.message}" for e in validator.iter_errors(feed)]
