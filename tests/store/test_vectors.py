"""The vector index: nearest first by cosine, each passage once, handles that leave nothing."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from stores import DIM, article, embed

from qa.store.passages import Stored
from qa.store.vectors import Exact, Vectors, _spellings
from qa.types import Passage

TEXTS = [f"passage {n}" for n in range(40)]
VECTORS = embed(TEXTS)


def stored(number: int) -> Stored:
    text = TEXTS[number]
    of = article(f"a{number}", text)
    return Stored(number, Passage(of.id, 0, len(text), text), of, VECTORS[number].astype(np.float16))


def filled(folder: Path, numbers: range) -> Vectors:
    index = Vectors(folder, make=True)
    index.apply(gone=(), came=[[stored(number) for number in numbers]])
    return index


def test_the_nearest_come_first_with_their_cosine(tmp_path: Path) -> None:
    index = filled(tmp_path, range(40))
    for number in range(40):
        found = index.search(VECTORS[number], k=40)
        cosines = VECTORS @ VECTORS[number]
        assert found[0][0] == number and len(found) == 40
        assert np.allclose([cosine for _, cosine in found], [cosines[each] for each, _ in found], atol=5e-3)
        assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)
    index.close()


def test_a_passage_is_there_once_and_can_go(tmp_path: Path) -> None:
    index = filled(tmp_path, range(10))
    index.apply(gone=(), came=[[stored(number) for number in range(10)]])
    assert index.count() == 10 and index.numbers() == list(range(10))
    index.apply(gone=[(0, 4), (700, 9000)], came=())
    assert index.numbers() == [5, 6, 7, 8, 9]
    assert 2 not in [number for number, _ in index.search(VECTORS[2], k=10)]
    index.close()


def test_fewer_passages_than_asked_and_none_at_all_are_fine(tmp_path: Path) -> None:
    index = Vectors(tmp_path, make=True)
    assert index.search(VECTORS[0], k=5) == [] and index.numbers() == []
    index.apply(gone=(), came=[[stored(1)]])
    assert len(index.search(VECTORS[0], k=100)) == 1 and index.search(VECTORS[0], k=0) == []
    index.close()


def test_a_handle_opened_after_a_write_sees_it_in_the_same_process(tmp_path: Path) -> None:
    filled(tmp_path, range(10)).close()
    reader = Vectors(tmp_path)
    assert reader.search(VECTORS[20], k=1)[0][1] < 0.99
    filled(tmp_path, range(10, 30)).close()
    fresh = Vectors(tmp_path)
    number, cosine = fresh.search(VECTORS[20], k=1)[0]
    assert number == 20 and cosine > 0.999
    reader.search(VECTORS[0], k=1)  # the old one still answers
    reader.close()
    assert fresh.search(VECTORS[21], k=1)[0][0] == 21  # and closing it does not touch the new one
    fresh.close()


def test_closed_and_forgotten_handles_give_their_spelling_back(tmp_path: Path) -> None:
    before = len(_spellings)
    for _ in range(5):
        filled(tmp_path, range(3)).close()
    index = Vectors(tmp_path)
    assert len(_spellings) == before + 1
    del index
    assert len(_spellings) == before


def test_a_reader_makes_no_index(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Vectors(tmp_path / "vectors")
    assert not (tmp_path / "vectors").exists()


def test_many_threads_may_search_one_handle(tmp_path: Path) -> None:
    index = filled(tmp_path, range(40))
    wrong: list[int] = []

    def search(number: int) -> None:
        for _ in range(20):
            if index.search(VECTORS[number], k=1)[0][0] != number:
                wrong.append(number)

    threads = [threading.Thread(target=search, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    index.close()
    assert not wrong


def test_compared_one_by_one_the_order_is_exact() -> None:
    exact = Exact(range(100, 140), VECTORS)
    found = exact.search(VECTORS[7], k=5)
    assert [number - 100 for number, _ in found] == list(np.argsort(-(VECTORS @ VECTORS[7]))[:5])
    assert exact.search(VECTORS[7], k=0) == [] and len(exact) == 40
    assert Exact((), np.empty((0, 0), np.float32)).search(np.ones(DIM, np.float32), k=5) == []


def test_compared_one_by_one_a_passage_has_the_cosine_that_the_index_gives(tmp_path: Path) -> None:
    index = Vectors(tmp_path / "vectors", make=True)
    index.apply(gone=(), came=[[stored(n) for n in range(40)]])
    halves = VECTORS.astype(np.float16).astype(
        np.float32
    )  # as the catalogue keeps them, no longer of length 1
    exact = Exact(range(40), halves)
    for asked in (VECTORS[3], VECTORS[7]):
        one, other = index.search(asked, k=10), exact.search(asked, k=10)
        assert [number for number, _ in one] == [number for number, _ in other]
        assert np.allclose([cosine for _, cosine in one], [cosine for _, cosine in other], atol=2e-6)
    index.close()
