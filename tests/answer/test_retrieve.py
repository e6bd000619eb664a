"""Fusion, favour and copies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from told import article, hit

from qa.answer.retrieve import dense_texts, lexical_words, retrieve
from qa.answer.shelf import Shelf
from qa.question.plan import plan
from qa.types import Filters, Hit, Search

NOW = date(2025, 4, 25)
ONE = article("Floods hit the town of Ely after a week of rain.", id="one", published="2025-04-24")
TWO = article("A bridge was opened by the mayor of Ely.", id="two", published="2024-01-01")
COPY = article("Floods hit the town of Ely after a week of rain!", id="copy", published="2025-04-24")
SHELF = Shelf.holding(ONE, TWO, COPY)


def found(
    question: str, lexical: list[Hit], dense: list[Hit], *, shelf: Shelf = SHELF, k: int = 20
) -> list[str]:
    hits = retrieve(plan(question, now=NOW), lambda *_: (lexical, dense), shelf, k=k)
    return [hit.passage.article_id for hit in hits]


def test_words_decide_where_words_and_vectors_disagree() -> None:
    assert found("Ely", [hit(ONE, 9), hit(TWO, 1)], [hit(TWO, 0.9), hit(ONE, 0.1)])[0] == "one"


def test_vectors_find_what_words_miss() -> None:
    assert found("Ely", [], [hit(TWO, 0.4)]) == ["two"]


def lead(question: str) -> float:
    """By how much the article of this week is ahead of the one of last year."""
    hits = retrieve(plan(question, now=NOW), lambda *_: ([hit(TWO, 5), hit(ONE, 5)], []), SHELF)
    score = {found.passage.article_id: found.score for found in hits}
    return score["one"] - score["two"]


def test_the_days_that_are_meant_are_favoured_and_others_not_hidden() -> None:
    assert lead("Who won in Ely this week?") > lead("Who won in Ely?") + 0.1
    assert lead("Who won in Ely in 2024?") < lead("Who won in Ely?") - 0.1


def test_latest_puts_the_newest_first() -> None:
    assert found("What is the latest from Ely?", [hit(TWO, 10), hit(ONE, 8)], [])[0] == "one"


def test_fresher_wins_a_tie() -> None:
    assert found("Ely", [hit(TWO, 5), hit(ONE, 5)], []) == ["one", "two"]


def test_of_copies_of_one_story_the_best_stays() -> None:
    lexical = [hit(ONE, 9), hit(COPY, 8), hit(TWO, 7)]
    wire = Shelf.holding(ONE, TWO, COPY, clusters={"one": "wire", "copy": "wire"})
    assert found("Ely", lexical, [], shelf=wire) == ["one", "two"]
    assert found("Ely", lexical, []) == ["one", "copy", "two"]


def test_at_most_k() -> None:
    assert len(found("Ely", [hit(ONE, 3), hit(TWO, 2)], [], k=1)) == 1


def test_each_search_has_its_filters() -> None:
    asked: list[tuple[str, Filters]] = []

    def search(text: str, filters: Filters, n: int) -> tuple[list[Hit], list[Hit]]:
        asked.append((text, filters))
        return [], []

    reuters, bbc = Filters(outlets=("Reuters",)), Filters(outlets=("BBC",))
    searches = tuple(
        Search(text, filters, clauses=(text,)) for text, filters in (("floods", reuters), ("bridge", bbc))
    )
    assert retrieve(replace(plan("Ely", now=NOW), searches=searches), search, SHELF) == []
    assert asked == [("floods", reuters), ("bridge", bbc)]


@pytest.mark.parametrize(
    "question",
    [
        "Who won in Ely?",
        "Who won in Ely, and when?",
        "Which river flooded the town of Ely last week, and which mayor of a northern city opened a bridge?",
    ],
)
def test_the_texts_that_are_embedded_are_those_whose_nearest_passages_count(question: str) -> None:
    """A passage found by one of them and by no words is found; one found by any other text is not."""
    planned = plan(question, now=NOW)

    def found_by(text: str) -> bool:
        return bool(
            retrieve(planned, lambda asked, *_: ([], [hit(ONE, 0.9)] if asked == text else []), SHELF)
        )

    asked: list[str] = []
    retrieve(planned, lambda text, *_: (asked.append(text), ([], []))[1], SHELF)
    assert {text for text in asked if found_by(text)} == set(dense_texts(planned))


def test_the_words_searched_for_carry_the_question() -> None:
    assert lexical_words("Who was killed in the town of Ely?") == "killed town ely"
    assert lexical_words("Who is who?") == "who is who"
