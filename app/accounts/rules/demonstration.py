"""Whom a demonstration has: an account with a key for each part that somebody may play."""

from app.core.codes import Role

KEYS = (
    ("EDITOR", "市工信局 演示经办人", (Role.OFFICE_EDITOR,), "zhengzhou-industry"),
    ("OTHER_EDITOR", "市大数据局 演示经办人", (Role.OFFICE_EDITOR,), "zhengzhou-data"),
    ("HEAD", "市工信局 演示负责人", (Role.OFFICE_HEAD,), "zhengzhou-industry"),
    ("JOINT_HEAD", "市大数据局 演示负责人", (Role.OFFICE_HEAD,), "zhengzhou-data"),
    ("DISPATCHER", "演示交办员", (Role.DISPATCHER,), None),
    ("SUPERVISOR", "演示督办员", (Role.SUPERVISOR,), "zhengzhou-government"),
    ("OTHER_SUPERVISOR", "演示督办员乙", (Role.SUPERVISOR,), "zhengzhou-government"),
    ("ADMIN", "演示登记管理员", (Role.REGISTRAR,), None),
    ("SECURITY_ADMIN", "演示安全管理员", (Role.SECURITY_ADMIN,), None),
    ("AUDITOR", "演示审计员", (Role.AUDITOR,), None),
)
"""Name in the file, name in the history, roles, office."""

EARLIER = frozenset({"演示管理员"})
"""Names of such accounts in earlier releases."""

NAMES = frozenset(name for _, name, _, _ in KEYS) | EARLIER
