"""What is said of lateness in every list that has it."""

NEXT_DUE_ON = (
    "The first day that an office has to keep about it, as far as the caller may know; null where"
    " nothing is due."
)
OVERDUE = "Whether `next_due_on` is before today."
DUE_BEFORE = "Next due before this day."
DUE_AFTER = "Next due after this day."
