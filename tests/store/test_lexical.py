"""The word index: any words may be asked, stems meet, filters hold, and a passage is there once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from stores import DIM, article

from qa.store.lexical import Lexical
from qa.store.passages import Stored
from qa.types import Filters, Passage

ANY = Filters()


def stored(number: int, text: str, **fields: str | None) -> Stored:
    of = article(f"a{number}", text, **fields)
    return Stored(number, Passage(of.id, 0, len(text), text), of, np.ones(DIM, np.float16))


STORIES = (
    stored(
        1, "The ministers were killed when the bridge collapsed.", published="2024-05-03", outlet="Reuters"
    ),
    stored(2, "Ferries sink; the harbour is closed AND the storm goes on.", published="2024-05-04"),
    stored(3, "Gold rose to 2,400 dollars.", title="Markets", outlet="BBC News"),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lexical]:
    made = Lexical(tmp_path_factory.mktemp("words") / "lexical", make=True)
    made.apply(gone=(), came=[STORIES])
    yield made
    made.close()


def numbers(found: Sequence[tuple[int, float]]) -> list[int]:
    return [number for number, _ in found]


def test_words_meet_by_their_stem_whatever_their_case(index: Lexical) -> None:
    assert numbers(index.search("KILLING a Minister", k=5, filters=ANY))[0] == 1
    assert numbers(index.search("ferry sinking", k=5, filters=ANY)) == [2]


def test_title_outlet_and_day_are_words_of_the_passage(index: Lexical) -> None:
    assert numbers(index.search("markets", k=5, filters=ANY)) == [3]
    assert numbers(index.search("reuters", k=5, filters=ANY)) == [1]
    assert numbers(index.search("4 May", k=5, filters=ANY))[0] == 2


def test_the_best_come_first_and_no_more_than_asked(index: Lexical) -> None:
    found = index.search("the bridge storm harbour", k=2, filters=ANY)
    assert numbers(found) == [2, 1] and found[0][1] > found[1][1]
    assert len(index.search("the", k=1, filters=ANY)) == 1 and index.search("the", k=0, filters=ANY) == []


def test_filters_do_not_touch_the_scores(index: Lexical) -> None:
    (free,) = index.search("ferries", k=5, filters=ANY)
    assert index.search("ferries", k=5, filters=Filters(since=date(2024, 5, 4))) == [free]


def test_undated_and_other_days_and_outlets_stay_out(index: Lexical) -> None:
    def ask(filters: Filters) -> list[int]:
        return sorted(numbers(index.search("the gold", k=9, filters=filters)))

    assert ask(ANY) == [1, 2, 3] and ask(Filters(since=date.min, until=date.max)) == [1, 2]
    assert ask(Filters(until=date(2024, 5, 3))) == [1] and ask(Filters(outlets=("bbc news",))) == [3]


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=st.text(max_size=200))
@example("AND OR NOT IN TO")
@example('text:(bridge AND [a TO b]) -"x"~2 ^3 {!} \\')
@example('+ - && || ! ( ) { } [ ] ^ " ~ * ? : \\ /')
@example("in to and or not")
@example("0_0 covid_19 x_")
@example("the " * 20_000)
@example("a" * 100_000)
@example("ﬁ Ⅳ ² ١٢ İstanbul ſ \u0345\u0301 _ __ 🦅 \x00")
def test_no_words_ever_fail(index: Lexical, words: str) -> None:
    found = index.search(words, k=5, filters=ANY)
    assert set(numbers(found)) <= {1, 2, 3}


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet='ANDORTI in:"()[]{}*?~^+-\\/<>=_0b', max_size=40))
def test_no_syntax_ever_fails(index: Lexical, words: str) -> None:
    index.search(words, k=5, filters=Filters(since=date(2024, 1, 1), outlets=(words,)))


def test_the_same_passage_taken_up_twice_is_there_once(tmp_path: Path) -> None:
    index = Lexical(tmp_path / "lexical", make=True)
    for _ in range(2):
        index.apply(gone=(), came=[STORIES])
    assert index.count() == 3 and index.numbers() == [1, 2, 3]
    index.apply(gone=[(1, 2), (7, 9)], came=())
    assert index.numbers() == [3] and index.search("bridge", k=5, filters=ANY) == []


def test_what_was_dropped_is_told_until_nothing_weighs_by_it(tmp_path: Path) -> None:
    index = Lexical(tmp_path / "lexical", make=True)
    index.apply(gone=(), came=[STORIES])
    assert index.removed() == 0
    index.apply(gone=[(1, 1)], came=())
    assert index.removed() == 1
    index.apply(gone=[(2, 3)], came=())  # tantivy drops a segment that holds nothing any more
    assert index.removed() == 0 and index.count() == 0


def test_an_open_index_sees_what_was_committed_after_a_refresh(tmp_path: Path) -> None:
    writer = Lexical(tmp_path / "lexical", make=True)
    reader = Lexical(tmp_path / "lexical")
    writer.apply(gone=(), came=[STORIES])
    assert reader.count() == 0
    reader.refresh()
    assert reader.count() == 3


def test_a_reader_makes_no_index(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Lexical(tmp_path / "lexical")
    assert not (tmp_path / "lexical").exists()
