"""An office tags a recommendation on its desk; who may not sees no form."""

import pytest

from tests.support.casework import V1, took, version_of
from tests.support.factories import DATA, PARK, find

pytestmark = pytest.mark.usefixtures("today")
IT = f"/desk/recommendations/{PARK}"
TAGS = f"{IT}/tags"
NAMED = "算力中心、元宇宙"


def slugs(caller):
    """Return the slugs of the tags that the recommendation has."""
    return {tag["slug"] for tag in find(caller)["tags"]}


def tag_by(caller, **body):
    """Change the tags of the recommendation as *caller*, over HTTP."""
    path = f"{V1}/recommendations/{find(caller)['id']}"
    took(caller.post(f"{path}/tags", body, version_of(caller, path)))


def values_of(reader, name):
    """Return what is ticked or typed under *name* in the form for tags."""
    return [own for key, own in reader.form(TAGS)["fields"] if key == name]


def test_an_office_adds_tags_by_name_and_takes_off_its_own(people, callers):
    before = slugs(callers["auditor"])
    clerk = people("data")  # which has no part in the recommendation
    clerk.get(IT)
    clerk.submit(TAGS, add=NAMED, note="按园区的算力配套")
    assert clerk.status == 200, clerk.page.text
    assert "标签已更新" in clerk.page.text
    assert "按园区的算力配套" in clerk.page.text  # in what happened
    more = {"computing-power-center", "metaverse"}
    assert slugs(callers["auditor"]) == before | more
    clerk.submit(TAGS, remove=sorted(more))
    assert slugs(callers["auditor"]) == before


def test_what_its_words_suggest_is_a_box_to_tick(people, callers, lead):
    tag_by(callers["registrar"], remove=["ai-industrial-park"])
    clerk = people("industry")
    clerk.get(IT)
    assert "人工智能产业园区 词：" in clerk.page.text
    assert "ai-industrial-park" not in values_of(clerk, "suggested")  # nothing is ticked yet
    clerk.submit(TAGS, suggested=["ai-industrial-park"])
    assert clerk.status == 200, clerk.page.text
    assert "ai-industrial-park" in slugs(callers["auditor"])
    assert "人工智能产业园区 词：" not in clerk.page.text


def test_the_office_that_has_it_takes_off_what_another_added(people, callers, lead):
    tag_by(callers["data"], add=["metaverse"])
    clerk = people("industry")
    clerk.get(IT)
    clerk.submit(TAGS, remove=["metaverse"])
    assert clerk.status == 200, clerk.page.text
    assert "metaverse" not in slugs(callers["auditor"])


def test_a_tag_of_another_office_stays_and_why_stands_at_the_field(people, callers):
    tag_by(callers["industry"], add=["metaverse"])
    clerk = people("data")
    clerk.get(IT)
    clerk.submit(TAGS, remove=["metaverse"], add="算力中心", note="另有安排")
    assert clerk.status == 403
    shown = clerk.response.get_data(as_text=True)
    assert 'id="error-tag-remove"' in shown
    assert 'href="#field-tag-remove"' in shown
    assert "metaverse" in slugs(callers["auditor"])
    assert values_of(clerk, "remove") == ["metaverse"]
    assert values_of(clerk, "add") == ["算力中心"]
    assert values_of(clerk, "note") == ["另有安排"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [("算力中心、没有的标签", "没有这些标签：没有的标签"), ("园" * 101, "100")],
    ids=["unknown", "too long"],
)
def test_a_name_that_is_no_tag_is_told_at_the_field(people, callers, typed, told):
    before = slugs(callers["auditor"])
    clerk = people("data")
    clerk.get(IT)
    clerk.submit(TAGS, add=typed)
    assert clerk.status == 422
    shown = clerk.response.get_data(as_text=True)
    assert 'id="error-tag-add"' in shown
    assert 'href="#field-tag-add"' in shown
    assert told in clerk.page.text
    assert values_of(clerk, "add") == [typed]
    assert slugs(callers["auditor"]) == before


def test_nothing_ticked_is_told(people):
    clerk = people("data")
    clerk.get(IT)
    clerk.submit(TAGS, note="没有勾选")
    assert clerk.status == 422
    assert "没有勾选或填写标签" in clerk.page.text
    assert values_of(clerk, "note") == ["没有勾选"]


def test_a_newer_version_is_shown_beside_what_was_typed(people, callers):
    clerk = people("data")
    clerk.get(IT)
    tag_by(callers["industry"], add=["metaverse"])
    clerk.submit(TAGS, add="算力中心")
    assert clerk.status == 412
    now = clerk.page.text.partition("现在登记的标签是：")[2].partition("现有标签")[0]
    assert "元宇宙" in now
    assert values_of(clerk, "add") == ["算力中心"]
    clerk.submit(TAGS)  # looked at, and sent once more
    assert clerk.status == 200, clerk.page.text
    assert {"metaverse", "computing-power-center"} <= slugs(callers["auditor"])


def test_it_is_done_in_english_too(people, callers):
    clerk = people("data", "en")
    clerk.get(IT)
    assert "Its tags now; tick those to take off" in clerk.page.text
    clerk.submit(TAGS, add="Metaverse")
    assert "The tags are changed." in clerk.page.text
    assert "metaverse" in slugs(callers["auditor"])


def test_a_supervisor_tags_as_well(people, callers):
    staff = people("supervisor")
    staff.get(IT)
    staff.submit(TAGS, add="元宇宙")
    assert "metaverse" in slugs(callers["auditor"])


@pytest.mark.parametrize("who", ["auditor", "dispatcher"])
def test_who_may_not_tag_sees_its_tags_and_no_form(people, who):
    staff = people(who)
    staff.get(IT)
    assert staff.status == 200
    assert "标签：" in staff.page.text
    assert "/tags/ai-industrial-park" in staff.page.links
    assert TAGS not in [form["action"] for form in staff.page.forms]


def test_a_key_that_only_reads_sees_no_form(signed_in):
    reader = signed_in("reader", office=DATA)
    reader.get(IT)
    assert reader.status == 200
    assert TAGS not in [form["action"] for form in reader.page.forms]


def test_the_reports_form_leads_to_it(people, lead):
    clerk = people("industry")
    clerk.get("/desk")
    assert "/desk/reports" in clerk.page.links
    clerk.get("/desk/reports")
    assert IT in clerk.page.links
    clerk.get(IT)
    assert TAGS in [form["action"] for form in clerk.page.forms]


def test_the_public_page_leads_whoever_may_tag_to_the_form(people, reader):
    leads = f"{IT}#tagging"
    clerk = people("data")
    for one in (clerk, people("auditor"), reader):
        one.get(f"/recommendations/{PARK}")
        assert one.status == 200
        assert (leads in one.page.links) == (one is clerk)
