"""The one door: what is added is found, what is removed is not, in every thread, after any fault."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from stores import DIM, article, embed, found, lost, open_store, put, told

from qa.errors import EmbedderMismatch, NotStored, StoreBusy, StoreError
from qa.store.indexes import REBUILD
from qa.store.store import Store
from qa.types import Filters


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with_it = open_store(tmp_path / "data")
    yield with_it
    with_it.close()


def test_an_empty_store_answers_with_nothing(store: Store) -> None:
    assert store.search("anything", embed(["anything"])[0], k=5) == ([], [])
    assert store.articles() == [] and store.newest_day() is None and store.outlets() == []
    assert store.check() == [] and store.generation == 0
    with pytest.raises(NotStored, match="nowhere"):
        store.article("nowhere")


def test_every_passage_is_found_by_its_own_words_and_vector(store: Store) -> None:
    put(store, *(article(f"a{n}", told(n, 30)) for n in range(20)))
    assert lost(store) == [] and store.check() == []


def test_what_is_added_is_found_only_after_commit(store: Store) -> None:
    put(store, article("first", told(1)))
    put(store, article("second", told(2)), commit=False)
    assert found(store, "mark1") == {"first"} and found(store, "mark2") == set()
    with store.writing():  # the next writer finishes it
        pass
    assert found(store, "mark2") == {"second"}


def test_a_new_revision_replaces_the_old_which_can_still_be_opened(store: Store) -> None:
    old, new = article("a", "The bridge is open. Traffic flows."), article("a", "The ferry has sunk at sea.")
    assert (
        put(store, old) == ["added"] and put(store, new) == ["updated"] and put(store, new) == ["unchanged"]
    )
    assert found(store, "bridge") == set() and found(store, "ferry") == {"a"}
    _, near = store.search("", embed([old.text])[0], k=10)
    assert [hit.passage.text for hit in near] == [new.text]
    assert store.article("a").text == new.text and store.article("a", old.revision).text == old.text
    assert [row["revision"] for row in store.articles()] == [new.revision] and store.check() == []


def test_a_revision_that_comes_back_is_found_again(store: Store) -> None:
    old, new = article("a", "The bridge is open."), article("a", "The ferry has sunk.")
    put(store, old)
    put(store, new)
    assert (
        put(store, old) == ["updated"] and found(store, "bridge") == {"a"} and found(store, "ferry") == set()
    )


def test_a_removed_article_vanishes_at_once_also_for_others(store: Store, tmp_path: Path) -> None:
    one = article("a", told(1))
    put(store, one, article("b", told(2)))
    other = open_store(tmp_path / "data")
    assert found(store, "mark1") == found(other, "mark1") == {"a"}
    with store.writing():
        assert store.remove(["a", "unknown"]) == 1
        for each in (store, other):
            words, near = each.search("mark1", embed([one.text])[0], k=5)
            assert "a" not in {hit.passage.article_id for hit in [*words, *near]}
        store.commit()
    assert found(other, "mark1") == set() and store.check() == []
    assert other.article("a", one.revision).text == one.text  # citations already given still open
    with pytest.raises(NotStored):
        other.article("a")
    other.close()


def test_a_commit_with_nothing_new_changes_nothing(store: Store) -> None:
    put(store, article("a", told(1)))
    before = store.generation
    with store.writing():
        store.commit()
    assert store.generation == before


def test_filters_are_exact_in_both_indexes_and_leave_the_undated_out(store: Store) -> None:
    days = [None, "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"]
    outlets = ["Reuters", "BBC News", None]
    every = [
        article(f"{day}/{outlet}/{n}", f"Storm {told(n)}", outlet=outlet, published=day)
        for n, (day, outlet) in enumerate((day, outlet) for day in days for outlet in outlets)
    ]
    put(store, *every)
    vector = embed(["storm"])[0]
    for filters in (
        Filters(since=date(2024, 2, 29)),
        Filters(until=date(2024, 2, 29)),
        Filters(date(2024, 2, 29), date(2024, 3, 1)),
        Filters(outlets=("reuters",)),
        Filters(outlets=("BBC NEWS", "Reuters"), until=date(2024, 3, 1)),
        Filters(since=date(2030, 1, 1)),
        Filters(outlets=("Nobody",)),
        Filters(),
    ):
        wanted = {each.id for each in every if admitted(each.day, each.outlet, filters)}
        words, near = store.search("storm", vector, k=50, filters=filters)
        assert {hit.passage.article_id for hit in words} == wanted, filters
        assert {hit.passage.article_id for hit in near} == wanted, filters
        assert {row["id"] for row in store.articles(filters)} == wanted, filters


def admitted(day: str | None, outlet: str | None, filters: Filters) -> bool:
    if (filters.since or filters.until) and day is None:
        return False
    if filters.since and day < filters.since.isoformat():  # type: ignore[operator]
        return False
    if filters.until and day > filters.until.isoformat():  # type: ignore[operator]
        return False
    return not filters.outlets or (outlet or "").casefold() in {name.casefold() for name in filters.outlets}


def test_a_narrow_filter_in_a_large_store_still_fills_the_list(store: Store) -> None:
    many = [article(f"a{n}", told(n), outlet="Rare" if n % 50 == 0 else "Common") for n in range(500)]
    put(store, *many)
    _, near = store.search("", embed(["anything"])[0], k=10, filters=Filters(outlets=("Rare",)))
    assert len(near) == 10 and all(hit.passage.article_id[-2:] in ("a0", "50", "00") for hit in near)


# Copies of one story


def test_copies_share_a_cluster_and_other_stories_do_not(store: Store) -> None:
    wire = told(1, 20)
    put(store, article("a", wire), article("b", wire + "\n\nMore to follow."), article("c", told(2, 20)))
    clusters = store.clusters(["a", "b", "c", "unknown"])
    assert clusters["a"] == clusters["b"] != clusters["c"] and len(clusters) == 3


def test_an_article_that_tells_another_story_now_leaves_its_cluster(store: Store) -> None:
    wire = told(1, 20)
    put(store, article("a", wire), article("b", wire + "\n\nMore to follow."))
    put(store, article("a", told(2, 20)))
    clusters = store.clusters(["a", "b"])
    assert clusters["a"] != clusters["b"]


# Embedders


def test_another_embedder_is_refused_by_name_until_the_store_is_rebuilt(store: Store, tmp_path: Path) -> None:
    put(store, article("a", told(1)))
    other = Store.open(tmp_path / "data", embedder="wide", dim=8)
    with pytest.raises(EmbedderMismatch, match=rf"random \(32 dim.*wide \(8\).*{REBUILD}"):
        other.search("mark1", np.ones(8, np.float32), k=5)
    assert found(other, "mark1") == {"a"}  # words need no vectors
    with pytest.raises(EmbedderMismatch):
        put(other, article("b", told(2)))
    assert any("wide" in problem and REBUILD in problem for problem in other.check())
    with other.writing():
        other.rebuild(
            lambda texts: embed(texts)[:, :8] / np.linalg.norm(embed(texts)[:, :8], axis=1)[:, None]
        )
    assert other.check() == []
    _, near = other.search("", np.ones(8, np.float32), k=5)
    assert [hit.passage.article_id for hit in near] == ["a"]
    with pytest.raises(EmbedderMismatch):
        store.search("mark1", embed(["x"])[0], k=5)
    other.close()


def test_a_rebuild_for_another_embedder_that_was_cut_short_is_refused_and_done_again(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data")
    put(store, article("a", told(1)))
    store.close()
    for name in ("new", "random"):  # going on, and going back

        def fail(texts: object) -> None:
            raise KeyboardInterrupt

        half = open_store(tmp_path / "data", embedder="other")
        with pytest.raises(KeyboardInterrupt), half.writing():
            half.rebuild(fail)  # type: ignore[arg-type]
        half.close()
        again = open_store(tmp_path / "data", embedder=name)
        with pytest.raises(EmbedderMismatch):
            again.search("", embed(["x"])[0], k=5)
        with again.writing():
            again.rebuild(embed)
        assert again.check() == [] and lost(again) == []
        again.close()


def test_an_empty_store_takes_any_embedder(tmp_path: Path) -> None:
    open_store(tmp_path / "data").close()
    other = open_store(tmp_path / "data", embedder="another", dim=8)
    assert other.search("x", np.ones(8, np.float32), k=3) == ([], [])
    other.close()


def test_a_rebuild_needs_no_model(store: Store) -> None:
    put(store, article("a", told(1)), article("b", told(2)))
    with store.writing():
        store.rebuild()
    assert store.check() == [] and lost(store) == []


# The lock


def test_a_second_writer_waits_says_so_and_gives_up_when_told(store: Store, tmp_path: Path) -> None:
    other = open_store(tmp_path / "data")
    said = []
    with store.writing():
        with (
            pytest.raises(StoreBusy, match="has been writing"),
            other.writing(wait_s=0.1, on_wait=lambda: said.append("file")),
        ):
            pass
        with store.writing():  # within one's own is fine
            pass
        failed: list[BaseException] = []
        thread = threading.Thread(target=hold, args=(store, said, failed))
        thread.start()
        thread.join()
    assert said == ["file", "thread"] and isinstance(failed[0], StoreBusy)
    with other.writing(wait_s=5):
        pass
    other.close()


def hold(store: Store, said: list[str], failed: list[BaseException]) -> None:
    try:
        with store.writing(wait_s=0.1, on_wait=lambda: said.append("thread")):
            pass
    except StoreBusy as error:
        failed.append(error)


# Readers in one process


def test_fifty_generations_leave_no_files_threads_or_clients_behind(store: Store) -> None:
    counts = []
    for n in range(50):
        one = article(f"a{n}", told(n))
        put(store, one)
        words, near = store.search(f"mark{n}", embed([one.text])[0], k=3)
        assert words[0].passage.article_id == f"a{n}"
        assert near[0].passage.article_id == f"a{n}" and near[0].score > 0.99
        counts.append((len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), tasks()))
    early, late = np.array(counts[10:20]), np.array(counts[40:])  # files, Python's threads, all threads
    assert (late.max(axis=0) <= early.max(axis=0) + 4).all(), counts


def tasks() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def test_searching_while_another_thread_writes_and_closes_never_fails(store: Store) -> None:
    put(store, article("a", told(1)))
    stop, wrong, searches = threading.Event(), [], []

    def search() -> None:
        vector = embed(["x"])[0]
        while not stop.is_set():
            try:
                words, near = store.search("mark1", vector, k=5)
                searches.append(bool(words) and bool(near))
            except Exception as error:  # noqa: BLE001 - any is one too many
                if "closed" not in str(error):
                    wrong.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(2, 12):
        put(store, article(f"a{n}", told(n)))
    store.close()
    stop.set()
    for thread in threads:
        thread.join(30)
    assert not wrong and all(searches) and len(searches) > 20
    with pytest.raises(StoreError, match="closed"):
        store.search("mark1", None, k=1)


# Faults


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A store with forty articles, closed."""
    store = open_store(tmp_path / "data")
    put(store, *(article(f"a{n}", told(n)) for n in range(40)))
    store.close()
    return tmp_path / "data"


def index(data: Path, kind: str) -> Path:
    return next(data.glob(f"{kind}-*"))


def overwrite(path: Path, *, at: int = 0) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xa5" * max(64, (path.stat().st_size - at) // 2))


def drop_lexical(data: Path) -> None:
    shutil.rmtree(index(data, "lexical"))


def damage_lexical(data: Path) -> None:
    (index(data, "lexical") / "meta.json").write_text("{")


def empty_lexical(data: Path) -> None:
    for file in index(data, "lexical").glob("*.store"):
        file.unlink()


def drop_vectors(data: Path) -> None:
    shutil.rmtree(index(data, "vectors"))


def damage_chroma(data: Path) -> None:
    overwrite(index(data, "vectors") / "chroma.sqlite3")


def drop_pointer(data: Path) -> None:
    (data / "indexes.json").unlink()


def drop_applied(data: Path) -> None:
    for kind in ("lexical", "vectors"):
        (index(data, kind) / "applied").unlink()


def damage_applied(data: Path) -> None:
    for kind in ("lexical", "vectors"):
        (index(data, kind) / "applied").write_text("nonsense")


FAULTS = (drop_lexical, damage_lexical, empty_lexical, drop_vectors, damage_chroma)
SILENT = (drop_pointer, drop_applied, damage_applied)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_check_names_a_fault_and_the_command_which_mends_it(kept: Path, fault) -> None:  # type: ignore[no-untyped-def]
    fault(kept)
    store = open_store(kept)
    problems = store.check()
    assert len(problems) == 1 and REBUILD in problems[0], problems
    with store.writing():
        store.rebuild()
    assert store.check() == [] and lost(store) == []
    store.close()


@pytest.mark.parametrize("fault", (*FAULTS, *SILENT), ids=lambda fault: fault.__name__)
def test_the_next_run_with_something_new_mends_a_fault(kept: Path, fault) -> None:  # type: ignore[no-untyped-def]
    fault(kept)
    store = open_store(kept)
    put(store, article("new", told(1000)))
    assert store.check() == [] and lost(store) == [] and len(store.articles()) == 41
    store.close()


@pytest.mark.parametrize("fault", (*FAULTS, *SILENT), ids=lambda fault: fault.__name__)
def test_a_question_to_a_faulty_store_gets_hits_or_a_sentence(kept: Path, fault) -> None:  # type: ignore[no-untyped-def]
    fault(kept)
    store = open_store(kept)
    try:
        words, _ = store.search("mark7", embed(["x"])[0], k=5)
        assert [hit.passage.article_id for hit in words] == ["a7"]
    except StoreError as error:
        assert REBUILD in str(error)
    store.close()


def test_a_damaged_vector_index_leaves_a_question_answered(kept: Path) -> None:
    damage_chroma(kept)
    store = open_store(kept)
    words, _ = store.search("mark7", embed(["x"])[0], k=5)
    assert [hit.passage.article_id for hit in words] == ["a7"]
    store.close()


def test_damaged_graph_files_are_found_and_mended(tmp_path: Path) -> None:
    store = open_store(tmp_path / "data")
    put(
        store, *(article(f"a{n}", told(n, 500)) for n in range(40))
    )  # Chroma writes the graph every 1,000 passages
    store.close()
    graph = list(index(tmp_path / "data", "vectors").glob("*/*.bin"))
    assert graph
    for file in graph:
        overwrite(file)
    store = open_store(tmp_path / "data")
    problems = store.check()
    assert problems and all(REBUILD in problem for problem in problems), problems
    words, _ = store.search("mark7", embed(["x"])[0], k=5)
    assert {hit.passage.article_id for hit in words} == {"a7"}
    with store.writing():
        store.rebuild()
    assert store.check() == []
    store.close()


def test_a_damaged_catalogue_is_said_in_a_sentence(kept: Path) -> None:
    with closing(sqlite3.connect(kept / "catalogue.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = (kept / "catalogue.db").stat().st_size
    overwrite(kept / "catalogue.db", at=8192)
    assert size > 20_000
    with pytest.raises(StoreError, match=r"damaged.*backup"):
        store = open_store(kept)
        problems = store.check()
        assert len(problems) == 1 and "backup" in problems[0], problems
        for row in store.articles():
            store.article(row["id"])
    (kept / "catalogue.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match=r"damaged.*backup"):
        open_store(kept)


def test_a_restored_backup_is_found_as_it_was(kept: Path) -> None:
    live, backup = sqlite3.connect(kept / "catalogue.db"), sqlite3.connect(kept / "backup.db")
    with closing(live), closing(backup):
        live.backup(backup)
    store = open_store(kept)
    put(store, *(article(f"late{n}", told(500 + n)) for n in range(3)))
    with store.writing():
        store.remove(["a1"])
        store.commit()
    store.close()
    for name in ("catalogue.db-wal", "catalogue.db-shm"):
        (kept / name).unlink(missing_ok=True)
    shutil.copy(kept / "backup.db", kept / "catalogue.db")
    store = open_store(kept)
    assert found(store, "mark501") == set()  # an index that knows more shows nothing that is not stored
    assert any("too many" in problem and REBUILD in problem for problem in store.check())
    put(store, article("new", told(1000)))
    assert store.check() == [] and lost(store) == [] and len(store.articles()) == 41
    store.close()


def test_a_catalogue_put_in_place_of_another_is_not_served_by_its_indexes(kept: Path, tmp_path: Path) -> None:
    other = open_store(tmp_path / "other")
    put(other, *(article(f"b{n}", told(500 + n)) for n in range(40)))
    put(other, *(article(f"b{n}", told(500 + n)) for n in range(40, 45)))
    other.close()
    shutil.copy(tmp_path / "other" / "catalogue.db", kept / "catalogue.db")
    store = open_store(kept)
    put(store, article("new", told(1000)))
    assert store.check() == [] and lost(store) == [] and len(store.articles()) == 46
    store.close()


def test_passages_that_do_not_fit_their_article_are_named(kept: Path) -> None:
    with closing(sqlite3.connect(kept / "catalogue.db", isolation_level=None)) as connection:
        connection.execute("UPDATE passages SET \"end\" = 1000000 WHERE article_id = 'a3'")
    store = open_store(kept)
    assert any("'a3'" in problem and "python -m qa remove" in problem for problem in store.check())
    store.close()


def test_a_text_that_has_changed_on_the_disk_is_named_and_mended_as_told(kept: Path) -> None:
    with closing(sqlite3.connect(kept / "catalogue.db", isolation_level=None)) as connection:
        connection.execute(
            "UPDATE revisions SET text = replace(text, 'begins', 'begans') WHERE article_id = 'a3'"
        )
    store = open_store(kept)
    (problem,) = store.check()
    assert "'a3'" in problem and "python -m qa remove" in problem
    with store.writing():
        store.remove(["a3"])
    put(store, article("a3", told(3)))
    assert store.check() == [] and store.article("a3").text == told(3)
    store.close()


def test_a_text_that_is_no_text_any_more_is_said_in_a_short_sentence(kept: Path) -> None:
    with closing(sqlite3.connect(kept / "catalogue.db", isolation_level=None)) as connection:
        garbled = (
            "UPDATE revisions SET text = CAST(x'a5a5' || CAST(text AS BLOB) AS TEXT) WHERE article_id = 'a3'"
        )
        connection.execute(garbled)
    store = open_store(kept)
    (problem,) = store.check()
    assert "damaged" in problem and "backup" in problem and told(3)[:50] not in problem
    with pytest.raises(StoreError, match=r"damaged.*backup"):
        store.article("a3")
    store.close()


def test_a_store_of_another_version_is_refused(kept: Path) -> None:
    with closing(sqlite3.connect(kept / "catalogue.db", isolation_level=None)) as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'schema'")
    with pytest.raises(StoreError, match="version 999"):
        open_store(kept)


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="--data"):
        open_store(tmp_path / "file" / "data")


def test_vectors_are_of_the_length_that_the_store_was_made_with() -> None:
    assert embed(["a"]).shape == (1, DIM)


def test_a_small_store_is_searched_in_memory_as_through_the_index(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, *(article(f"a{n}", told(n)) for n in range(30)))
    small = open_store(tmp_path / "data")
    assert small.search("", embed(["x"])[0], k=5)[1] and small._searcher._view.vectors is None
    monkeypatch.setattr("qa.store.searcher.IN_MEMORY_MOST", 0)
    indexed = open_store(tmp_path / "data")
    for text in ("x", "y", told(7)):
        assert (
            indexed.search("", embed([text])[0], k=5)[1][0].passage
            == small.search("", embed([text])[0], k=5)[1][0].passage
        )
    assert indexed._searcher._view.vectors is not None
    put(store, article("new", told(99)))
    store.remove(["a3"])
    for other in (small, indexed):
        assert "new" in {h.passage.article_id for h in other.search("", embed([told(99)])[0], k=99)[1]}
        assert "a3" not in {h.passage.article_id for h in other.search("", embed(["x"])[0], k=99)[1]}
        other.close()
