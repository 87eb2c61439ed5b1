"""The words of the field are those of the code, and a name means one thing."""

import ast
import re

import pytest

from app.core.config import ROOT
from tools.house import where_defined

ROWS = re.findall(
    r"^\| ([^|]+) \| ([^|]+) \| `(\w+)` \|$", (ROOT / "docs/glossary.md").read_text(), re.M
)
FILES = sorted((ROOT / "app").rglob("*.py"))
WORDS = set(re.findall(r"\w+", "\n".join(path.read_text() for path in FILES)))
CHINESE = re.compile(r"[\u4e00-\u9fff]")

SAME_EVERYWHERE = {"listed", "record", "one", "move", "by_reference", "visible_id"}
"""Names that mean the same of each kind of record: its list, the record, one row, its step."""

MOST = 4
"""In how many modules one name of a function may stand; a class stands in one."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[2])
def test_each_word_of_the_glossary_is_one_of_the_code(row):
    zh, en, code = row
    assert CHINESE.search(zh)
    assert not CHINESE.search(en)
    assert code in WORDS


def test_the_glossary_is_read():
    assert len(ROWS) > 50
    assert len({zh for zh, _, _ in ROWS}) == len(ROWS)


def test_no_two_classes_are_called_alike():
    assert {name: at for name, at in where_defined(ast.ClassDef).items() if len(at) > 1} == {}


def test_no_name_of_a_function_means_many_things():
    many = {name: at for name, at in where_defined(ast.FunctionDef).items() if len(at) > MOST}
    assert many.keys() <= SAME_EVERYWHERE, many
