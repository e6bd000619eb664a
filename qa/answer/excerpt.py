"""The sentences of a passage that are worth reading for a question: those that share most words with it.

Reading is what a question takes longest for, and it costs by the word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.english.sentences import sentences
from qa.english.words import bag, content_words, rarity
from qa.types import Passage

EXCERPT_WORDS = 60  # of some 106 of a whole one; see benchmarks/README.md, "Excerpts"


def excerpts(
    question: str, passages: Sequence[Passage], *, found: Sequence[Passage], whole: int
) -> list[Passage]:
    """For each passage its sentences in a row, of at most EXCERPT_WORDS, that share the rarest words.

    How rare a word of the question is, is counted in all that was `found`, best first, by inverse document
    frequency. The first `whole` of those come back as they are, and so does what is short enough; a sentence
    that is too long is not cut.
    """
    long = [
        passage not in found[:whole] and len(passage.text.split()) > EXCERPT_WORDS for passage in passages
    ]
    if not any(long):
        return list(passages)
    weights = rarity(content_words(question), [passage.text for passage in found])
    return [
        _excerpt(passage, weights) if too_long else passage
        for passage, too_long in zip(passages, long, strict=True)
    ]


def _excerpt(passage: Passage, weights: dict[str, float]) -> Passage:
    _, _, start, end = max(_stretches(passage.text, weights), key=lambda stretch: stretch[:2])
    return Passage(passage.article_id, passage.start + start, passage.start + end, passage.text[start:end])


def _stretches(text: str, weights: dict[str, float]) -> Iterator[tuple[float, int, int, int]]:
    """Every run of sentences that is short enough: what it holds of the question, its words, start, end."""
    found = [
        (start, end, len(text[start:end].split()), bag(text[start:end])) for start, end in sentences(text)
    ]
    for first, (start, *_) in enumerate(found):
        held: set[str] = set()
        size = 0
        for _, end, count, here in found[first:]:
            size += count
            if size > EXCERPT_WORDS and size > count:
                break
            held |= {word for word in weights if word in here}
            yield sum(weights[word] for word in sorted(held)), size, start, end
