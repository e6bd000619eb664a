"""The truth: one transaction an article, old revisions kept, sources and files accounted for."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from stores import DIM, article, embed, told

from qa.errors import NotStored, StoreError
from qa.ingest.blocks import blocks
from qa.ingest.chunk import chunk
from qa.store.catalogue import Catalogue
from qa.store.ledger import File
from qa.types import Article, Filters


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    made = Catalogue(f"sqlite:///{tmp_path / 'catalogue.db'}")
    made.open(embedder="random", dim=DIM)
    yield made
    made.close()


def add(catalogue: Catalogue, of: Article, *sources: str) -> str:
    passages = chunk(of, blocks(of.text))
    vectors = embed([passage.text for passage in passages])
    named = {source: source.partition("#")[0] for source in sources or (of.id,)}
    return catalogue.add(of, passages, vectors, cluster=of.id, keys=(), sources=named)


def test_what_is_added_comes_back_as_it_was(catalogue: Catalogue) -> None:
    fields = {"title": "T", "outlet": "O", "author": "A", "published": "2025-04-25", "url": "u"}
    given = article("a", told(1, 30), **fields, modified="2025-04-26", language="en")
    assert add(catalogue, given) == "added" and add(catalogue, given) == "unchanged"
    back = catalogue.article("a")
    assert replace(back, cluster=None) == given
    assert catalogue.passages_of("a") == chunk(given, blocks(given.text))
    row = catalogue.rows()[0]
    assert (row["passages"], row["published"]) == (len(catalogue.passages_of("a")), "2025-04-25")


def test_a_store_made_before_columns_were_added_goes_on(tmp_path: Path) -> None:
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'catalogue.db'}")
    catalogue.open(embedder="random", dim=DIM)
    add(catalogue, article("old", told(1)))
    catalogue.close()
    with closing(sqlite3.connect(tmp_path / "catalogue.db")) as database:
        for column in ("modified", "language"):
            database.execute(f"ALTER TABLE revisions DROP COLUMN {column}")
    for _ in range(2):
        catalogue.open(embedder="random", dim=DIM)
    add(catalogue, article("new", told(2), language="en"))
    assert [catalogue.article(name).language for name in ("old", "new")] == [None, "en"]
    catalogue.close()


def test_vectors_come_back_within_what_half_precision_keeps(catalogue: Catalogue) -> None:
    given = article("a", told(1))
    add(catalogue, given)
    numbers = catalogue.numbers()
    stored = list(catalogue.stored_by(numbers))
    kept = np.stack([each.vector for each in stored]).astype(np.float32)
    assert np.allclose(kept, embed([each.passage.text for each in stored]), atol=1e-3)


def test_a_new_revision_takes_new_numbers_and_says_what_went(catalogue: Catalogue) -> None:
    add(catalogue, article("a", told(1)))
    old, seen = catalogue.numbers(), catalogue.last_change()
    assert add(catalogue, article("a", told(2))) == "updated"
    assert min(catalogue.numbers()) > max(old) and catalogue.passages(old) == {}
    gone, came = catalogue.changes(seen)
    assert (gone.came, gone.first, gone.last) == (False, old[0], old[-1])
    assert (came.came, came.first, came.last) == (True, catalogue.numbers()[0], catalogue.numbers()[-1])


def test_a_removed_article_leaves_its_revisions_and_nothing_else(catalogue: Catalogue) -> None:
    given = article("a", told(1))
    add(catalogue, given)
    catalogue.set_files([File("a", 1, 1, "x", "[]")])
    assert catalogue.remove(["a", "b"]) == 1 and catalogue.remove(["a"]) == 0
    assert catalogue.numbers() == [] and catalogue.count() == 0 and catalogue.read_files() == {}
    assert catalogue.article("a", given.revision).text == given.text
    with pytest.raises(NotStored, match="python -m qa articles"):
        catalogue.article("a")


def test_an_interrupted_transaction_leaves_no_trace(catalogue: Catalogue) -> None:
    given = article("a", told(1))
    with pytest.raises(ValueError, match=r"shorter|longer"):
        catalogue.add(
            given,
            chunk(given, blocks(given.text)),
            np.ones((99, DIM), np.float32),
            cluster="a",
            keys=(1, 2),
            sources={"a": "a"},
        )
    assert catalogue.count() == 0 and catalogue.numbers() == [] and catalogue.source("a") is None
    assert catalogue.last_change() == 0 and catalogue.sharing([1], apart_from="", most=5) == []


def test_files_are_known_with_how_many_articles_they_hold(catalogue: Catalogue) -> None:
    add(catalogue, article("x", told(1)), "f#1")
    add(catalogue, article("y", told(2)), "f#2")
    entry = File("f", 10, 123, "abc", "[]")
    catalogue.set_files([entry, File("empty", 0, 1, "def", "[]")])
    assert catalogue.read_files() == {"f": (entry, 2), "empty": (File("empty", 0, 1, "def", "[]"), 0)}


def test_an_article_is_left_alone_as_long_as_one_source_has_it(catalogue: Catalogue) -> None:
    add(catalogue, article("x", told(1)), "f#1", "g#1")
    assert catalogue.forget_sources(["f#1"]) == [] and catalogue.forget_sources(["g#1"]) == ["x"]
    assert catalogue.sourceless() == ["x"]


def test_an_article_with_an_address_is_nobodys_copy(catalogue: Catalogue) -> None:
    add(catalogue, article("a", told(1)))
    assert catalogue.same_text(article("b", told(1))) == "a"
    assert catalogue.same_text(article("b", told(1), url="https://b.test")) is None
    assert catalogue.same_text(article("b", told(2))) is None


def test_rows_are_newest_first_and_filtered_exactly(catalogue: Catalogue) -> None:
    for n, (day, outlet) in enumerate(
        [("2024-01-01", "A"), (None, "A"), ("2024-01-03", "b"), ("2024-01-02", None)]
    ):
        add(catalogue, article(f"a{n}", told(n), published=day, outlet=outlet))
    assert [row["id"] for row in catalogue.rows()] == ["a2", "a3", "a0", "a1"]
    assert [row["id"] for row in catalogue.rows(Filters(until=date(2024, 1, 2)))] == ["a3", "a0"]
    assert [row["id"] for row in catalogue.rows(Filters(outlets=("B",)))] == ["a2"]
    assert catalogue.outlets() == ["A", "b"]
    assert catalogue.day_span() == (date(2024, 1, 1), date(2024, 1, 3))


def test_many_ids_are_more_than_one_statement_takes(catalogue: Catalogue) -> None:
    add(catalogue, article("a", told(1)))
    assert set(catalogue.passages(range(100_000))) == set(catalogue.numbers())
    assert catalogue.clusters([f"x{n}" for n in range(40_000)] + ["a"]) == {"a": "a"}
    assert catalogue.days([f"x{n}" for n in range(40_000)] + ["a"]) == {"a": None}


def test_reading_goes_on_while_another_thread_writes(catalogue: Catalogue) -> None:
    add(catalogue, article("a", told(0)))
    wrong: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(100):
                assert catalogue.article("a").text and catalogue.rows()
        except BaseException as error:  # noqa: BLE001 - shown below
            wrong.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(30):
        add(catalogue, article("a", told(n)))
    for thread in threads:
        thread.join()
    assert not wrong


def test_several_processes_may_make_the_same_store_at_once(tmp_path: Path) -> None:
    code = (
        "import sys; from qa.store.catalogue import Catalogue\n"
        "catalogue = Catalogue('sqlite:///' + sys.argv[1]); sys.stdin.readline()\n"
        "catalogue.open(embedder='random', dim=8)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "catalogue.db")]
    makers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    for maker in makers:
        maker.stdin.write("\n")  # type: ignore[union-attr]
        maker.stdin.flush()  # type: ignore[union-attr]
    assert [maker.communicate(timeout=120)[1] for maker in makers] == [""] * 4


def test_a_catalogue_that_cannot_be_written_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="write permission"):
        Catalogue(f"sqlite:///{tmp_path / 'nowhere' / 'catalogue.db'}").open(embedder="random", dim=DIM)
