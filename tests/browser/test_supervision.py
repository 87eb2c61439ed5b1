"""A supervisor's month and an administrator's round in the browser: seen, used, counted in acts."""

import pytest

from app.core.codes import Role
from tests.browser.visits import Way
from tests.support.answering import in_days
from tests.support.casework import V1, took
from tests.support.factories import INDUSTRY, PARK, find

GOVERNMENT = "zhengzhou-government"
CLAIM = f"/supervision/recommendations/{PARK}"
PAPER = "市委办〔2026〕3号"
HALF = ".half"


@pytest.fixture
def handled(register):
    """Let industry be late with a reply, say why, and claim that the park is there."""
    office = register.caller(Role.OFFICE_EDITOR, office=INDUSTRY)
    dispatcher = register.caller(Role.DISPATCHER)
    park = find(office)
    path = f"{V1}/recommendations/{park['id']}"
    long_ago = in_days(-200)
    given = {"office": INDUSTRY, "role": "lead", "on": str(long_ago), "paper": PAPER}
    case = took(dispatcher.post(f"{V1}/proposals/{park['proposal']['id']}/assignments", given))
    at = f"{V1}/assignments/{case['id']}"
    received = {"to": "received", "on": str(long_ago), "paper": PAPER}
    took(office.post(f"{at}/transitions", received, case["version"]))
    why = {"text": "用地手续未办结", "done_by": str(in_days(30))}
    took(office.post(f"{at}/explanations", why))

    def step(place, **body):
        took(office.post(f"{path}/{place}", body, office.get(path).get_json()["version"]))

    step("transitions", axis="progress", to="in_progress")
    evidence = [{"title": "竣工报告", "url": "https://example.org/done"}]
    step("transitions", axis="progress", to="implemented", evidence=evidence)
    return case


@pytest.fixture
def watcher(page, register, handled, sign_in):
    """Give the page of a supervisor who has signed in, where something is late and claimed."""
    sign_in(page, register.key(Role.SUPERVISOR, office=GOVERNMENT))
    return page


def test_a_claim_is_verified_in_two_acts_from_where_it_waits(watcher, acts, axe, picture):
    watcher.goto("/supervision")
    axe(watcher)
    picture(watcher, "supervision")
    acts.begin()
    watcher.locator(f"a[href='{CLAIM}']").click()
    watcher.locator("button[value=verified]").wait_for()
    axe(watcher)
    picture(watcher, "claim")
    watcher.locator("button[value=verified]").click()
    watcher.locator(".notice").wait_for()
    assert acts.number == 2
    assert not watcher.locator(f"section[aria-labelledby=verify] a[href='{CLAIM}']").count()


def test_an_office_is_pressed_beside_the_reason_it_gave(watcher, acts):
    watcher.goto("/supervision")
    assert "用地手续未办结" in watcher.locator("main").inner_text()
    watcher.locator("input[name=cases]").check()
    watcher.locator("[name=text]").fill("请说明何时答复")
    watcher.locator("[name=answer_by]").fill(str(in_days(10)))
    watcher.locator("fieldset button").first.click()
    watcher.locator(".notice").wait_for()
    assert "请说明何时答复" in watcher.locator("main").inner_text()


def test_the_report_of_the_month_is_one_act_away_and_fits_one_sheet(watcher, acts, axe, picture):
    watcher.goto("/supervision")
    acts.begin()
    watcher.locator("a[href='/supervision/month']").click()
    watcher.locator(".pictures img").last.wait_for()
    assert acts.number == 1
    axe(watcher)
    picture(watcher, "month")
    sheet = watcher.pdf(format="A4")
    assert sheet.count(b"/Type /Page\n") + sheet.count(b"/Type /Page ") == 1


def test_each_number_of_the_month_leads_to_a_list_that_has_as_many(watcher):
    watcher.goto("/supervision/month")
    links = watcher.locator(".month tbody tr:first-child td a").all()
    for number, address in [(one.inner_text(), one.get_attribute("href")) for one in links]:
        watcher.goto(address)
        assert number in watcher.locator("main").inner_text(), address


PLACES = ("", "/accounts", "/accounts/new", "/accounts/several", "/keys", "/approvals", "/rules")


@pytest.mark.parametrize("way", [Way(), Way(size="small")], ids=str)
@pytest.mark.parametrize("place", PLACES, ids=lambda own: own or "overview")
def test_administration_can_be_used_by_all(page, register, sign_in, axe, picture, place):
    sign_in(page, register.key(Role.SECURITY_ADMIN))
    page.goto(f"/administration{place}")
    axe(page)
    picture(page, f"administration{place}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_two_administrators_make_an_account_and_its_holder_signs_in(
    open_page, page, register, sign_in, way, axe
):
    sign_in(page, register.key(Role.SECURITY_ADMIN, name="甲"))
    page.goto("/administration/accounts/new")
    page.locator("[name=name]").fill("市政务平台")
    page.locator("[name=roles][value=reader]").check()
    page.locator("summary").click()
    page.locator("[name='key.scopes'][value=read]").check()
    page.locator("main form.stacked button").click()
    first = page.locator(HALF).inner_text()
    axe(page)
    other = open_page(register, way)
    sign_in(other, register.key(Role.SECURITY_ADMIN, name="乙"))
    other.goto("/administration/approvals")
    other.locator("article a").click()
    axe(other)
    other.locator("button[value=approve]").click()
    second = other.locator(HALF).inner_text()
    holder = open_page(register, way)
    holder.goto("/sign-in/exchange")
    holder.locator("[name='halves.0']").fill(first)
    holder.locator("[name='halves.1']").fill(second)
    holder.locator("main form button").click()
    assert holder.locator(".secret code").inner_text().startswith("prk_")
    holder.goto("/")
    holder.locator("form[action='/sign-out']").wait_for()


def test_an_auditor_reads_the_audit(page, register, sign_in, axe, picture):
    sign_in(page, register.key(Role.AUDITOR))
    page.goto("/administration/audit")
    axe(page)
    picture(page, "audit")
