"""Where the answer of each operation leads."""

from app.core.types import Values

BODY = "$response.body#"
SEEN = {"If-Match": "$response.header.ETag"}
OF_ONE = {"recommendation_id": f"{BODY}/id"}

OF_ASSIGNMENT = {"assignment_id": f"{BODY}/id"}

OF_REPLY = {"assignment_id": f"{BODY}/assignment_id", "number": f"{BODY}/number"}
LINKS: dict[str, dict[str, dict[str, str]]] = {
    "listRecommendations": {"getRecommendation": {"recommendation_id": f"{BODY}/items/0/id"}},
    "getRecommendation": {
        "getRecommendationHistory": OF_ONE,
        "listReports": OF_ONE,
        "addReport": OF_ONE,
        "takeOnRecommendation": OF_ONE | SEEN,
        "moveRecommendation": OF_ONE | SEEN,
        "tagRecommendation": OF_ONE | SEEN,
        "editRecommendation": OF_ONE | SEEN,
        "lookBackAtRecommendation": OF_ONE | SEEN,
        "getProposal": {"proposal_id": f"{BODY}/proposal/id"},
    },
    "takeOnRecommendation": {"moveRecommendation": OF_ONE | SEEN, "addReport": OF_ONE},
    "moveRecommendation": {"moveRecommendation": OF_ONE | SEEN, "addReport": OF_ONE},
    "listProposals": {"getProposal": {"proposal_id": f"{BODY}/items/0/id"}},
    "getProposal": {
        "dispatchProposal": {"proposal_id": f"{BODY}/id"},
        "listAssignments": {"proposal_id": f"{BODY}/id"},
        "listFiles": {"proposal_id": f"{BODY}/id"},
        "getProposalHistory": {"proposal_id": f"{BODY}/id"},
    },
    "findAssignments": {"getAssignment": {"assignment_id": f"{BODY}/items/0/id"}},
    "dispatchProposal": {"getAssignment": OF_ASSIGNMENT},
    "getAssignment": {
        "moveAssignment": OF_ASSIGNMENT | SEEN,
        "askExtension": OF_ASSIGNMENT | SEEN,
        "decideExtension": OF_ASSIGNMENT | SEEN,
        "pauseAssignment": OF_ASSIGNMENT | SEEN,
        "draftReply": OF_ASSIGNMENT | SEEN,
        "logContact": OF_ASSIGNMENT,
        "listContacts": OF_ASSIGNMENT,
        "explainDelay": OF_ASSIGNMENT,
        "pressAssignment": OF_ASSIGNMENT,
    },
    "draftReply": {"getReply": OF_REPLY, "moveReply": OF_REPLY | SEEN},
    "listCommitments": {"getCommitment": {"commitment_id": f"{BODY}/items/0/id"}},
    "getCommitment": {
        "moveCommitment": {"commitment_id": f"{BODY}/id"} | SEEN,
        "listMilestones": {"commitment_id": f"{BODY}/id"},
        "listRemarks": {"commitment_id": f"{BODY}/id"},
    },
    "getReply": {"moveReply": OF_REPLY | SEEN, "rateReply": OF_REPLY | SEEN},
    "moveAssignment": {"askExtension": OF_ASSIGNMENT | SEEN},
    "pressAssignment": {"explainDelay": OF_ASSIGNMENT},
    "listDocuments": {
        "getDocument": {"document_id": f"{BODY}/items/0/id"},
        "getDocumentText": {"document_id": f"{BODY}/items/0/id"},
        "listDocumentProposals": {"document_id": f"{BODY}/items/0/id"},
    },
    "listFiles": {"getFile": {"file_id": f"{BODY}/items/0/id"}},
    "uploadFile": {
        "getFile": {"file_id": f"{BODY}/id"},
        "getFileContent": {"file_id": f"{BODY}/id"},
    },
    "getFile": {"getFileContent": {"file_id": f"{BODY}/id"}},
    "listPersons": {"getPerson": {"person": f"{BODY}/items/0/slug"}},
    "listTags": {
        "getTag": {"slug": f"{BODY}/items/0/slug"},
        "getTagProgress": {"slug": f"{BODY}/items/0/slug"},
    },
    "createTag": {"getTag": {"slug": f"{BODY}/slug"}},
    "getTag": {"editTag": {"slug": f"{BODY}/slug"} | SEEN},
    "listPrincipals": {"getPrincipal": {"principal_id": f"{BODY}/items/0/id"}},
    "exchangeKey": {"issueSecret": {"key_id": f"{BODY}/id"}},
    "issueSecret": {
        "revokeSecret": {"key_id": f"{BODY}/id", "secret_id": f"{BODY}/secrets/0/id"},
    },
    "listApprovals": {"getApproval": {"approval_id": f"{BODY}/items/0/id"}},
    "getApproval": {"decideApproval": {"approval_id": f"{BODY}/id"}},
}
"""Operation → where its answer leads, and which of its values the next one takes."""


def links_of(operation: str) -> Values:
    """Return the links of an operation's answer, as the document writes them."""
    return {
        name: {"operationId": name, "parameters": parameters}
        for name, parameters in LINKS.get(operation, {}).items()
    }
