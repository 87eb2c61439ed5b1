"""What someone searches for, as lists take it."""

from app.core.schemas.fields import Line
from app.core.schemas.messages import Messages, say
from app.core.types import Given
from app.register.searching.rules.search_words import REASONS, Misread, read_words

LONGEST_SEARCH = 200


class SearchWords(Line):
    """Words and phrases that are looked for; what cannot be understood is refused."""

    default_error_messages: Messages = {reason: say(zh, en) for reason, (zh, en) in REASONS.items()}

    def __init__(self, found_in: str) -> None:
        """Say that words are *found_in* something."""
        super().__init__(LONGEST_SEARCH, metadata={"description": f"{found_in} {HOW}"})

    def _deserialize(
        self, value: object, attr: str | None, data: Given | None, **kwargs: object
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            read_words(text)
        except Misread as error:
            raise self.make_error(str(error)) from None
        return text


HOW = 'All words are needed; `"a phrase"`, `-without`, `this OR that`.'
