"""Who may call each operation: the one table, without whose row the program does not start.

Which records an operation then shows or changes is the matter of accounts/queries/visibility.py.
"""

from dataclasses import dataclass

from app.core.codes import LabelledEnum
from app.core.rules.permissions import Permission

P = Permission


class Audience(LabelledEnum):
    """Who may call an operation at all."""

    ANYONE = "anyone", "任何人", "anyone"
    PUBLIC = "public", "公众（可由设置关闭）", "the public, unless the installation says otherwise"
    KEYED = "keyed", "有账户者", "whoever has an account"


@dataclass(frozen=True)
class Access:
    """Who may call an operation: *audience*, and of *permissions* one is needed where any stand."""

    audience: Audience
    permissions: tuple[P, ...] = ()


def one_of(*permissions: P) -> Access:
    """Return the access of an operation that needs one of *permissions*."""
    return Access(Audience.KEYED, permissions)


OPEN = Access(Audience.ANYONE)
PUBLIC = Access(Audience.PUBLIC)
KEYED = Access(Audience.KEYED)

ACCESS: dict[str, Access] = {
    "addMilestone": one_of(P.HANDLE),
    "addRecommendations": one_of(P.EDIT),
    "addReport": one_of(P.REPORT),
    "askExtension": one_of(P.HANDLE),
    "assessHandling": one_of(P.DISPATCH),
    "cosignProposal": one_of(P.FILE),
    "countersignReply": one_of(P.SIGN),
    "createKey": one_of(P.MANAGE_KEYS),
    "createOrganization": one_of(P.MANAGE_ORGANIZATIONS),
    "createPerson": one_of(P.EDIT_PERSON),
    "createPrincipal": one_of(P.MANAGE_PRINCIPALS),
    "createPrincipals": one_of(P.MANAGE_PRINCIPALS),
    "createSession": one_of(P.MANAGE_SESSIONS),
    "createTag": one_of(P.MANAGE_TAGS),
    "decideApproval": KEYED,
    "decideExtension": one_of(P.DISPATCH, P.FORWARD),
    "dispatchProposal": one_of(P.DISPATCH, P.FORWARD),
    "draftProposal": one_of(P.FILE),
    "draftReply": one_of(P.HANDLE),
    "editOrganization": one_of(P.MANAGE_ORGANIZATIONS),
    "editPerson": one_of(P.EDIT_PERSON),
    "editPrincipal": one_of(P.MANAGE_PRINCIPALS),
    "editProposal": one_of(P.EDIT_PROPOSAL),
    "editRecommendation": one_of(P.EDIT),
    "editSession": one_of(P.MANAGE_SESSIONS),
    "editTag": one_of(P.MANAGE_TAGS),
    "endTag": one_of(P.MANAGE_TAGS),
    "erasePerson": one_of(P.ERASE),
    "mergePerson": one_of(P.EDIT_PERSON),
    "erasePrincipal": one_of(P.MANAGE_PRINCIPALS),
    "eraseTexts": one_of(P.ERASE),
    "exchangeKey": OPEN,
    "explainDelay": one_of(P.HANDLE),
    "findAssignments": one_of(P.SEE_HANDLED, P.SEE_INTERNAL),
    "findEvaluations": one_of(P.SEE_HANDLED, P.SEE_INTERNAL),
    "findKeys": one_of(P.SEE_PRINCIPALS),
    "findReference": PUBLIC,
    "findReplies": PUBLIC,
    "getApproval": KEYED,
    "getAssignment": PUBLIC,
    "getCommitment": PUBLIC,
    "getDocument": PUBLIC,
    "getDocumentText": PUBLIC,
    "getFigure": PUBLIC,
    "getFigurePicture": PUBLIC,
    "getFile": PUBLIC,
    "getFileContent": PUBLIC,
    "getInbox": KEYED,
    "getLiveness": OPEN,
    "getMe": KEYED,
    "getMyWorklist": KEYED,
    "getOrganization": PUBLIC,
    "getPerson": PUBLIC,
    "getPrincipal": KEYED,
    "getProposal": PUBLIC,
    "getProposalHistory": PUBLIC,
    "getReadiness": OPEN,
    "getRecommendation": PUBLIC,
    "getRecommendationHistory": PUBLIC,
    "getReply": PUBLIC,
    "getSearchDossier": PUBLIC,
    "getSession": PUBLIC,
    "getSessionLedger": PUBLIC,
    "getTag": PUBLIC,
    "getTagDossier": PUBLIC,
    "getTagProgress": PUBLIC,
    "getVocabularies": OPEN,
    "getWithholding": one_of(P.SEE_HANDLED, P.SEE_INTERNAL),
    "getWorkflows": OPEN,
    "getWorklist": one_of(P.SEE_HANDLED, P.SEE_INTERNAL),
    "issueSecret": KEYED,
    "listApprovals": KEYED,
    "listAssignments": PUBLIC,
    "listAudit": one_of(P.READ_AUDIT),
    "listCalendars": PUBLIC,
    "listCategorySchemes": PUBLIC,
    "listCheckpoints": one_of(P.SEE_CHECKPOINTS),
    "listCommitments": PUBLIC,
    "listContacts": PUBLIC,
    "listDocumentProposals": PUBLIC,
    "listDocuments": PUBLIC,
    "listFigures": OPEN,
    "listFiles": PUBLIC,
    "listKeys": KEYED,
    "listLabelSchemes": PUBLIC,
    "listMilestones": PUBLIC,
    "listOrganizations": PUBLIC,
    "listPersons": PUBLIC,
    "listPrincipals": one_of(P.SEE_PRINCIPALS),
    "listProposals": PUBLIC,
    "listRecommendations": PUBLIC,
    "listRemarks": PUBLIC,
    "listReplies": PUBLIC,
    "listReports": PUBLIC,
    "listRuleProfiles": PUBLIC,
    "listSessions": PUBLIC,
    "listTags": PUBLIC,
    "listWithholdings": one_of(P.SEE_HANDLED, P.SEE_INTERNAL),
    "logContact": one_of(P.HANDLE),
    "lookBackAtRecommendation": one_of(P.VERIFY),
    "markProposal": one_of(P.EDIT_PROPOSAL),
    "moveAssignment": one_of(P.HANDLE, P.DISPATCH),
    "moveCommitment": one_of(P.HANDLE, P.SIGN, P.REOPEN),
    "moveProposal": one_of(P.FILE),
    "moveRecommendation": one_of(P.REPORT, P.DECIDE, P.VERIFY, P.REOPEN),
    "moveReply": one_of(P.DISPATCH, P.SIGN),
    "pauseAssignment": one_of(P.DISPATCH),
    "pressAssignment": one_of(P.PRESS),
    "previewDeadline": KEYED,
    "rateReply": one_of(P.RATE),
    "reachMilestone": one_of(P.HANDLE),
    "reformOrganizations": one_of(P.MANAGE_ORGANIZATIONS),
    "relateRecommendation": one_of(P.EDIT),
    "restoreRecommendation": one_of(P.EDIT),
    "releaseWithholding": one_of(P.RELEASE),
    "remarkCommitment": one_of(P.HANDLE, P.RATE, P.VERIFY),
    "reviseText": one_of(P.EDIT_PROPOSAL),
    "revokeKey": KEYED,
    "revokeSecret": KEYED,
    "search": PUBLIC,
    "splitTag": one_of(P.MANAGE_TAGS),
    "tagRecommendation": one_of(P.TAG),
    "tagRecommendations": one_of(P.TAG),
    "takeOnRecommendation": one_of(P.TAKE_ON, P.ASSIGN),
    "uploadFile": one_of(P.REPORT, P.HANDLE, P.DISPATCH, P.VERIFY, P.RATE),
    "withdrawRecommendation": one_of(P.EDIT),
    "withholdRecord": one_of(P.WITHHOLD),
}
"""Operation → who may call it."""

IN_BATCHES = (
    "addReport",
    "dispatchProposal",
    "draftProposal",
    "moveAssignment",
    "moveProposal",
    "moveRecommendation",
    "tagRecommendation",
    "takeOnRecommendation",
)
"""Operations that can be asked for in many rows at once, by whoever may ask for one."""

ACCESS |= {f"{name}Batch": ACCESS[name] for name in IN_BATCHES}
