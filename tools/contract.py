"""Writes openapi/openapi.json from the code, with examples taken from the real seed records."""

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest import mock
from urllib.parse import quote

from app import create_app
from app.accounts.services.keys import add_key
from app.audit.signing import Signer
from app.core import clock
from app.core.codes import Role
from app.core.config import ROOT, Settings
from app.core.database import Database
from app.core.migrating import upgrade
from app.core.schemas.selection import selected
from app.http.contract.descriptions import finished, meanings
from app.http.requests import HTML
from app.http.uploads import BINARY, FORM
from app.seeding.files import read_seeds
from app.seeding.loader import SEEDER, load_seeds
from tools.rooted import rooted

TARGET = ROOT / "openapi" / "openapi.json"

LINES_TO = 3
"""How deep the file has a line for each name: to the operations and the schemas."""
START = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
PARK = "D002-P04-R12"
BASE = "/api/v1"
EVIDENCE = [{"title": "竣工验收报告", "url": "https://example.org/acceptance-report"}]


REPLY = {
    "text": "关于建设人工智能产业园建议的答复",
    "points": [
        {
            "recommendation": PARK,
            "text": "已列入年度重点项目计划。",
            "label": "B",
            "outcome": "planned",
            "promise": {"text": "年底前开工建设", "on": "2027-12-31"},
        }
    ],
}
COUNTERSIGNED = {"reply": "D002-P04-A02-V1", "agrees": True}


HOLDER = "holder"
"""Whoever exchanged the code of a new key, from then on."""

TICK = "TICK"
"""The method of what is no call: the reminders of a day fire."""


class Clock:
    """A clock that moves on by a second at each look, so that examples never change.

    With a *visit* its next look, and only that, is at that moment: `tick` looks first which day it
    is.
    """

    def __init__(self):
        self.now = START
        self.visit = None

    def __call__(self):
        if self.visit is not None:
            visit, self.visit = self.visit, None
            return visit
        self.now += timedelta(seconds=1)
        return self.now


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class Call(NamedTuple):
    """One call of the story; *seen* is the record whose version it says it has seen.

    A body of bytes is a file; one that is a function is made of the operations so far, each with
    its body and its answer.
    """

    operation: str | None
    method: str
    path: str
    who: str | None = None
    body: dict | bytes | Callable | None = None
    seen: str | None = None


class Played(NamedTuple):
    """What was sent to an operation, what it answered, and the headers of the answer."""

    body: object
    answer: object
    headers: dict


def reading(operation, path, who=None):
    """Return a call that reads."""
    return Call(operation, "GET", path, who)


def recommendation_story(ids):
    """Return the calls about one recommendation, from taking it on to its history."""
    one = f"{BASE}/recommendations/{ids['park']}"

    def change(operation, place, who, body):
        return Call(operation, "POST", f"{one}/{place}", who, body, one)

    def step(operation, who, to, **grounds):
        return change(operation, "transitions", who, {"axis": "progress", "to": to, **grounds})

    office = {"office": "zhengzhou-industry", "role": "lead", "due_on": "2027-06-30"}
    tagging = {"add": ["innovation-platforms"], "remove": [], "note": "园区同时建设创新平台"}
    report = {"text": "选址和控规已完成", "percent": 40, "evidence": []}
    bulk = {**tagging, "recommendations": [{"id": ids["other"], "version": 1}]}
    edit = {"due_on": "2027-09-30", "note": "按会议纪要更正"}
    return [
        reading("listRecommendations", f"{BASE}/recommendations?tag=ai-industrial-park&limit=2"),
        reading("search", f"{BASE}/search?q={quote('人工智能')}&limit=1&kind=proposal&expand=none"),
        change("takeOnRecommendation", "offices", "editor", office),
        step(None, "editor", "in_progress"),
        change("addReport", "reports", "editor", report),
        step("moveRecommendation", "editor", "implemented", evidence=EVIDENCE),
        step(None, "supervisor", "verified"),
        change("lookBackAtRecommendation", "look-backs", "supervisor",
               {"text": "园区运行正常，入驻企业12家", "evidence": []}),
        change("tagRecommendation", "tags", "editor", tagging),
        Call("editRecommendation", "PATCH", one, "admin", edit, one),
        reading("getRecommendation", one, "editor"),
        reading("getRecommendationHistory", f"{one}/history"),
        reading("listReports", f"{one}/reports"),
        Call("tagRecommendations", "POST", f"{BASE}/recommendations/tags", "editor", bulk),
    ]  # fmt: skip


def tag_story():
    """Return the calls about tags."""
    tag = {
        "slug": "pilot-zones",
        "name_zh": "试验区",
        "name_en": "Pilot zones",
        "definition": "国家和省级试验区的创建与建设。",
        "synonyms": ["先导区"],
        "broader": "industrial-policy",
    }
    one = f"{BASE}/tags/pilot-zones"
    synonyms = {"synonyms": ["先导区", "示范区"]}
    return [
        reading("listTags", f"{BASE}/tags?broader=industrial-parks&limit=2"),
        Call("createTag", "POST", f"{BASE}/tags", "admin", tag),
        Call("editTag", "PATCH", one, "admin", synonyms, one),
        Call(
            "endTag",
            "POST",
            f"{one}/end",
            "admin",
            {"into": "industrial-policy", "reason": "与产业政策重复"},
            one,
        ),
        Call(
            "splitTag",
            "POST",
            f"{BASE}/tags/metaverse/split",
            "admin",
            {
                "parts": [{"tag": "talent"}, {"tag": "computing-power", "words": ["算力"]}],
                "reason": "一个标签下有了两件事",
            },
            f"{BASE}/tags/metaverse",
        ),
        reading("getTag", f"{BASE}/tags/computing-power-center"),
        reading("getTagProgress", f"{BASE}/tags/metaverse/progress?months=1"),
        reading("getTagDossier", f"{BASE}/tags/ai-industrial-park/dossier?limit=1"),
        reading("getSearchDossier", f"{BASE}/dossier?q=元宇宙&limit=1"),
    ]


def master_data_story():
    """Return the calls about sessions and organizations."""
    sitting = {
        "slug": "zhengzhou-npc-16-2",
        "body": "zhengzhou-npc",
        "kind": "plenary",
        "name_zh": "郑州市第十六届人民代表大会第二次会议",
        "name_en": "Zhengzhou people's congress, 16th, second session",
        "term": 16,
        "meeting": 2,
        "starts_on": "2026-02-03",
        "ends_on": "2026-02-06",
    }
    office = {
        "slug": "zhengzhou-low-altitude",
        "kind": "department",
        "name_zh": "郑州市低空经济发展中心",
        "name_en": "Zhengzhou Low-Altitude Economy Center",
        "aliases": ["市低空中心"],
        "parent": "zhengzhou-government",
        "region_code": "410100",
        "is_office": True,
    }
    one, other = f"{BASE}/sessions/{sitting['slug']}", f"{BASE}/organizations/{office['slug']}"
    days = {"ends_on": "2026-02-07", "reason": "会期延长一天"}
    names = {"aliases": ["市低空中心", "低空经济中心"], "note": "补登简称"}
    return [
        Call("createSession", "POST", f"{BASE}/sessions", "admin", sitting),
        Call("editSession", "PATCH", one, "admin", days, one),
        Call("createOrganization", "POST", f"{BASE}/organizations", "admin", office),
        Call("editOrganization", "PATCH", other, "admin", names, other),
    ]


def reform_story():
    """Return the call that asks for a reform; nobody approves it."""
    reform = {
        "effective_on": "2026-01-05",
        "paper": "郑办〔2026〕1号",
        "renamed": [{"organization": "zhengzhou-data", "name_zh": "郑州市数据局"}],
        "ended": [{"organization": "zhengzhou-cyberspace", "successors": ["zhengzhou-data"]}],
        "reason": "机构改革方案已批准",
    }
    return [Call("reformOrganizations", "POST", f"{BASE}/reforms", "admin", reform)]


def mending_story(ids):
    """Return the calls that mend what a case asks."""
    case, other = f"{BASE}/proposals/{ids['split']}", f"{BASE}/recommendations/{ids['former']}"
    tagged = {"specificity": "directional", "tags": ["computing-power"]}
    asked = [
        {"summary_zh": "利用场景、低延迟和算力调度优势",
         "quotes": [{"text": "利用场景优势、低延迟优势、算力调度优势"}], **tagged},
        {"summary_zh": "打造具有郑州特色的算力之城",
         "quotes": [{"text": "打造出具有郑州特色的算力之城"}], **tagged},
    ]  # fmt: skip
    added = {
        "recommendations": asked,
        "replaces": ["D000-P09-R06"],
        "reason": "原文为两项，由两个单位分别办理",
    }
    relation = {"kind": "repeats", "other": "D002-P01-R18", "reason": "同一件事，再次提出"}
    return [
        Call("addRecommendations", "POST", f"{case}/recommendations", "admin", added, case),
        Call("relateRecommendation", "POST", f"{other}/relations", "admin", relation, other),
        Call("withdrawRecommendation", "POST", f"{other}/withdrawal", "admin",
             {"into": "D002-P01-R18", "reason": "两条说的是同一件事"}, other),
        Call("restoreRecommendation", "POST", f"{other}/restoration", "admin",
             {"reason": "两件事，误并"}, other),
    ]  # fmt: skip


def record_story(ids):
    """Return the calls about everything else."""
    proposal = f"{BASE}/proposals/{ids['proposal']}"
    document = f"{BASE}/documents/{ids['document']}"
    case_no = {"case_no": "2026-0321", "categories": ["economy"], "note": "补登案号"}
    marked = {"kind": "excellent", "given_by": "zhengzhou-npc", "paper": "郑人常〔2026〕5号"}
    return [
        reading("listProposals", f"{BASE}/proposals?document={ids['document']}&limit=1"),
        reading("getProposal", proposal),
        reading("getProposalHistory", f"{proposal}/history"),
        Call("editProposal", "PATCH", proposal, "admin", case_no, proposal),
        Call("markProposal", "POST", f"{proposal}/marks", "admin", marked, proposal),
        *mending_story(ids),
        Call("moveProposal", "POST", f"{BASE}/proposals/{ids['merged']}/transitions", "admin",
             {"to": "merged", "into": "D002-P04"}, f"{BASE}/proposals/{ids['merged']}"),
        reading("listDocuments", f"{BASE}/documents?limit=1"),
        reading("getDocument", document),
        reading("getDocumentText", f"{document}/text"),
        reading("listDocumentProposals", f"{document}/proposals?limit=1"),
        reading("listSessions", f"{BASE}/sessions?limit=1"),
        reading("getSession", f"{BASE}/sessions/national-lianghui-2024"),
        reading("getSessionLedger", f"{BASE}/sessions/zhengzhou-lianghui-industry/ledger"),
        reading("getOrganization", f"{BASE}/organizations/zhengzhou-industry"),
        reading("findReference", f"{BASE}/references/{PARK}"),
        reading("listOrganizations", f"{BASE}/organizations?is_office=true&limit=2"),
        reading("listFigures", f"{BASE}/figures"),
        reading("getFigurePicture", f"{BASE}/figures/funnel.svg"),
        reading("getFigure", f"{BASE}/figures/implementation_rate_broad?by=session"),
        reading("getVocabularies", f"{BASE}/vocabularies"),
        reading("getWorkflows", f"{BASE}/workflows"),
        reading("getMe", f"{BASE}/me", "editor"),
        reading("getLiveness", "/livez"),
    ]  # fmt: skip


DRAFT = {
    "kind": "npc_suggestion",
    "title": "关于加快算力中心建设的建议",
    "text": "关于加快算力中心建设的建议\n\n为此建议：\n一、加快建设郑州算力中心。\n",
    "session": "zhengzhou-lianghui-industry",
    "proposers": [
        {"proposer": "sun-hong", "role": "lead"},
        {"proposer": "shi-junwei", "role": "cosigner"},
    ],
    "recommendations": [
        {
            "summary_zh": "加快建设郑州算力中心",
            "quotes": [{"text": "加快建设郑州算力中心"}],
            "tags": ["computing-power-center"],
            "suggested_office": "zhengzhou-industry",
        }
    ],
    "cosign_until": (START.date() + timedelta(days=10)).isoformat(),
}


def draft_story():
    """Return the calls about a draft, as the last proposal of all."""
    person = {"slug": "li-ming", "name": "李明", "capacity": "npc_deputy", "body": "zhengzhou-npc"}
    known = {"delegation": "中原代表团", "unit": "郑州某装备公司总工程师", "terms": [16]}
    twice = {**person, "slug": "li-ming-zhongyuan", "is_namesake": True}
    merger = {"into": "li-ming", "reason": "同一人登记了两次"}
    other = f"{BASE}/persons/{twice['slug']}"
    signed = {"proposer": "shi-junwei", "paper": "联名回执第3号"}
    one, text = f"{BASE}/proposals/74", f"{BASE}/documents/6"
    whole = DRAFT["text"].replace("算力中心。", "算力中心，统筹布局智算资源。")
    edition = {"text": whole, "reason": "录入时漏了半句"}
    return [
        Call("createPerson", "POST", f"{BASE}/persons", "admin", person | known),
        Call(None, "POST", f"{BASE}/persons", "admin", twice),
        Call("mergePerson", "POST", f"{other}/merge", "admin", merger, other),
        Call("draftProposal", "POST", f"{BASE}/proposals", "admin", DRAFT),
        Call("cosignProposal", "POST", f"{one}/cosignatures", "admin", signed, one),
        Call("reviseText", "POST", f"{text}/editions", "admin", edition, text),
    ]


def handling_story(ids):
    """Return the calls about what was dispatched, and the desks."""
    proposal, one = f"{BASE}/proposals/{ids['proposal']}", f"{BASE}/assignments/1"
    given = {"office": "zhengzhou-industry", "role": "lead", "profile": "qingdao-npc-2021"}
    until = (START.date() + timedelta(days=150)).isoformat()
    more = {"extended_to": until, "reason": "涉及面广，需会商多个部门"}
    decision = {"decision": "grant", "note": "代表同意"}
    days = [(START.date() + timedelta(days=number)).isoformat() for number in (10, 16)]
    pressed = {"text": "请说明办理进度和预计完成时间", "answer_by": days[0]}
    explained = {"text": "用地手续尚未办结，八月可以开工", "done_by": until}
    still = {"first": days[0], "last": days[1], "reason": "等待代表补充材料"}
    return [
        Call("dispatchProposal", "POST", f"{proposal}/assignments", "admin", given),
        Call("moveAssignment", "POST", f"{one}/transitions", "editor", {"to": "received"}, one),
        Call("askExtension", "POST", f"{one}/extensions", "editor", more, one),
        Call("decideExtension", "POST", f"{one}/extensions/decision", "admin", decision, one),
        Call("pauseAssignment", "POST", f"{one}/pauses", "admin", still, one),
        Call("pressAssignment", "POST", f"{one}/presses", "supervisor", pressed),
        Call("explainDelay", "POST", f"{one}/explanations", "editor", explained),
        reading("getAssignment", one, "editor"),
        reading("listAssignments", f"{proposal}/assignments"),
        reading("findAssignments", f"{BASE}/assignments?open=true&sort=due_on", "editor"),
        reading("getWorklist", f"{BASE}/offices/zhengzhou-industry/worklist?limit=1", "editor"),
        reading("getMyWorklist", f"{BASE}/me/worklist?kind=reply", "editor"),
    ]


def reply_story(ids):
    """Return the calls about a reply, from the contact before it to the assessment after it."""
    proposal = f"{BASE}/proposals/{ids['proposal']}"
    lead, joint = f"{BASE}/assignments/2", f"{BASE}/assignments/3"
    one = f"{lead}/replies/1"

    def change(operation, place, who, body, of=lead):
        return Call(operation, "POST", f"{of}/{place}", who, body, of)

    def given(office, role):
        content = {"office": office, "role": role, "recommendation": PARK}
        return Call(None, "POST", f"{proposal}/assignments", "admin", content)

    sent = {"to": "sent", "document_no": "郑工信函〔2026〕12号", "signed_by": "局长"}
    spoken = {"channel": "meeting", "note": "当面听取意见，说明选址安排"}
    form = {"proposer": ids["proposer"], "attitude": "satisfied", "result": "dissatisfied",
            "paper": "反馈意见表第12号", "comment": "希望明确开工时间"}  # fmt: skip
    decision = {"decision": "handle_again", "note": "补充开工计划后重新答复"}
    return [
        given("zhengzhou-industry", "lead"),
        given("zhengzhou-data", "joint"),
        change(None, "transitions", "editor", {"to": "received"}),
        change(None, "transitions", "joint_head", {"to": "received"}, joint),
        change("logContact", "contacts", "editor", spoken),
        reading("listContacts", f"{lead}/contacts", "editor"),
        change(None, "replies", "joint_head", {"text": "同意主办单位意见。"}, joint),
        change(None, "replies/1/transitions", "joint_head", sent, joint),
        change("draftReply", "replies", "editor", REPLY),
        change("countersignReply", "countersignatures", "joint_head", COUNTERSIGNED, joint),
        change(None, "replies/1/transitions", "admin", {"to": "checked"}),
        change("moveReply", "replies/1/transitions", "head", sent),
        change("rateReply", "replies/1/evaluations", "admin", form),
        reading("getReply", one, "editor"),
        reading("findEvaluations", f"{BASE}/evaluations?limit=1", "editor"),
        reading("findReplies", f"{BASE}/replies?limit=1", "editor"),
        reading("listReplies", one.rpartition("/")[0] + "?limit=1", "editor"),
        change("assessHandling", "assessment", "admin", decision),
    ]


def file_story(ids):
    """Return the calls about a file that proves something."""
    files, one = f"{BASE}/proposals/{ids['proposal']}/files", f"{BASE}/files/1"
    name = quote("竣工验收报告.pdf")
    return [
        Call("uploadFile", "POST", f"{files}?filename={name}", "editor", PDF),
        reading("listFiles", f"{files}?limit=1", "editor"),
        reading("getFile", one, "editor"),
        reading("getFileContent", f"{one}/content", "editor"),
        Call("withholdRecord", "POST", f"{BASE}/withholdings", "editor", WITHHELD),
        reading("listWithholdings", f"{BASE}/withholdings?limit=1", "editor"),
        reading("getWithholding", f"{BASE}/withholdings/1", "editor"),
        Call("releaseWithholding", "POST", f"{BASE}/withholdings/1/release", "admin",
             {"reason": "核实后不含个人信息"}, f"{BASE}/withholdings/1"),
    ]  # fmt: skip


WITHHELD = {"kind": "file", "target_id": 1, "reason": "误附了个人信息，先停止公开"}


def promise_story():
    """Return the calls about the promise that the reply made."""
    one = f"{BASE}/commitments/1"

    def change(operation, place, who, body):
        return Call(operation, "POST", f"{one}/{place}", who, body, one)

    step = {"text": "完成选址和控规调整", "due_on": "2027-06-30"}
    return [
        reading("listCommitments", f"{BASE}/commitments?state=open", "editor"),
        change("addMilestone", "milestones", "editor", step),
        change("reachMilestone", "milestones/1/completion", "editor", {"evidence": EVIDENCE}),
        change("remarkCommitment", "remarks", "editor",
               {"kind": "confirmation", "text": "继续推进，年内开工"}),
        change("moveCommitment", "transitions", "editor", {"to": "kept", "evidence": EVIDENCE}),
        reading("getCommitment", one, "editor"),
        reading("listMilestones", f"{one}/milestones", "editor"),
        reading("listRemarks", f"{one}/remarks", "editor"),
        Call(None, TICK, (START + timedelta(days=25)).isoformat()),
        reading("getInbox", f"{BASE}/me/inbox?waiting=true&limit=1", "editor"),
    ]  # fmt: skip


def paper_story():
    """Return the calls about what procedure follows."""
    asked = {"start": "2025-09-26", "kind": "objection", "profile": "henan-npc-2017"}
    return [
        reading("listCalendars", f"{BASE}/calendars?year=2026"),
        reading("listRuleProfiles", f"{BASE}/rule-profiles?slug=henan-npc-2017"),
        reading("listLabelSchemes", f"{BASE}/label-schemes?slug=abcd_common"),
        reading("listCategorySchemes", f"{BASE}/category-schemes?slug=five_fields"),
        Call("previewDeadline", "POST", f"{BASE}/deadlines/preview", "editor", asked),
    ]


ERASED = {"words": "选址和控规", "reason": "误写了个人信息"}


def person_story(person):
    """Return the calls about how a person is reached."""
    one = f"{BASE}/persons/{person}"
    contact = {"phone": "0371-00000000", "email": "someone@example.org", "note": "本人提供"}
    return [
        reading("listPersons", f"{BASE}/persons?limit=1"),
        Call("editPerson", "PATCH", one, "admin", contact, one),
        reading("getPerson", one, "admin"),
        Call("erasePerson", "POST", f"{one}/erasure", "admin", {"reason": "本人要求删除"}),
    ]


BATCH = {
    **DRAFT,
    "title": "关于建设低空经济试验区的建议",
    "text": "关于建设低空经济试验区的建议\n\n为此建议：\n一、建设低空经济试验区。\n",
    "proposers": DRAFT["proposers"][:1],
    "recommendations": [
        {"summary_zh": "建设低空经济试验区", "quotes": [{"text": "一、建设低空经济试验区"}],
         "tags": ["innovation-platforms"]}
    ],
}  # fmt: skip
del BATCH["cosign_until"]


def batch_story():
    """Return the calls that do in rows what the others do one by one, on the last proposal."""
    proposal, free = "N2026-0002-P01", "D003-P01-R01"
    asked, given = f"{proposal}-R01", f"{proposal}-A01"

    def rows(operation, place, who, *rows):
        body = {"mode": "atomic", "rows": [dict(row) for row in rows]}
        return Call(operation, "POST", f"{BASE}/{place}/batch", who, body)

    def row(record, **body):
        return {"record": record, "body": body}

    return [
        rows("draftProposalBatch", "proposals", "admin", {"body": BATCH}),
        rows("moveProposalBatch", "proposals/transitions", "admin",
             *(row(proposal, to=state) for state in ("submitted", "under_review", "filed"))),
        rows("dispatchProposalBatch", "proposals/assignments", "admin",
             row(proposal, office="zhengzhou-industry", role="lead")),
        rows("moveAssignmentBatch", "assignments/transitions", "editor",
             row(given, to="received")),
        rows("moveRecommendationBatch", "recommendations/transitions", "editor",
             row(asked, axis="progress", to="in_progress")),
        rows("addReportBatch", "recommendations/reports", "editor",
             row(asked, text="选址已完成", percent=40)),
        rows("takeOnRecommendationBatch", "recommendations/offices", "admin",
             row(free, office="zhengzhou-industry", role="lead")),
        rows("tagRecommendationBatch", "recommendations/tags", "editor",
             row(asked, add=["industrial-parks"], remove=["innovation-platforms"])),
    ]  # fmt: skip


def half_of(operation):
    """Return the half of a code that the answer to *operation* showed, from all answers so far."""
    return lambda shown: shown[operation][1]["halves"][0]["half"]


def both_halves(shown):
    """Return the body that exchanges the code of the key that was approved."""
    asked, approved = half_of("createPrincipal"), half_of("decideApproval")
    return {"halves": [asked(shown), approved(shown)]}


def account_story(number):
    """Return the calls about an account with the next number, its key, and what two agree on."""
    read, write = {"scopes": ["read"], "days": 180}, {"scopes": ["read", "write"], "days": 365}
    account = {"name": "市政务数据平台", "roles": ["reader"], "key": read, "reason": "平台对接"}
    many = [
        {"kind": "person", "name": "李某", "roles": ["office_head"], "office": "zhengzhou-data",
         "subject": "li-1024"},
        {"name": "市工信局接口", "roles": ["office_editor"], "office": "zhengzhou-industry",
         "key": {**write, "networks": ["10.1.0.0/16"]}},
    ]  # fmt: skip
    one, key = f"{BASE}/principals/{number}", f"{BASE}/keys/{number}"
    more = {**write, "networks": ["10.1.0.0/16"], "reason": "批量报告进展"}
    decision = {"decision": "approve", "note": "已核对"}
    return [
        Call("createPrincipal", "POST", f"{BASE}/principals", "security", account),
        reading("listApprovals", f"{BASE}/approvals?state=pending", "other_security"),
        Call("decideApproval", "POST", f"{BASE}/approvals/2/decision", "other_security", decision),
        reading("getApproval", f"{BASE}/approvals/2", "security"),
        Call("exchangeKey", "POST", f"{BASE}/keys/exchange", None, both_halves),
        Call("issueSecret", "POST", f"{key}/secrets", HOLDER, {"note": "更换"}),
        Call("revokeSecret", "POST", f"{key}/secrets/{number}/revocation", HOLDER,
             {"note": "已更换"}),
        Call("createPrincipals", "POST", f"{BASE}/principals/batch", "security",
             {"accounts": many, "reason": "各单位开户"}),
        Call("createKey", "POST", f"{one}/keys", "security", more),
        reading("findKeys", f"{BASE}/keys?limit=1", "auditor"),
        reading("listPrincipals", f"{BASE}/principals?limit=2", "auditor"),
        reading("listKeys", f"{one}/keys", "auditor"),
        Call("revokeKey", "POST", f"{key}/revocation", "security", {"note": "停用"}),
        Call("editPrincipal", "PATCH", one, "security", {"disabled": True, "note": "停用"}, one),
        reading("getPrincipal", one, "security"),
        Call("erasePrincipal", "POST", f"{one}/erasure", "security", {"reason": "人员离职"}),
        reading("listAudit", f"{BASE}/audit?outcome=done&limit=1", "auditor"),
        reading("listCheckpoints", f"{BASE}/audit/checkpoints?limit=1", "auditor"),
    ]  # fmt: skip


class Bits:
    """What stands in for random bits, so that examples never change; for examples only."""

    def __init__(self):
        self.number = 0

    def token_bytes(self, length):
        self.number += 1
        return hashlib.shake_256(str(self.number).encode()).digest(length)

    def token_hex(self, length):
        return self.token_bytes(length).hex()

    def token_urlsafe(self, length):
        return base64.urlsafe_b64encode(self.token_bytes(length)).decode().rstrip("=")


def prepared(folder):
    """Return an application on a fresh seeded database, and the keys of the story."""
    url, files = f"sqlite:///{folder}/contract.db", f"{folder}/files"
    app = create_app(Settings(database_url=url, files_url=files, audit_key=Path(folder, "key")))
    database: Database = app.extensions["database"]
    database.signer = Signer(bytes(32))
    database.before_commit.clear()  # no checkpoints but the one below
    upgrade(database.engine)
    seeds = read_seeds(ROOT / "seeds")
    database.write(lambda session: load_seeds(session, seeds, lambda: None))
    holders = {
        "editor": ("市工信局 经办人", [Role.OFFICE_EDITOR], "zhengzhou-industry"),
        "head": ("市工信局 负责人", [Role.OFFICE_HEAD], "zhengzhou-industry"),
        "joint_head": ("市数据局 负责人", [Role.OFFICE_HEAD], "zhengzhou-data"),
        "supervisor": ("督办员", [Role.SUPERVISOR], "zhengzhou-government"),
        "admin": ("登记管理员", [Role.REGISTRAR], None),
        "security": ("安全管理员", [Role.SECURITY_ADMIN], None),
        "other_security": ("安全管理员乙", [Role.SECURITY_ADMIN], None),
        "auditor": ("审计员", [Role.AUDITOR], None),
    }
    keys = {
        who: database.write(
            lambda session, n=name, r=roles, o=office: add_key(
                session, SEEDER, name=n, roles=r, office=o
            )
        )
        for who, (name, roles, office) in holders.items()
    }
    database.write(app.extensions["checkpointing"].make)
    return app, keys


def found_ids(client):
    """Return the ids the story is about."""
    listed, one = f"{BASE}/recommendations?tag=ai-industrial-park", f"{BASE}/references"
    park = client.get(f"/api/v1/recommendations?reference={PARK}").get_json()["items"][0]
    others = client.get(listed).get_json()["items"]
    made = client.get(f"{BASE}/proposals/{park['proposal']['id']}").get_json()
    return {
        "proposer": made["proposers"][0]["slug"],
        "merged": client.get(f"{BASE}/proposals?limit=1").get_json()["items"][0]["id"],
        "park": park["id"],
        "other": next(item["id"] for item in others if item["id"] != park["id"]),
        "proposal": park["proposal"]["id"],
        "document": park["proposal"]["document_id"],
        "split": client.get(f"{one}/D000-P09").get_json()["id"],
        "former": client.get(f"{one}/D002-P06-R21").get_json()["id"],
    }


def examples():
    """Play the story and return what was Played of each operation."""
    bits = Bits()
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch("app.core.clock.clock", Clock()),
        mock.patch("app.accounts.rules.keys.secrets", bits),
        mock.patch("app.accounts.rules.accounts.secrets", bits),
        mock.patch("app.audit.services.sealed_values.secrets", bits),
        mock.patch("app.audit.rules.sealed_texts.secrets", bits),
    ):
        app, keys = prepared(folder)
        client = app.test_client()
        ids = found_ids(client)
        collected = {}
        person = client.get(f"{BASE}/persons?limit=1").get_json()["items"][0]["slug"]
        for call in (
            *recommendation_story(ids),
            *tag_story(),
            *master_data_story(),
            *record_story(ids),
            *paper_story(),
            *handling_story(ids),
            *reply_story(ids),
            *promise_story(),
            *file_story(ids),
            *person_story(person),
            *draft_story(),
            *account_story(len(keys) + 1),
            Call("eraseTexts", "POST", f"{BASE}/erasures", "admin", ERASED),
            *reform_story(),
            *batch_story(),
            reading("getReadiness", "/readyz"),
        ):
            if callable(call.body):
                call = call._replace(body=call.body(collected))
            answer = play(client, keys, call)
            if call.operation:
                shown = answer.get_json(silent=True) or answer.text[:200]
                collected[call.operation] = Played(call.body, shown, dict(answer.headers))
            if call.operation == "exchangeKey":
                keys[HOLDER] = answer.get_json()["secret"]
        app.extensions["database"].engine.dispose()
        return collected


def play(client, keys, call):
    """Send one call and return its answer; stop when it is refused."""
    if call.method == TICK:
        return ticked(client.application, datetime.fromisoformat(call.path))
    headers = {"X-Request-ID": "example"}
    if call.who:
        headers["Authorization"] = f"Bearer {keys[call.who]}"
    if call.seen:
        headers["If-Match"] = client.get(call.seen, headers=headers).headers["ETag"]
    sent = {"json": call.body}
    if isinstance(call.body, bytes):
        sent = {"data": call.body, "content_type": BINARY}
    answer = client.open(call.path, method=call.method, headers=headers, **sent)
    if answer.status_code >= 300:
        raise SystemExit(f"{call.method} {call.path}: {answer.status_code} {answer.text}")
    made = answer.headers.get("Location")
    if made and call.who and (found := client.get(made, headers=headers)).status_code != 200:
        raise SystemExit(f"{call.method} {call.path} leads to {made}: {found.status_code}")
    return answer


def ticked(app, moment):
    """Let the reminders fire that are due at *moment*; stop when they do not."""
    clock.clock.visit = moment
    done = app.test_cli_runner().invoke(args=["tick"])
    if done.exit_code:
        raise SystemExit(f"tick: {done.output}")
    return done


def contract(settings=None):
    """Return the OpenAPI document of the code, without examples."""
    app = create_app(settings or Settings(database_url="sqlite://"))
    meant = meanings(app.extensions["openapi_names"])
    return finished(app.extensions["openapi"].to_dict(), meant)


def with_examples(document, collected):
    """Add to *document* the example of each body, and one of each schema that is answered.

    Operations that answer the same schema share its example: that of the one that reads it.
    """
    shown = document["components"].setdefault("examples", {})
    parts = [pair for path in document["paths"].values() for pair in path.items()]
    for method, operation in sorted(parts, key=lambda pair: pair[0] != "get"):
        if method in ("parameters", "servers") or operation["operationId"] not in collected:
            continue
        body, answer, _ = collected[operation["operationId"]]
        for kind, content in operation["requestBody"]["content"].items() if body else ():
            content["example"] = as_form(body) if kind == FORM else text_of(body)
        status = next(s for s in sorted(operation["responses"]) if s in ("200", "201", "202"))
        for kind, content in operation["responses"][status]["content"].items():
            if kind in BEGINNINGS:
                content["example"] = BEGINNINGS[kind]
                continue
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            if not name:
                content["example"] = answer
                continue
            if name == "Selection":
                answer = selected(answer, ("id", "version"))
            shown.setdefault(name, {"value": shortened(answer)})
            content["examples"] = {name: {"$ref": f"#/components/examples/{name}"}}
    return document


BEGINNINGS = {HTML: "<!doctype html>", "image/svg+xml": "<svg></svg>"}
"""What stands for a page, or for a picture."""


def text_of(body):
    """Return *body* as an example shows it."""
    return body.decode() if isinstance(body, bytes) else body


def as_form(body):
    """Return the form in which the file *body* comes, as an example shows it."""
    return {"file": text_of(body), "filename": "竣工验收报告.pdf", "internal": False}


MOST_SHOWN = 1
"""How many records or rows of a list stand in an example."""
VOCABULARIES = 2
"""How many vocabularies do."""
WHOLE = ("explanation",)
"""Lists that say nothing unless they are whole."""


def shortened(answer):
    """Return *answer* with its lists of objects cut to a few, wherever they stand in it."""
    if isinstance(answer, list):
        few = answer[:MOST_SHOWN] if answer and isinstance(answer[0], dict) else answer
        return [shortened(one) for one in few]
    if not isinstance(answer, dict):
        return answer
    if "vocabularies" in answer:
        few = dict(list(answer["vocabularies"].items())[:VOCABULARIES])
        return {"vocabularies": few, "open": [name for name in answer["open"] if name in few]}
    return {name: one if name in WHOLE else shortened(one) for name, one in answer.items()}


def committed():
    """Return the committed document, each path written from the root of the host.

    Parameters of queries stand where they are taken, wherever the document holds them.
    """
    document = rooted(json.loads(TARGET.read_text(encoding="utf-8")))
    known = document["components"]["parameters"]
    for operation in (o for item in document["paths"].values() for o in item.values()):
        if isinstance(operation, dict):
            taken = operation.get("parameters", [])
            own = [known.get(one.get("$ref", "").rpartition("/")[2], one) for one in taken]
            operation["parameters"] = [
                found if found.get("in") == "query" else one
                for one, found in zip(taken, own, strict=True)
            ]
    return document


def example_in(document, content):
    """Return the example of the *content* of an answer, wherever *document* holds it."""
    if "example" in content:
        return content["example"]
    (name,) = content["examples"]
    return document["components"]["examples"][name]["value"]


@cache
def played():
    """Return what was Played of each operation, once for a process."""
    return examples()


def rendered():
    """Return the text of the committed file."""
    document = with_examples(contract(), played())
    plain = json.loads(json.dumps(document, default=str))
    return in_lines(plain, LINES_TO) + "\n"


def in_lines(value, depth, indent=""):
    """Return *value* as JSON whose objects stand in lines of their own down to *depth*.

    What stands below is on one line: the file stays small, and a change is still seen where it is.
    """
    if depth == 0 or not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    inner = indent + " "
    lines = (
        f"{inner}{json.dumps(name, ensure_ascii=False)}: {in_lines(below, depth - 1, inner)}"
        for name, below in value.items()
    )
    return "{\n" + ",\n".join(lines) + "\n" + indent + "}"


if __name__ == "__main__":
    os.environ.pop("DATABASE_URL", None)
    TARGET.write_text(rendered(), encoding="utf-8")
    print(f"wrote {Path(TARGET).relative_to(ROOT)}")
