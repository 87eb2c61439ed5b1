"""Pages of administrators and auditors: accounts, keys, approvals, rules, health, the audit."""
