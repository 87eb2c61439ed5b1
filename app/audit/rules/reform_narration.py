"""What a reform did to records, as sentences in zh and en."""

from app.audit.rules.sentences import About, Changes, Story, Teller, new, value_of

PASSED = {
    "office": ("承办单位", "the office"),
    "supervisor": ("督办单位", "the supervisor"),
}
"""Fields that hold who has something → what a sentence calls them."""


def narrate_passing(changes: Changes, about: About) -> Story:
    """Tell that what was open passed to the successor of an office, by which paper."""
    zh, en = "待办事项移交承接单位", "what waited passed to the successor of an office"
    parent = new(changes, "parent")
    if parent is not None:
        zh, en = f"改列于 {parent} 之下", f"it stands below {parent} now"
    for field, name in PASSED.items():
        if field in changes:
            before, after = (value_of(field, value) for value in changes[field])
            zh = f"{name[0]}由{before[0]}变更为{after[0]}"
            en = f"{name[1]} is {after[1]} now, the successor of {before[1]}"
    return (f"{zh}（{about.note}）", f"{en} ({about.note})") if about.note else (zh, en)


PASSING_TELLERS: dict[str, Teller] = {
    f"{kind}.passed": narrate_passing for kind in ("assignment", "commitment", "proposal")
}
"""Operation → what tells it."""
