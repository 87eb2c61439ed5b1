"""Which records hold the words that someone searches for, the same on both databases."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.core.canonical_json import canonical_json
from app.core.types import Condition, Expression, Values
from app.register.searching.models import INDEX
from app.register.searching.rules.search_folding import EVERYTHING, needed_grams
from app.register.searching.rules.search_words import Group, Searched, read_words


class GramsText(sa.TypeDecorator[Sequence[Group]]):
    """Groups of words as an expression over their grams, in the words of each database."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Group] | None, dialect: sa.Dialect) -> str | None:
        """Return what FTS5, or a tsquery, is asked for."""
        if value is None:
            return None
        both, one, gram, start = SYNTAX[dialect.name]
        groups = (
            one.join(
                f"({both.join((start if begins else gram).format(g) for g, begins in needed)})"
                for needed in map(needed_grams, group)
            )
            for group in value
        )
        return f"({both.join(f'({group})' for group in groups)}){one}{gram.format(EVERYTHING)}"


SYNTAX = {
    "sqlite": (" AND ", " OR ", '"{}"', '"{}"*'),
    "postgresql": (" & ", " | ", "'{}'", "'{}':*"),
}
"""How each database joins grams of which all are needed, those of which one is, and names a gram
and what one begins with. Folded words hold no mark that means anything in it."""


class WordsJson(sa.TypeDecorator[Sequence[object]]):
    """Groups of words, or words, as JSON."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[object] | None, dialect: sa.Dialect) -> str | None:
        """Return the JSON."""
        return None if value is None else canonical_json(value)


class InIndex(FunctionElement[bool]):
    """Whether the grams of a row of the index meet an expression: it is a candidate.

    These elements are of no type: of a boolean one SQLite would be asked whether it equals 1, and
    would no longer look it up.
    """

    inherit_cache = True


class Candidates(FunctionElement[int]):
    """How many rows of the index are candidates, up to a number: not one more is looked at."""

    inherit_cache = True


class Holds(FunctionElement[bool]):
    """Whether a row's text holds one word of each group, and none of those that are left out."""

    inherit_cache = True


class Among(FunctionElement[bool]):
    """Whether a number is among those of a statement, which is always carried out first."""

    inherit_cache = True


STATEMENTS = {
    (InIndex, "sqlite"): "searched_texts.id IN"
    " (SELECT rowid FROM searched_grams WHERE searched_grams MATCH {0})",
    (InIndex, "postgresql"): "array_to_tsvector(string_to_array(searched_texts.grams, ' '))"
    " @@ CAST({0} AS tsquery)",
    (Candidates, "sqlite"): "(SELECT count(*) FROM"
    " (SELECT 1 FROM searched_grams WHERE searched_grams MATCH {0} LIMIT {1}))",
    (Candidates, "postgresql"): "(SELECT count(*) FROM (SELECT 1 FROM searched_texts WHERE"
    " array_to_tsvector(string_to_array(grams, ' ')) @@ CAST({0} AS tsquery) LIMIT {1})"
    " AS candidates)",
    (Holds, "sqlite"): "(NOT EXISTS (SELECT 1 FROM json_each({0}) AS sought WHERE NOT EXISTS"
    " (SELECT 1 FROM json_each(sought.value) AS word WHERE instr(searched_texts.text, word.value)))"
    " AND NOT EXISTS"
    " (SELECT 1 FROM json_each({1}) AS word WHERE instr(searched_texts.text, word.value)))",
    (Holds, "postgresql"): "(searched_texts.text ~ ALL (ARRAY(SELECT array_to_string(ARRAY("
    "SELECT jsonb_array_elements_text(sought)), '|')"
    " FROM jsonb_array_elements(CAST({0} AS jsonb)) AS sought)) AND searched_texts.text"
    " !~ ALL (ARRAY(SELECT jsonb_array_elements_text(CAST({1} AS jsonb)))))",
    (Among, "sqlite"): "{0} IN {1}",
    (Among, "postgresql"): "{0} = ANY (ARRAY{1})",
}
"""How each question is asked of each database. Folded words mean themselves in a pattern."""


@compiles(InIndex, "sqlite")
@compiles(InIndex, "postgresql")
@compiles(Candidates, "sqlite")
@compiles(Candidates, "postgresql")
@compiles(Holds, "sqlite")
@compiles(Holds, "postgresql")
@compiles(Among, "sqlite")
@compiles(Among, "postgresql")
def ask(element: FunctionElement[object], compiler: SQLCompiler, **words: object) -> str:
    """Return the statement of *element* for the database at hand."""
    asked = [compiler.process(clause, **words) for clause in element.clauses]
    return STATEMENTS[type(element), compiler.dialect.name].format(*asked)


class SoughtWords(NamedTuple):
    """The parameters of a search: its groups as an expression over grams, its words as JSON."""

    grams: Expression
    groups: Expression
    excluded: Expression


def parameters(name: str) -> SoughtWords:
    """Return the parameters of a statement that is built once: see words_of()."""
    groups, excluded = (sa.bindparam(f"{name}_{end}", type_=WordsJson()) for end in ("in", "not"))
    return SoughtWords(sa.bindparam(name, type_=GramsText()), groups, excluded)


def words_of(name: str, asked: Searched) -> Values:
    """Return the values of parameters() for what is *asked*."""
    return {name: asked.needed, f"{name}_in": asked.needed, f"{name}_not": asked.excluded}


def wanted(asked: Searched) -> SoughtWords:
    """Return what is *asked* as parameters with their values."""
    return SoughtWords(
        sa.bindparam(None, asked.needed, GramsText()),
        sa.bindparam(None, asked.needed, WordsJson()),
        sa.bindparam(None, asked.excluded, WordsJson()),
    )


def looked_up(kind: str, number: Expression, words: SoughtWords) -> Condition:
    """Return the condition that the record *number* of *kind* holds *words*, by the index."""
    of_kind = sa.func.coalesce(INDEX.c.kind, "") == kind  # so no other index is taken instead
    found = sa.select(INDEX.c.record_id).where(
        of_kind, InIndex(words.grams), Holds(words.groups, words.excluded)
    )
    return Among(number, found.scalar_subquery())


def looked_through(kind: str, number: Expression, words: SoughtWords) -> Condition:
    """Return the same condition, of one record after another as the list has them.

    That is faster where many hold the words, and a page is soon full.
    """
    own = sa.select(Holds(words.groups, words.excluded)).where(
        INDEX.c.kind == kind, INDEX.c.record_id == number
    )
    return own.scalar_subquery() == sa.true()


def by_words(kind: str, number: Expression) -> Callable[[str], Condition]:
    """Return the condition on the record *number* of *kind* for what someone searches for."""
    return lambda text: looked_up(kind, number, wanted(read_words(text)))


MANY = 5_000
"""Candidates from which on a list is rather looked through in its order."""


def are_many(session: Session, asked: Searched) -> bool:
    """Return whether the index has MANY candidates or more for what is *asked*."""
    grams = sa.bindparam(None, asked.needed, GramsText())
    return session.scalar(sa.select(Candidates(grams, sa.literal(MANY)))) == MANY
