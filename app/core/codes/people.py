"""Codes of sessions, organizations and the capacity of proposers."""

from app.core.codes.labelled import LabelledEnum


class SessionKind(LabelledEnum):
    """What sort of sitting a session is."""

    TWO_SESSIONS = "two_sessions", "两会", "two sessions"
    PLENARY = "plenary", "全体会议", "plenary session"
    STANDING_COMMITTEE = "standing_committee", "常委会会议", "standing-committee meeting"


class OrganizationKind(LabelledEnum):
    """What sort of body an organization is."""

    DELIBERATIVE_BODY = "deliberative_body", "人大、政协", "deliberative body"
    COMMITTEE = "committee", "专门委员会", "committee"
    PARTY_COMMITTEE = "party_committee", "党委", "committee of the ruling party"
    PARTY_ORGAN = "party_organ", "党委工作机关", "organ of the ruling party"
    PARTY = "party", "民主党派", "party"
    FEDERATION = "federation", "工商联、人民团体", "federation"
    GOVERNMENT = "government", "人民政府", "government"
    DEPARTMENT = "department", "政府部门", "department"
    DEVELOPMENT_ZONE = "development_zone", "开发区", "development zone"
    DISTRICT = "district", "县（市、区）", "district"


class NameStatus(LabelledEnum):
    """Whether an organization still exists under its name."""

    IN_USE = "in_use", "现用名称", "in use"
    CHANGED = "changed", "已更名或撤并", "renamed or gone"
    UNKNOWN = "unknown", "未核实", "unknown"


class Capacity(LabelledEnum):
    """In which capacity a person speaks."""

    NPC_DEPUTY = "npc_deputy", "人大代表", "deputy of a people's congress"
    CPPCC_MEMBER = "cppcc_member", "政协委员", "member of the CPPCC"
