"""Every reading of the contract, with every parameter that can be filled: what a reader may fetch.

Made from the contract, so that an operation, a filter or an expansion that comes later is swept
too. A path with a part that is not known here fails, until it is said what to put there.
"""

from itertools import product
from urllib.parse import quote

from app.accounts.rules.operation_access import ACCESS, Audience

ALL_AT_ONCE = ("fields", "expand")
"""Parameters of a query that name parts of an answer: all of them are asked for together."""


class Sweep:
    """Asks for all that can be read.

    *parts* are values for parts of paths, *values* for filters that take no word of a list.
    """

    def __init__(self, document, parts, values):
        self.document, self.parts, self.values = document, parts, values

    def addresses(self, whole=True):
        """Yield every address; *whole* with each filter as well, otherwise once each."""
        for path, methods in self.document["paths"].items():
            if "get" not in methods:
                continue
            names = [part.partition("}")[0] for part in path.split("{")[1:]]
            parameters = [*methods["get"].get("parameters", []), *methods.get("parameters", [])]
            asked = []
            if whole and is_open(methods["get"]["operationId"]):
                asked = [text for one in parameters for text in self.filled(one)]
            for filled in product(*(self.parts[name] for name in names)):
                own = path.format(**dict(zip(names, filled, strict=True)))
                yield own
                yield from (f"{own}?{text}" for text in asked)

    def filled(self, parameter):
        """Yield what to ask for with one *parameter* of a query."""
        name = parameter.get("name")
        if parameter.get("in") != "query" or name in ("cursor", "limit"):
            return
        schema = self.known(parameter["schema"])
        schema = self.known(schema.get("items", schema))
        words = schema.get("enum") or schema.get("x-extensible-enum") or schema.get("examples")
        if name in self.values:
            found = self.values[name]
        elif schema.get("type") == "boolean":
            found = ("true", "false")
        elif words is not None:
            found = words
        elif schema.get("format") in ("date", "date-time"):
            found = self.values[schema["format"]]
        else:
            found = ()
        filled = [f"{name}={quote(str(value))}" for value in found]
        yield from ["&".join(filled)] if name in ALL_AT_ONCE else filled

    def known(self, schema):
        """Return *schema* itself, where it stands in the components."""
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for some in schema.get("anyOf", ()):
            if "enum" in some:
                return some
        return schema

    def read(self, caller, whole=True):
        """Return all that *caller* gets: address → answer. No answer is a fault."""
        answers = {place: caller.get(place) for place in self.addresses(whole)}
        faults = {place: a.status_code for place, a in answers.items() if a.status_code >= 500}
        assert faults == {}
        return answers


def is_open(operation):
    """Return whether someone without an account may call *operation*."""
    return operation not in ACCESS or ACCESS[operation].audience is not Audience.KEYED


def text_of(answer):
    """Return everything that stands in *answer*, headers too."""
    return f"{answer.get_data().decode(errors='replace')} {answer.headers}"


def holding(answers, word):
    """Return the addresses among *answers* at which *word* can be read.

    That an answer says again what was asked, in the addresses of its lists, tells nothing.
    """
    return {place for place, answer in answers.items() if word in told_at(place, answer)}


def told_at(place, answer):
    """Return everything that stands in the *answer* at *place*, but for its query once more."""
    text, (_, _, query) = text_of(answer), place.partition("?")
    for again in filter(None, (query, quote(query, safe=""))):
        text = text.replace(again, "")
    return text
