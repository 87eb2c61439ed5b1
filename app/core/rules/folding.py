"""When two short texts are one: whatever the width, the case and the blanks they are typed with."""

import unicodedata


def folded(text: str) -> str:
    """Return *text* as it is compared: NFKC, without case and blanks.

    ``0008``, `` 0008 `` and ``０００８`` are one. What is stored stays as it was typed.
    """
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
