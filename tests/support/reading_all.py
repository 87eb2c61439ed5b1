"""Reads with a generated client all that the contract lets one read, and prints the operations.

A program of its own, run beside the client: `python reading_all.py CONTRACT MAKER`. API is the
address of a register; KEYS are keys for it, tried one after the other, with blanks between: what
one of them was given is not asked for with the next. Of each list the first records are read one
by one. It ends with an error where an answer cannot be read into the client's types.
"""

import importlib
import json
import os
import re
import sys

FEW = 3
NEEDED = {"search": {"q": "算力"}}
"""Operation → what it is not answered without."""

REFUSED = object()
"""Stands for an answer that was a problem document."""


def snake(name):
    """Return *name* as the generators write it in Python."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def with_pydantic(key):
    """Return a function that asks by the client of openapi-generator."""
    made = importlib.import_module("register_client")
    client = made.ApiClient(made.Configuration(host=os.environ["API"], access_token=key))

    def ask(tag, operation, **path):
        try:
            return getattr(getattr(made, f"{tag}Api")(client), snake(operation))(**path)
        except made.ApiException as refusal:
            made.Problem.from_json(refusal.body)
            return REFUSED

    return ask


def with_attrs(key):
    """Return a function that asks by the client of openapi-python-client."""
    name = "proposal_register_client"
    made = importlib.import_module(name)
    problem = importlib.import_module(f"{name}.models").Problem
    client = made.AuthenticatedClient(base_url=os.environ["API"], token=key)

    def ask(tag, operation, **path):
        module = importlib.import_module(f"{name}.api.{snake(tag)}.{snake(operation)}")
        answer = module.sync(client=client, **path)
        assert answer is not None, f"{operation} {path}: no answer that the client knows"
        return REFUSED if isinstance(answer, problem) else answer

    return ask


def read_all(document, ask, found, known):
    """Yield the operations that gave something: lists first, then what lies below each record.

    *found* holds the records of each list, *known* are operations that need not be asked again.
    """
    readings = [
        (path, item["get"])
        for path, item in document["paths"].items()
        if "get" in item
        and "servers" not in item  # what is not under the address of the API
        and not path.endswith(".svg")
    ]
    for path, operation in sorted(readings, key=lambda one: one[0].count("{")):
        name, tag = operation["operationId"], operation["tags"][0].capitalize()
        if name in known and found.get(path, True):  # a list that was empty may not be for others
            continue
        if "{" not in path:
            answer = ask(tag, name, **NEEDED.get(name, {}))
            found[path] = getattr(answer, "items", None) or found.get(path, [])
            if answer is not REFUSED:
                yield name
        elif path.count("{") == 1:
            before, argument = re.match(r"(.*)/\{(\w+)\}", path).groups()
            field = "id" if argument.endswith("_id") or argument == "figure" else "slug"
            for record in found.get(before, [])[:FEW]:
                if ask(tag, name, **{argument: getattr(record, field)}) is not REFUSED:
                    yield name


def main():
    """Read with each key, and print what was read."""
    contract, maker = sys.argv[1:]
    with open(contract, encoding="utf-8") as file:
        document = json.load(file)
    ways = {"pydantic": with_pydantic, "attrs": with_attrs}
    found, read = {}, set()
    for key in os.environ["KEYS"].split():
        read.update(read_all(document, ways[maker](key), found, frozenset(read)))
    print("\n".join(sorted(read)))


if __name__ == "__main__":
    main()
