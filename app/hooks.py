"""What lower areas do by means of higher ones, told to them here.

A request for approval is kept by the accounts; what it does when it is approved belongs to whoever
has the record it is about.
"""

from app.accounts.services.approved import WORK
from app.core.codes import ApprovalKind
from app.handling.reforms import services as reforms
from app.history import services as erasing
from app.register.people.services import persons
from app.register.recommendations.services import reopening
from app.seeding import imports


def add_hooks() -> None:
    """Tell the requests for approval what they carry out, beside what concerns accounts."""
    WORK[ApprovalKind.IMPORT] = imports.carry_out_import
    WORK[ApprovalKind.REOPEN] = reopening.reopen_approved
    WORK[ApprovalKind.ERASE_PERSON] = persons.erase_approved_person
    WORK[ApprovalKind.ERASE_TEXT] = erasing.erase_approved_texts
    WORK[ApprovalKind.REFORM] = reforms.carry_out_reform
