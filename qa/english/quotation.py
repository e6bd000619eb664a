"""Sets words in quotation marks as print does: a quotation within is in single ones. Takes and gives text."""

from __future__ import annotations

import re

_STRAIGHT_OPENING = re.compile(r"(?<![^\s(\[—–-])\"(?=\S)")


def quoted(words: str) -> str:
    """`words` in double marks, the double ones within turned into single ones: “He said ‘no’ twice.”

    For showing only: a quote itself is never changed.
    """
    inner = _STRAIGHT_OPENING.sub("‘", words.replace("“", "‘").replace("”", "’")).replace('"', "’")
    return f"“{inner}”"
