"""Accounts pasted from a sheet: lines become rows of the form, to be looked at and corrected."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from app.console.calls import Refusal
from app.console.forms import Form
from app.console.pages import say
from app.console.paging import ReadOn, read_on
from app.core.codes import Role
from app.core.types import Values

SHEET, ROWS = "sheet", "accounts"
"""The field into which lines are pasted, and the rows of the form that they fill."""

COLUMNS = ("name", "office", "roles")
"""What the cells of a line are, where no line of headings says otherwise."""

HEADINGS = {
    "name": ("名称", "姓名", "账户", "账户名称", "账号", "用户名", "name", "account"),
    "office": ("单位", "单位名称", "承办单位", "所在单位", "部门", "office", "organization"),
    "roles": ("角色", "岗位", "权限", "role", "roles"),
    "": ("序号", "编号", "no", "no."),
}
"""What people write over the columns of a sheet; what stands under the last is left out."""

SHORT_WORDS = {"经办人": Role.OFFICE_EDITOR, "负责人": Role.OFFICE_HEAD}
"""What offices call their roles in their own sheets."""

BETWEEN_CELLS = re.compile(r"[,，]")
BETWEEN_ROLES = re.compile(r"[,，、;；/|]")


@dataclass(frozen=True)
class PastedAccount:
    """A line of a sheet: the cells of one account."""

    name: str
    office: str
    roles: Sequence[str]


@dataclass
class Filling:
    """The form as it is filled: its values, and what was not understood, by the field."""

    values: MultiDict[str, str]
    errors: list[Values] = field(default_factory=list)

    def add(self, name: str, message: object) -> None:
        """Note that something is wrong with the field *name*."""
        self.errors.append({"field": name, "message": message})


def filled(form: Form, most: int) -> Form:
    """Return *form* with the pasted lines in its rows, *most* at most; nothing is made of them.

    What is not understood of a line is said at its row, and lines that have no room stay pasted.
    """
    values = MultiDict(form.values)
    lines, columns = lines_in(form.text(SHEET) or "")
    filling = Filling(values)
    free = free_rows(form, most)
    room, rest = lines[: len(free)], lines[len(free) :]
    offices = read_on("listOrganizations", is_office=True) if room else ReadOn([], None)
    for number, line in zip(free, room, strict=False):
        fill_row(filling, number, account_in(line, columns), offices)
    values[SHEET] = "\n".join(rest)
    if not lines:
        filling.add(SHEET, say("没有粘贴任何行。", "No line was pasted."))
    elif rest:
        filling.add(SHEET, no_room(most, len(rest)))
    return replace(form, values=values, refusal=not_understood(filling, len(room)))


def no_room(most: int, left: int) -> object:
    """Return the sentence that *left* lines have no room in a form of *most* rows."""
    zh = f"一次最多 {most} 个账户，还有 {left} 行没有填入，留在框里。"
    return say(zh, f"{most} accounts at most; {left} lines stay here.")


def lines_in(sheet: str) -> tuple[list[str], Sequence[str]]:
    """Return the lines of a *sheet* without its headings, and what their columns are."""
    lines = [line for line in sheet.split("\n") if "".join(cells_of(line))]
    headings = [column_called(cell) for cell in cells_of(lines[0])] if lines else []
    known = set(headings)
    if "name" in known and (known & {"office", "roles"} or None not in known):
        return lines[1:], [one or "" for one in headings]
    return lines, COLUMNS


def column_called(cell: str) -> str | None:
    """Return what stands under a heading: "" for what is left out, None for no heading."""
    own = cell.casefold()
    if not own:
        return ""
    return next((column for column, words in HEADINGS.items() if own in words), None)


def cells_of(line: str) -> list[str]:
    """Return the cells of a *line*: between tabs where it has one, else between commas."""
    parts = line.split("\t") if "\t" in line else BETWEEN_CELLS.split(line)
    return [unquoted(part.strip()) for part in parts]


def unquoted(cell: str) -> str:
    """Return a *cell* without the quotation marks that a sheet puts around some."""
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        return cell[1:-1].replace('""', '"').strip()
    return cell


def account_in(line: str, columns: Sequence[str]) -> PastedAccount:
    """Return the account that a *line* is about; cells beyond the *columns* are of the last one."""
    found: dict[str, list[str]] = {}
    for number, cell in enumerate(cells_of(line)):
        found.setdefault(columns[min(number, len(columns) - 1)], []).append(cell)
    name, office = (" ".join(found.get(one, ())).strip() for one in ("name", "office"))
    roles = [one.strip() for cell in found.get("roles", ()) for one in BETWEEN_ROLES.split(cell)]
    return PastedAccount(name, office, [one for one in roles if one])


def free_rows(form: Form, most: int) -> list[int]:
    """Return the numbers of the rows, below *most*, into which nothing was typed."""
    used = {row.row for row in form.rows(ROWS) if row.text("name") or row.text("office")}
    return [number for number in range(most) if number not in used]


def fill_row(filling: Filling, number: int, pasted: PastedAccount, offices: ReadOn) -> None:
    """Put an account that was *pasted* into the row *number* of the form."""
    start = f"{ROWS}.{number}."
    filling.values[f"{start}name"] = pasted.name
    if not pasted.name:
        filling.add(f"{start}name", say("这一行没有名称。", "This line has no name."))
    filling.values[f"{start}office"] = office_found(filling, start, pasted.office, offices)
    known = {one: role_called(one) for one in pasted.roles}
    roles = list(dict.fromkeys(role for role in known.values() if role))
    filling.values.setlist(f"{start}roles", [str(role) for role in roles])
    for one in (word for word, role in known.items() if role is None):
        zh = f"没有叫“{one}”的角色，请在下面勾选。"
        filling.add(f"{start}roles", say(zh, f"There is no role “{one}”: tick one below."))


def office_found(filling: Filling, start: str, typed: str, offices: ReadOn) -> str:
    """Return the slug of the office called as *typed*; as it is where it is none or several."""
    if not typed:
        return ""
    found = slugs_called(typed, offices.rows)
    if len(found) == 1:
        return found[0]
    if found:
        zh = f"叫“{typed}”的单位有多个，请填简称：{'、'.join(found)}。"
        en = f"Several offices are called “{typed}”; write one of {', '.join(found)}."
    elif offices.is_whole:
        zh, en = f"没有叫“{typed}”的单位。", f"There is no office “{typed}”."
    else:
        number = len(offices.rows)
        zh = f"前 {number} 个单位里没有“{typed}”，请填单位的简称。"
        en = f"None of the first {number} offices is “{typed}”; write its short name."
    filling.add(f"{start}office", say(zh, en))
    return typed


def slugs_called(typed: str, offices: Sequence[Values]) -> list[str]:
    """Return the slugs of the offices whose slug is *typed*, else their name, else another name."""
    for names in (slugs_of, names_of_office, aliases_of):
        found = [str(one["slug"]) for one in offices if typed in names(one)]
        if found:
            return found
    return []


def slugs_of(office: Values) -> Iterator[str]:
    """Yield the slug of an *office*."""
    yield office["slug"]


def names_of_office(office: Values) -> Iterator[str]:
    """Yield the names of an *office* in both languages."""
    yield from (one for one in (office["name_zh"], office["name_en"]) if one)


def aliases_of(office: Values) -> Iterator[str]:
    """Yield the other names of an *office*."""
    yield from office["aliases"]


def role_called(typed: str) -> Role | None:
    """Return the role whose code or word in either language is *typed*; None for none."""
    own = typed.casefold()
    if own in SHORT_WORDS:
        return SHORT_WORDS[own]
    return next((role for role in Role if own in (role.value, *role.labels)), None)


def not_understood(filling: Filling, count: int) -> Refusal | None:
    """Return what is said of the lines that were not understood; None where all were."""
    if not filling.errors:
        return None
    zh = f"已填入 {count} 行，有 {len(filling.errors)} 处请核对。还没有申请任何账户。"
    en = f"{count} lines were filled in; look at {len(filling.errors)} places. Nothing was asked."
    document = {
        "title": say("请核对填入的内容", "Look at what was filled in"),
        "detail": say(zh, en),
        "errors": filling.errors,
    }
    return Refusal(422, document)
