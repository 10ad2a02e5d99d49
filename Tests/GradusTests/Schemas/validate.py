"""Judges files by a JSON Schema: one line for each file, "ok" or what is wrong.

usage: validate.py [--closed] SCHEMA FILE...

A FILE ending in .yaml is read as YAML without dates, as editors read it. With --closed an object may hold nothing that the
schema does not name. A document with a `kind` is judged by the definition of that name, if there is one.
"""
import json
import sys

import jsonschema
import yaml


class Loader(yaml.SafeLoader):
    """YAML 1.2's truth values, and dates as texts."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile("^(true|false)$"), list("tf"))


def closed(schema):
    if isinstance(schema, dict):
        schema = {key: closed(value) for key, value in schema.items()}
        if "properties" in schema and "additionalProperties" not in schema and "type" in schema:
            schema["additionalProperties"] = False
    elif isinstance(schema, list):
        schema = [closed(item) for item in schema]
    return schema


def main(arguments):
    is_closed = arguments[0] == "--closed"
    arguments = arguments[is_closed:]
    with open(arguments[0], encoding="utf-8") as file:
        schema = json.load(file)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema", schema["$schema"]
    jsonschema.Draft202012Validator.check_schema(schema)
    if is_closed:
        schema["$defs"] = closed(schema["$defs"])
    for name in arguments[1:]:
        with open(name, encoding="utf-8") as file:
            document = yaml.load(file, Loader) if name.endswith(".yaml") else json.load(file)
        chosen = schema
        kind = document.get("kind") if isinstance(document, dict) else None
        if kind in schema.get("$defs", {}):
            chosen = {"$ref": "#/$defs/" + kind, "$defs": schema["$defs"]}
        errors = sorted(jsonschema.Draft202012Validator(chosen).iter_errors(document), key=lambda error: list(map(str, error.path)))
        print("ok" if not errors else "; ".join("/".join(map(str, error.path)) + ": " + error.message for error in errors)[:600].replace("\n", " "))


main(sys.argv[1:])
