"""The JSON Schema of a description, for editors and other programs."""

import json

from pydantic import BaseModel


def schema_text(model: type[BaseModel]) -> str:
    """Write a model's JSON Schema (draft 2020-12), ending in a line break."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
