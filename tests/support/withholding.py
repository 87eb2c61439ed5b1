"""One word of its own in everything that offices write, and withholding it."""

from tests.support.casework import V1, dispatch, step, to, took, version_of
from tests.support.factories import DATA
from tests.support.files import proves, report, upload
from tests.support.papers import PDF
from tests.support.replies import SENT, body, move, rate

FINANCE = "zhengzhou-finance"


def link(word):
    return {"title": f"{word}-TITLE", "url": f"https://example.org/{word}-URL"}


class Planted:
    """A case in which everything that offices write holds a word that nothing else does.

    *words* are by kind, *numbers* the numbers by which each is withheld.
    """

    def __init__(self, callers, proposal, lead, park):
        self.callers, self.proposal, self.lead, self.park = callers, proposal, lead, park
        self.assignment = f"{V1}/assignments/{lead['id']}"
        self.words, self.numbers, self.files = {}, {}, {}

    def kept(self):
        """Return all that it knows but who calls, to go on from."""
        return {name: value for name, value in vars(self).items() if name != "callers"}

    def going_on(self, kept):
        """Return it with what another knew, see kept()."""
        vars(self).update(kept)
        return self

    def plant(self, promised_on="2026-12-31"):
        """Let offices write everything, one after the other; return it."""
        dispatch(self.callers, self.proposal, DATA, "joint")
        file = self.uploaded("FILE")
        proof = self.uploaded("PROOF")
        evidence = [link("CANARY-REPORT"), *proves(proof, "CANARY-PROOF-TITLE")]
        told = {"text": "CANARY-REPORT", "percent": 17, "evidence": evidence}
        self.keep("report", took(report(self.callers, **told))["id"], "CANARY-REPORT")
        self.words["report"] += [*self.names(proof), "CANARY-PROOF-TITLE"]
        evidence = proves(file, "CANARY-FILE-TITLE")
        took(report(self.callers, text="见附件", evidence=evidence))
        self.keep("file", file["id"], "CANARY-FILE-TITLE", *self.names(file))
        self.promise(promised_on)
        self.handle()
        self.move()
        return self

    def uploaded(self, word):
        """Return a file whose name and content hold *word*."""
        content = PDF + f"%CANARY-{word}-BYTES\n".encode()
        office = self.callers["industry"]
        made = upload(office, self.proposal, f"CANARY-{word}-NAME.pdf", content)
        self.files[word] = made
        return made

    def names(self, file):
        """Return what a file is known by, its bytes among it."""
        word = file["filename"].split("-")[1]
        return file["filename"], f"CANARY-{word}-BYTES", file["reference"], file["sha256"]

    def keep(self, kind, number, *words):
        self.numbers[kind], self.words[kind] = number, list(words)

    def post(self, caller, path, place, content):
        return took(caller.post(f"{path}/{place}", content, version_of(caller, path)))

    def promise(self, promised_on):
        """Let a reply go out that promises something, and let the promise be spoken of."""
        office, letter = self.callers["industry"], "CANARY-REPLY"
        promise = {"text": f"{letter}-PROMISE", "on": promised_on}
        point = {"text": f"{letter}-POINT", "promise": promise}
        content = body(self.callers, self.proposal, **point) | {"text": letter}
        content["attachments"] = [link(letter)]
        took(to(office, self.lead, "replies", content))
        took(move(self.callers["dispatcher"], self.lead, 1, "checked"))
        self.joined()
        numbered = SENT | {"document_no": f"{letter}-NO"}
        took(move(self.callers["head"], self.lead, 1, "sent", **numbered))
        took(move(self.callers["head"], self.lead, 1, "published"))
        reply = took(office.get(f"{self.assignment}/replies/1"))
        more = ("POINT", "PROMISE", "NO", "TITLE", "URL")
        self.keep("reply", reply["id"], letter, *(f"{letter}-{name}" for name in more))
        [promise] = took(office.get(f"{V1}/commitments"))["items"]
        self.commitment = f"{V1}/commitments/{promise['id']}"
        self.post(office, self.commitment, "milestones", {"text": "CANARY-MILESTONE"})
        self.post(office, self.commitment, "milestones/1/completion",
                  {"evidence": [link("CANARY-MILESTONE")]})  # fmt: skip
        said = {"kind": "explanation", "text": "CANARY-REMARK", "evidence": [link("CANARY-REMARK")]}
        made = self.post(office, self.commitment, "remarks", said)
        self.keep("milestone", made["milestones"][0]["id"], "CANARY-MILESTONE")
        self.keep("remark", made["remarks"][0]["id"], "CANARY-REMARK")

    def joined(self):
        """Let the joint office say its part, so that the reply may go out."""
        joint = took(self.callers["data"].get(f"{self.proposal}/assignments"))["items"][1]
        took(step(self.callers["data"], joint, "received"))
        took(to(self.callers["data"], joint, "replies", {"text": "同意主办单位意见。"}))
        took(move(self.callers["data_head"], joint, 1, "sent", **SENT))
        reply = took(self.callers["data"].get(f"{self.assignment}/replies/1"))["reference"]
        signed = {"reply": reply, "agrees": True}
        took(to(self.callers["data_head"], joint, "countersignatures", signed))

    def handle(self):
        """Let the office speak to the proposers, and one of them rate the reply."""
        office, spoken = self.callers["industry"], {"channel": "visit", "note": "CANARY-CONTACT"}
        made = took(office.post(f"{self.assignment}/contacts", spoken))
        self.keep("contact", made["contacts"][0]["id"], "CANARY-CONTACT")
        rated = took(rate(self.callers, self.lead, self.proposal, comment="CANARY-RATING"))
        self.keep("evaluation", rated["evaluations"][0]["id"], "CANARY-RATING")

    def withhold(self, kind, who="industry", **more):
        """Withhold what was written of *kind*, and return what is answered."""
        body = {"kind": kind, "target_id": self.numbers[kind], "reason": "误附个人信息", **more}
        return self.callers[who].post(f"{V1}/withholdings", body)

    def release(self, withholding, who="registrar"):
        path = f"{V1}/withholdings/{withholding['id']}"
        caller = self.callers[who]
        return caller.post(f"{path}/release", {"reason": "核实无误"}, withholding["version"])

    def move(self):
        """Let the recommendation be moved, with a note: its last move, which subjects show."""
        office = self.callers["industry"]
        self.post(office, self.park, "transitions",
                  {"axis": "progress", "to": "in_progress", "note": "CANARY-NOTE"})  # fmt: skip
        events = took(office.get(f"{self.park}/history?limit=200"))["items"]
        [moved] = [event for event in events if event["note"] == "CANARY-NOTE"]
        self.keep("note", moved["sequence"], "CANARY-NOTE")
