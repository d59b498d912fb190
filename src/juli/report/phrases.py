"""Sentences of the rooms below, which they make in English, told in Chinese by their patterns."""

import re
from collections.abc import Callable, Mapping
from typing import Final

_SLOT: Final = re.compile(r"\{(\w+)\}")


class Phrasebook:
    """English sentences, their values in braces, each with the Chinese that takes the same values.

    Parameters
    ----------
    phrases
        English to Chinese. Of several that fit a sentence, the one with most words of its own counts.
    told
        By the name of a value, how that value itself is told in Chinese.

    Examples
    --------
    >>> book = Phrasebook({"{road} is closed": "{road}封闭"})
    >>> book.chinese("长扬路 is closed"), book.chinese("something new")
    ('长扬路封闭', 'something new')
    """

    def __init__(self, phrases: Mapping[str, str], told: Mapping[str, Callable[[str], str]] | None = None):
        self._plain = dict(phrases)
        self._told = told or {}
        with_values = sorted(filter(_SLOT.search, phrases), key=lambda english: -len(_SLOT.sub("", english)))
        self._patterns = [(_pattern(english), phrases[english]) for english in with_values]

    def chinese(self, sentence: str) -> str:
        """A sentence in Chinese; as it is where the book does not have it."""
        if sentence in self._plain:
            return self._plain[sentence]
        for pattern, chinese in self._patterns:
            match = pattern.fullmatch(sentence)
            if match is not None:
                values = match.groupdict().items()
                told = {name: self._told.get(name, str)(value) for name, value in values}
                return chinese.format(**told)
        return sentence


def _pattern(english: str) -> re.Pattern[str]:
    parts = _SLOT.split(english)
    slots = (f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
    return re.compile("".join(slots), re.DOTALL)
