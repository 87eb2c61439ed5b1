"""Codes of accounts, approvals and of what was done."""

from app.core.codes.labelled import LabelledEnum


class Role(LabelledEnum):
    """What an account is for; /workflows says which steps each role may take."""

    READER = "reader", "查阅人员", "reader"
    OFFICE_EDITOR = "office_editor", "承办单位经办人", "office editor"
    OFFICE_HEAD = "office_head", "承办单位负责人", "head of an office"
    REGISTRAR = "registrar", "登记管理员", "registrar"
    DISPATCHER = "dispatcher", "交办人员", "dispatcher"
    SUPERVISOR = "supervisor", "督办核验人员", "supervisor"
    AUDITOR = "auditor", "审计人员", "auditor"
    SECURITY_ADMIN = "security_admin", "安全管理员", "security administrator"
    SYSTEM_ADMIN = "system_admin", "系统管理员", "system administrator"


class Scope(LabelledEnum):
    """What a key may be used for at most, whatever its holder's roles grant."""

    READ = "read", "读取", "read"
    WRITE = "write", "办理和更正", "handle and correct"
    ADMINISTER = "administer", "管理账户和密钥", "administer accounts and keys"


class ApprovalKind(LabelledEnum):
    """What is asked by one person and approved by another."""

    REOPEN = "reopen", "重新开启已结束的建议", "reopen what was ended"
    IMPORT = "import", "批量导入", "bulk import"
    ERASE_PERSON = "erase_person", "删除代表委员的个人信息", "erase a proposer's personal data"
    ERASE_PRINCIPAL = "erase_principal", "删除账户的个人信息", "erase an account's personal data"
    ERASE_TEXT = "erase_text", "删除文字", "erase what was written"
    CREATE_PRINCIPALS = "create_principals", "建立账户", "make accounts"
    GRANT_ADMIN = "grant_admin", "扩大账户权限", "widen what an account may do"
    WRITE_KEY = "write_key", "发放密钥", "issue a key"
    REFORM = "reform", "机构改革", "reform organizations"


class ApprovalState(LabelledEnum):
    """How far a request for approval is; *expired* after 72 hours without a decision."""

    PENDING = "pending", "待批准", "pending"
    APPROVED = "approved", "已批准并执行", "approved and carried out"
    REJECTED = "rejected", "未批准", "rejected"
    WITHDRAWN = "withdrawn", "已撤回", "withdrawn"
    EXPIRED = "expired", "已过期", "expired"


class Outcome(LabelledEnum):
    """How an attempt ended."""

    DONE = "done", "完成", "done"
    REFUSED = "refused", "被拒绝", "refused"
    FAILED = "failed", "失败", "failed"


class ActorKind(LabelledEnum):
    """Who or what acts."""

    ANONYMOUS = "anonymous", "公众", "the public"
    PERSON = "person", "登录人员", "person signed in"
    INTEGRATOR = "integrator", "密钥用户", "holder of a key"
    OPERATOR = "operator", "命令行操作员", "operator at the command line"
    SYSTEM = "system", "系统作业", "system job"
