"""The columns that the hashes of the scheme before covered: as they were, for good.

A column that comes later belongs in none of these lists. Names are those of the models' attributes,
in the order in which rows were written out, by table.
"""

# fmt: off
POSITIONS = {
    "access_keys":
        "principal_id public_id scopes networks expires_at revoked_at id version created_at "
        "updated_at",
    "approvals":
        "kind state record_type record_id record_reference payload reason asked_by_id asked_by "
        "expires_at decided_by_id decided_by decided_at decision_note id version created_at "
        "updated_at",
    "assignments":
        "reference proposal_id number recommendation_id parent_id office_id role state is_open "
        "in_recess dispatched_on received_on ended_on objection suggested_office_id id version "
        "created_at updated_at",
    "attachments": "id file_id sequence recommendation_id reply_id commitment_id is_internal",
    "calendar_editions":
        "reference year edition paper rest work id version created_at updated_at",
    "commitments":
        "reference recommendation_id number proposal_id point_id office_id state text strength "
        "promised_on first_promised_on made_on missed_on ended_on id version created_at "
        "updated_at",
    "contacts": "id assignment_id sequence channel on proposer_id note",
    "corrections":
        "id document_id start end as_printed as_meant reason confidence withdrawn_at",
    "cosignatures": "id proposal_id proposer_id sequence agrees on paper",
    "countersignatures": "id assignment_id reply_id agrees signed_on note",
    "documents":
        "reference text sha256 title subtitle kind level publisher session_id date_as_printed "
        "earliest_on latest_on date_reason note id version created_at updated_at",
    "evaluations":
        "id assignment_id reply_id sequence proposer_id attitude result rated_on paper comment",
    "extensions": "id assignment_id state asked_on until reason decided_on decision",
    "files":
        "reference proposal_id number filename media_type size sha256 publication office_id "
        "supersedes_id id version created_at updated_at",
    "key_secrets": "id secret_sha256 created_at revoked_at",
    "label_schemes":
        "reference slug edition name_zh name_en source is_default labels id version created_at "
        "updated_at",
    "milestones": "id commitment_id number text due_on done_on evidence",
    "notices":
        "id task_id assignment_id commitment_id desk office_id point urgency fired_on due_on",
    "organizations":
        "slug parent_id kind name_zh name_en aliases search_text region_code is_office id "
        "version created_at updated_at",
    "passages":
        "id document_id proposal_id recommendation_id position start end text withdrawn_at",
    "persons":
        "slug name body_id capacity contact_seal erased_at id version created_at updated_at",
    "principals": "kind office_id name_seal disabled_at id version created_at updated_at",
    "proposals":
        "reference case_no kind source_kind title title_is_printed document_id session_id "
        "handling_state publication note id version created_at updated_at",
    "proposers":
        "id proposal_id position person_id organization_id role as_printed withdrawn_at",
    "recommendations":
        "proposal_id number reference summary_zh summary_en stance publication acceptance "
        "progress last_move claimed_by_office_id lead_office_id lead_status due_on review_on "
        "targets search_text id version created_at updated_at",
    "remarks": "id commitment_id sequence kind on proposer_id value text evidence",
    "replies":
        "id assignment_id number round state text drafted_on checked_on remark document_no "
        "signed_by sent_on published_on",
    "reply_points":
        "id assignment_id reply_id recommendation_id text acceptance outcome label "
        "checked_outcome checked_label check_reason promise promised_on promise_strength",
    "rule_profiles":
        "reference slug edition name_zh name_en source regions kinds sessions is_default "
        "extension assessment label_scheme limits note_zh note_en id version created_at "
        "updated_at",
    "sessions":
        "slug body_id kind name_zh name_en term meeting starts_on ends_on note id version "
        "created_at updated_at",
    "stretches": "id document_id start end reason note withdrawn_at",
    "tags":
        "slug name_zh name_en definition synonyms search_text broader_id id version created_at "
        "updated_at",
    "tasks":
        "id kind desk office_id role proposal_id recommendation_id assignment_id began_on limit "
        "pauses extensions due_on original_due_on is_provisional ended_on outcome",
}
"""Columns that were hashed empty or not, by table; of what hangs on a record, by position."""

LATER = {
    "documents": "publication",
    "proposals": "cosign_until is_key merged_into_id not_filed_reason profile supervisor_id",
    "notices": "about_id",
    "recommendations": "look_back_on",
    "replies": "attachments",
    "tasks": "commitment_id fired_until milestone_id reply_id",
}
"""Columns that had come with a later release, by table: hashed by name once they were filled."""

OUTSIDE = {
    "key_secrets": "key_id",
    "principals": "name subject",
    "tasks": "publication fires_on",
}
"""Columns that no hash of the scheme covered: personal, following from others, or the owner."""

ALWAYS = {
    "access_keys": "secrets",
    "assignments": "extensions tasks",
    "commitments": "milestones notices remarks tasks",
    "files": "attachments",
}
"""What hangs on a record that stood in its hash also where there was none, by table."""
# fmt: on
