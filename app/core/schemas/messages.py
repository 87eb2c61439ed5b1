"""Messages of fields, in both languages."""

from app.core.types import Values

SEPARATOR = "\x1f"


def say(zh: str, en: str) -> str:
    """Return one message that holds both languages."""
    return f"{zh}{SEPARATOR}{en}"


def also(message: str, meant: str) -> str:
    """Return *message*, in both languages, with what may have been *meant*."""
    zh, _, en = message.partition(SEPARATOR)
    return say(f"{zh}；是否指 {meant}", f"{en}; did you mean {meant}?")


REQUIRED = say("必须填写", "is required")


NOT_NULL = say("不能为 null", "must not be null")


Messages = Values


COMMON: Messages = {
    "required": REQUIRED,
    "null": NOT_NULL,
    "validator_failed": say("无效", "is invalid"),
}
