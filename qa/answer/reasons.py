"""Whether a sentence gives the reason of what is asked, and is not the asked thing told again.

Takes texts and spans. Knows the phrases of reason; nothing of stores.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.values import BREAK, beside, sentence_of
from qa.english import phrases
from qa.english.words import bag, words
from qa.types import Span

DOES_IT = 2  # words behind a span in which the verb of its clause stands


def gives_reason(sentence: Span, asked: Sequence[str], likely: Sequence[Span] = ()) -> bool:
    """Whether the sentence holds a phrase of reason before something else than the `asked` words, folded, or
    the words of a `likely` reason, which are not who does what is asked."""
    return tells_reason(sentence.text, asked) or any(
        sentence_of(span) == sentence_of(sentence)
        and span.passage.article_id == sentence.passage.article_id
        and not _does_it(span, asked)
        for span in likely
    )


def tells_reason(sentence: str, asked: Sequence[str]) -> bool:
    """Whether a phrase of reason stands before something else than the `asked` words: "It fell because of
    rain", asked why it fell; not "Two drowned after it fell"."""
    for match in phrases.each(sentence, "reason_phrases"):
        reason = BREAK.split(sentence[match.end() :])[0]
        rest = sentence[: match.start()] + sentence[match.end() + len(reason) :]
        if _asked_in(rest, asked) >= _asked_in(reason, asked):
            return True
    return False


def _does_it(span: Span, asked: Sequence[str]) -> bool:
    """ "the river" of "the river Nersa burst its banks", asked why the Nersa did."""
    after = words(beside(span)[1])[:DOES_IT]
    return any(word in bag(" ".join(after)) for word in asked)


def _asked_in(text: str, asked: Sequence[str]) -> int:
    there = bag(text)
    return sum(word in there for word in asked)
