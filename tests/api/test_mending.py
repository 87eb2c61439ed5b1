"""What offices wrote is mended by a further version; files follow what they prove."""

import json

import pytest

from tests.support.casework import V1, to, took, version_of, whole
from tests.support.factories import DATA, EDITOR, PARK, find, make_caller
from tests.support.files import content_of, proves, report, upload
from tests.support.papers import PDF
from tests.support.problems import told
from tests.support.replies import SENT, body, draft, move, rate, reply_of, send
from tests.support.trust import decide

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.one_database]


@pytest.fixture
def park(client):
    return f"{V1}/recommendations/{find(client, PARK)['id']}"


def withhold(caller, kind, number, reason="误写了个人信息"):
    content = {"kind": kind, "target_id": number, "reason": reason}
    return caller.post(f"{V1}/withholdings", content)


def reports_of(caller, park):
    return took(caller.get(f"{park}/reports"))["items"]


# -- further versions ------------------------------------------------------------------------------


def test_a_further_version_of_a_report_stands_beside_it_and_says_which_it_mends(
    callers, park, client, database
):
    first = took(report(callers, percent=20))
    later = took(report(callers, text="又有进展", percent=25))
    path = f"{park}/reports"
    mended = took(callers["industry"].post(path, {"text": "更正", "corrects": first["id"]}))
    shown = {row["id"]: row for row in reports_of(client, park)}
    assert shown.keys() == {first["id"], later["id"], mended["id"]}
    assert shown[first["id"]]["corrected_by"] == mended["id"]
    assert shown[mended["id"]]["corrects"] == first["id"]
    assert took(client.get(park))["percent"] == 25
    event = took(client.get(f"{park}/history?sort=-sequence&limit=1"))["items"][0]
    assert event["operation"] == "recommendation.report_corrected"
    assert event["changes"]["corrects"] == [None, first["sequence"]]
    assert str(first["sequence"]) in event["story_en"]
    whole(database)


def test_the_percentage_of_a_report_that_was_mended_counts_no_more(callers, park, client):
    took(report(callers, percent=10))
    wrong = took(report(callers, percent=29))
    assert took(client.get(park))["percent"] == 29
    content = {"text": "更正比例", "corrects": wrong["id"]}
    took(callers["industry"].post(f"{park}/reports", content))
    assert took(client.get(park))["percent"] == 10
    [row] = took(client.get(f"{V1}/recommendations?reference={PARK}"))["items"]
    assert row["percent"] == 10


@pytest.mark.parametrize("case", ["absent", "of another office", "mended already"])
def test_what_cannot_be_mended_is_said_of_its_field(case, callers, park, lead, client, database):
    first = took(report(callers))
    caller, number = callers["industry"], first["id"]
    if case == "absent":
        number = 10**9
    if case == "of another office":
        joint = {"office": DATA, "role": "joint"}
        took(caller.post(f"{park}/offices", joint, version_of(caller, park)))
        caller = callers["data"]
    if case == "mended already":
        took(caller.post(f"{park}/reports", {"text": "更正", "corrects": number}))
    told(caller.post(f"{park}/reports", {"text": "再更正", "corrects": number}), 422, "corrects")
    whole(database)


def test_a_further_version_reads_as_a_first_one_once_the_former_is_withheld(
    callers, park, client, database
):
    first = took(report(callers, text="张三已签字"))
    content = {"text": "已签字", "corrects": first["id"]}
    mended = took(callers["industry"].post(f"{park}/reports", content))
    took(withhold(callers["industry"], "report", first["id"]))
    [only] = reports_of(client, park)
    assert (only["id"], only["corrects"], only["withheld"]) == (mended["id"], None, None)
    told_of = took(client.get(f"{park}/history"))["items"]
    operations = [event["operation"] for event in told_of]
    assert "recommendation.report_corrected" not in operations
    assert operations.count("recommendation.reported") == 1
    assert "corrects" not in json.dumps(told_of)
    mine = {row["id"]: row for row in reports_of(callers["industry"], park)}
    assert mine[first["id"]]["corrected_by"] == mended["id"]
    assert mine[first["id"]]["withheld"]["reason"] == "误写了个人信息"
    told_office = took(callers["industry"].get(f"{park}/history?limit=200"))["items"]
    [event] = [one for one in told_office if one["operation"] == "withholding.created"]
    assert event["note"] == "误写了个人信息"
    whole(database)


def test_a_contact_and_a_rating_are_mended_by_further_versions(callers, lead, proposal, database):
    office, path = callers["industry"], f"{V1}/assignments/{lead['id']}"
    spoken = {"channel": "phone", "note": "误记"}
    first = took(office.post(f"{path}/contacts", spoken))["contacts"][0]
    again = {"channel": "visit", "note": "走访听取意见", "corrects": first["id"]}
    former, mended = took(office.post(f"{path}/contacts", again))["contacts"]
    assert (former["corrected_by"], mended["corrects"]) == (mended["id"], former["id"])
    told(office.post(f"{path}/contacts", again), 422, "corrects")
    send(callers, lead, proposal)
    [form] = took(rate(callers, lead, proposal))["evaluations"]
    assert rate(callers, lead, proposal).status_code == 409
    more = {"comment": "意见", "corrects": form["id"]}
    former, mended = took(rate(callers, lead, proposal, **more))["evaluations"]
    assert (former["corrected_by"], mended["corrects"]) == (mended["id"], former["id"])
    told(rate(callers, lead, proposal, **more), 422, "corrects")
    whole(database)


def test_the_text_of_a_reply_is_mended_by_its_next_version(callers, lead, proposal, client):
    send(callers, lead, proposal)
    took(move(callers["head"], lead, 1, "published"))
    first = took(reply_of(callers["industry"], lead))["id"]
    took(withhold(callers["industry"], "reply", first))
    assert reply_of(client, lead).status_code == 404
    took(draft(callers["industry"], lead, body(callers, proposal) | {"text": "更正后的答复"}))
    took(move(callers["dispatcher"], lead, 2, "checked"))
    took(move(callers["head"], lead, 2, "sent", **SENT))
    took(move(callers["head"], lead, 2, "published"))
    assert took(reply_of(client, lead, 2))["text"] == "更正后的答复"
    assert [row["number"] for row in took(client.get(f"{V1}/replies"))["items"]] == [2]


# -- who, and what is left -------------------------------------------------------------------------


def test_another_office_cannot_withhold_and_only_a_registrar_releases(callers, park, client):
    made = took(report(callers))
    assert withhold(callers["data"], "report", made["id"]).status_code == 403
    assert withhold(callers["dispatcher"], "report", made["id"]).status_code == 403
    assert withhold(callers["industry"], "report", 10**9).status_code == 422
    held = took(withhold(callers["industry"], "report", made["id"]))
    assert withhold(callers["registrar"], "report", made["id"]).status_code == 409
    path = f"{V1}/withholdings/{held['id']}/release"
    assert callers["head"].post(path, {"reason": "无误"}, 1).status_code == 403
    released = took(callers["registrar"].post(path, {"reason": "无误"}, 1))
    assert released["released_by"] == "测试人员"
    assert [row["id"] for row in reports_of(client, park)] == [made["id"]]
    assert callers["registrar"].post(path, {"reason": "无误"}, 2).status_code == 409


def test_public_answers_are_as_if_a_withheld_report_had_never_been(callers, park, client):
    took(report(callers, percent=5))
    places = ("", "/reports?with_total=true", "/history?with_total=true")
    lists = (f"{V1}/recommendations?reference={PARK}&with_total=true",)

    def public():
        shown = [took(client.get(place)) for place in (*(park + p for p in places), *lists)]
        return [without(one, {"version", "updated_at"}) for one in shown]

    before = public()
    made = took(report(callers, text="名单", percent=15))
    assert public() != before
    took(withhold(callers["industry"], "report", made["id"]))
    assert public() == before


def without(value, names):
    """Return *value* without the fields *names*, wherever they stand."""
    if isinstance(value, dict):
        return {name: without(one, names) for name, one in value.items() if name not in names}
    return [without(one, names) for one in value] if isinstance(value, list) else value


def test_an_answer_that_was_kept_for_repetition_is_given_no_more(callers, park, client, database):
    took(report(callers, text="CANARY 名单"))
    other = make_caller(client, database, *EDITOR, office="zhengzhou-finance")
    tags = took(client.get(f"{V1}/tags?limit=1"))["items"]
    tagging = {"add": [tags[0]["slug"]]}
    sent = {"If-Match": f'"v{version_of(other, park)}"', "Idempotency-Key": "kept"}
    first = other.post(f"{park}/tags", tagging, **sent)
    assert "CANARY" in first.text
    assert "CANARY" in other.post(f"{park}/tags", tagging, **sent).text
    [made] = reports_of(client, park)
    took(withhold(callers["industry"], "report", made["id"]))
    again = other.post(f"{park}/tags", tagging, **sent)
    assert again.status_code == 409
    assert "CANARY" not in again.text


def test_what_is_withheld_can_be_erased_by_two(callers, park, client, database):
    made = took(report(callers, text="身份证 410105199001011234"))
    took(withhold(callers["industry"], "report", made["id"]))
    registrar = callers["registrar"]
    words = {"words": "410105199001011234", "reason": "不得保留"}
    asked = registrar.post(f"{V1}/erasures", words)
    assert asked.status_code == 202
    second = make_caller(client, database, *("registrar",))
    took(decide(second, asked.get_json()))
    [mine] = reports_of(callers["industry"], park)
    assert mine["text"] == "（已删除）"
    assert mine["withheld"]
    assert reports_of(client, park) == []
    whole(database)


# -- files -----------------------------------------------------------------------------------------


def test_an_upload_is_internal_until_what_it_proves_is_published(callers, lead, proposal, client):
    office = callers["industry"]
    file = upload(office, proposal)
    assert (file["publication"], file["is_internal"]) == ("internal", False)
    content = body(callers, proposal) | {"attachments": proves(file)}
    took(to(office, lead, "replies", content))
    for who, target, more in (
        ("dispatcher", "checked", {}), ("head", "sent", SENT), ("head", "published", {})
    ):  # fmt: skip
        assert content_of(client, file).status_code == 404
        assert shown(office, file)["publication"] == "internal"
        took(move(callers[who], lead, 1, target, **more))
    assert shown(client, file)["publication"] == "published"
    assert content_of(client, file).get_data() == PDF


def shown(caller, file):
    return took(caller.get(f"{V1}/files/{file['id']}"))


def test_a_file_uploaded_to_stay_internal_does_whatever_it_proves(callers, lead, proposal, client):
    file = upload(callers["industry"], proposal, internal="true")
    took(report(callers, evidence=proves(file)))
    assert shown(callers["industry"], file)["is_internal"] is True
    assert shown(callers["industry"], file)["publication"] == "internal"
    assert content_of(client, file).status_code == 404


def test_a_file_goes_with_a_withheld_report_and_comes_back_with_its_further_version(
    callers, park, lead, proposal, client, database
):
    office, file = callers["industry"], upload(callers["industry"], proposal)
    first = took(report(callers, text="张三的报告", evidence=proves(file)))
    assert content_of(client, file).status_code == 200
    took(withhold(office, "report", first["id"]))
    assert content_of(client, file).status_code == 404
    assert shown(office, file)["publication"] == "internal"
    more = {"text": "报告", "corrects": first["id"], "evidence": proves(file)}
    took(office.post(f"{park}/reports", more))
    assert content_of(client, file).status_code == 200
    whole(database)


def test_the_same_content_under_another_name_is_withheld_too(
    callers, lead, proposal, client, database
):
    office = callers["industry"]
    files = [upload(office, proposal, f"{name}.pdf") for name in ("名单", "名单（副本）")]
    took(report(callers, evidence=[*proves(files[0]), *proves(files[1], "副本")]))
    held = took(withhold(office, "file", files[0]["id"]))
    assert [content_of(client, file).status_code for file in files] == [404, 404]
    listed = took(office.get(f"{V1}/withholdings?is_released=false"))["items"]
    assert {row["target_id"] for row in listed} == {file["id"] for file in files}
    assert {row["reason"] for row in listed} == {held["reason"]}
    whole(database)


def test_a_newer_file_goes_with_the_report_that_the_older_one_proved(
    callers, park, lead, proposal, client
):
    office, older = callers["industry"], upload(callers["industry"], proposal)
    made = took(report(callers, evidence=proves(older)))
    newer = upload(office, proposal, content=PDF + b"%2", supersedes=older["reference"])
    assert content_of(client, newer).status_code == 200
    took(withhold(office, "report", made["id"]))
    assert [content_of(client, one).status_code for one in (older, newer)] == [404, 404]
