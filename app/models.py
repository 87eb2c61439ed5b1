"""All tables; importing this package registers every one of them on Base.metadata."""

from app.accounts.models.approvals import Approval, Exchange
from app.accounts.models.principals import AccessKey, KeySecret, Principal, PrincipalRole
from app.accounts.models.withholdings import Withholding
from app.audit.models.events import Event
from app.audit.models.trust import AttemptCount, Checkpoint, SealedValue
from app.console.models import SignIn, UnsentForm
from app.core.base import Head
from app.deadlines.models import CalendarEdition, CategoryScheme, LabelScheme, RuleProfile
from app.handling.assignments.models.assignments import Assignment, Extension
from app.handling.assignments.models.supervision import DelayExplanation, Press
from app.handling.commitments.models import Commitment, Milestone, Remark
from app.handling.replies.models import Contact, Countersignature, Evaluation, Reply, ReplyPoint
from app.http.models import FailedSignIns, RateBucket, Readiness, Replay
from app.register.counting.models import RecommendationCount
from app.register.documents.models import Correction, Document, Stretch
from app.register.files.models import Attachment, File
from app.register.people.models import Organization, OrganizationName, Person, Sitting
from app.register.periods.models import StatePeriod
from app.register.proposals.models import Cosignature, Passage, Proposal, ProposalMark, Proposer
from app.register.recommendations.models import (
    Lineage,
    ProgressReport,
    Recommendation,
    RecommendationOffice,
    RecommendationTag,
)
from app.register.searching.models import SearchedText
from app.register.tags.models import Tag
from app.register.verification.models import Verification
from app.seeding.models import SeedRecord
from app.tasks.models import Notice, Task, TaskCount

__all__ = [
    "AccessKey",
    "Approval",
    "Assignment",
    "Attachment",
    "AttemptCount",
    "CalendarEdition",
    "CategoryScheme",
    "Checkpoint",
    "Commitment",
    "Contact",
    "Correction",
    "Cosignature",
    "Countersignature",
    "DelayExplanation",
    "Document",
    "Evaluation",
    "Event",
    "Exchange",
    "Extension",
    "FailedSignIns",
    "File",
    "Head",
    "KeySecret",
    "LabelScheme",
    "Lineage",
    "Milestone",
    "Notice",
    "Organization",
    "OrganizationName",
    "Passage",
    "Person",
    "Press",
    "Principal",
    "PrincipalRole",
    "ProgressReport",
    "Proposal",
    "ProposalMark",
    "Proposer",
    "RateBucket",
    "Readiness",
    "Recommendation",
    "RecommendationCount",
    "RecommendationOffice",
    "RecommendationTag",
    "Remark",
    "Replay",
    "Reply",
    "ReplyPoint",
    "RuleProfile",
    "SealedValue",
    "SearchedText",
    "SeedRecord",
    "SignIn",
    "Sitting",
    "StatePeriod",
    "Stretch",
    "Tag",
    "Task",
    "TaskCount",
    "UnsentForm",
    "Verification",
    "Withholding",
]
