"""What a row of a list holds of the proposal, or the recommendation, that it is about."""

PROPOSAL = ("id", "reference", "title", "kind", "document_id")
CASE = (*PROPOSAL, "case_no")
RECOMMENDATION = ("id", "reference", "summary_zh", "progress")
"""The names of the columns; labelled() gives each its prefix."""
