"""A store on servers: real PostgreSQL and Chroma, and nodes with folders of their own.

Benchmarks/many.py does the same with more articles and more kills.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from servers import PASSWORD, Chroma, Postgres, chroma, postgres
from stores import article, contents, embed, found, lost, open_store, put, told, vectors_of
from writer import numbered

import qa.store.follow
from qa.errors import EmbedderMismatch, ServerAway, SettingsError, StoreBusy, StoreError
from qa.settings import load_settings
from qa.store.follow import LOCK_FILE
from qa.store.lexical import Lexical
from qa.store.lock import FolderLock
from qa.store.store import Store
from qa.store.transfer import copy

ROOT = Path(__file__).parents[2]
WRITER = ROOT / "tests" / "writer.py"
FOLLOWS_S = 30.0  # a busy machine gets time; benchmarks/many.py measures how long it is
Node = Callable[[str], Store]


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture(scope="module")
def vectors() -> Iterator[Chroma]:
    with chroma() as server:
        yield server


@pytest.fixture(autouse=True)
def many_passages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stores go to Chroma as those do that hold more than are compared one by one."""
    monkeypatch.setattr("qa.store.searcher.IN_MEMORY_MOST", 0)


@pytest.fixture
def url(database: Postgres) -> str:
    return database.make_database()


@pytest.fixture
def node(url: str, vectors: Chroma, tmp_path: Path) -> Iterator[Node]:
    """Opens a node of one store by its name; the same name is the same machine."""
    opened: list[Store] = []

    def open_node(name: str, **options: object) -> Store:
        store = open_store(tmp_path / name, database_url=url, chroma_url=vectors.url, **options)
        opened.append(store)
        return store

    yield open_node
    for store in opened:
        store.close()


def within(seconds: float, happens: Callable[[], object]) -> float:
    """After how many seconds it was so."""
    started = time.monotonic()
    while not happens():
        assert time.monotonic() - started < seconds, f"not within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - started


def missing(store: Store) -> list[str]:
    """What is not found by its own words and vector, once the node has had time to follow."""
    store.refresh()
    within(60, lambda: store.lag() == (0, 0.0))
    return lost(store)


# Nodes


def test_every_node_answers_from_what_one_of_them_stored(node: Node) -> None:
    first, second = node("a"), node("b")
    put(first, *(numbered(n) for n in range(20)))
    assert contents(first) == contents(second) and len(contents(second)) == 20
    for store in (first, second):
        assert missing(store) == [] and store.check() == [] and store.behind is None
    vector = embed([told(7)])[0]
    assert first.search("harbour verdict", vector, k=20) == second.search("harbour verdict", vector, k=20)


def test_what_one_node_stores_updates_and_removes_is_followed_by_an_open_one(node: Node) -> None:
    first, second = node("a"), node("b")
    put(first, *(numbered(n) for n in range(5)))
    within(30, lambda: found(second, "mark3") == {"a3"})
    put(first, numbered(70), article("a3", told(300)))
    within(FOLLOWS_S, lambda: found(second, "mark70") == {"a70"} and found(second, "mark300") == {"a3"})
    assert found(second, "mark3") == set()
    with second.writing():
        second.remove(["a70"])
        second.commit()
    within(FOLLOWS_S, lambda: found(first, "mark70") == set())
    assert first.check() == second.check() == [] and missing(first) == []


def test_passages_of_one_score_stand_in_the_same_order_on_every_node(node: Node) -> None:
    first = node("a")
    for number in range(12):  # an index of many segments, which tantivy merges as it likes
        put(first, article(f"a{number}", "The storm reached the harbour."))
    late, vector = node("late"), embed(["harbour"])[0]
    for store in (first, late):
        store.refresh()
        within(30, lambda store=store: store.lag() == (0, 0.0))
    assert late.search("storm", vector, k=5) == first.search("storm", vector, k=5)
    assert [hit.passage.article_id for hit in first.search("storm", None, k=5)[0]] == [
        f"a{n}" for n in range(5)
    ]


def test_words_weigh_alike_on_a_node_that_saw_articles_removed(node: Node, tmp_path: Path) -> None:
    old, first = node("old"), node("a")
    put(first, *(numbered(n) for n in range(30)))
    within(FOLLOWS_S, lambda: found(old, "mark3") == {"a3"})
    with first.writing():
        first.remove([f"a{n}" for n in range(20, 30)])
        first.commit()
    new = node("new")
    built = old._indexes.name("lexical")
    within(FOLLOWS_S, lambda: old._indexes.name("lexical") != built)  # anew, for the removed weigh no more

    def scores(store: Store) -> list[tuple[str, float]]:
        store.refresh()
        hits = store.search("harbour verdict", None, k=20)[0]
        return [(hit.passage.article_id, round(hit.score, 4)) for hit in hits]

    within(FOLLOWS_S, lambda: scores(new) == scores(old) != [])
    assert missing(old) == [] and old.behind is None
    rebuilt = old._indexes.name("lexical")
    time.sleep(2 * qa.store.follow.EVEN_S)
    assert old._indexes.name("lexical") == rebuilt, "once is enough"


def test_a_small_store_is_searched_alike_in_a_folder_and_on_servers(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.store.searcher.IN_MEMORY_MOST", 10_000)
    home, there = open_store(tmp_path / "home"), node("a")
    for store in (home, there):
        put(store, *(numbered(n) for n in range(20)))
    for number in range(10):
        vector = embed([f"question {number}"])[0]
        assert there.search("harbour storm", vector, k=10) == home.search("harbour storm", vector, k=10)
    home.close()
    (tmp_path / "new").mkdir()
    held = FolderLock(tmp_path / "new" / LOCK_FILE)
    assert held.acquire(0)
    assert node("new").lacks() is None  # by vectors alone it can answer, too
    held.release()


def test_a_node_without_its_word_index_finds_by_vectors_and_says_so(node: Node, tmp_path: Path) -> None:
    put(node("a"), *(numbered(n) for n in range(5)))
    (tmp_path / "new").mkdir()
    held = FolderLock(tmp_path / "new" / LOCK_FILE)  # as if another program of that machine were building it
    assert held.acquire(0)
    fresh = node("new")
    by_words, near = fresh.search("mark3", embed([told(3)])[0], k=5)
    assert not by_words and len(near) == 5
    assert "word index of this node is being built" in str(fresh.behind) and "vectors alone" in str(
        fresh.behind
    )
    held.release()
    within(30, lambda: found(fresh, "mark3") == {"a3"} and fresh.behind is None)


def test_a_build_that_was_broken_off_goes_on_where_it_was(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = node("a")
    put(first, *(numbered(n) for n in range(30)))
    monkeypatch.setattr("qa.store.passages.BATCH", 4)
    monkeypatch.setattr(qa.store.follow, "BUILT_AT_ONCE", 1)
    killed = node("b")
    parts: list[int] = []

    def apply_and_stop(self: Lexical, *, gone: Any, came: Any) -> None:
        batches = list(came)
        real(self, gone=gone, came=batches)
        parts.append(sum(map(len, batches)))
        if len(parts) == 3:
            killed._follower._stopped.set()

    real = Lexical.apply
    monkeypatch.setattr(Lexical, "apply", apply_and_stop)
    killed._follower.follow()
    assert parts == [4, 4, 4]
    put(first, numbered(40), article("a0", told(500)))  # meanwhile: an old one changes, a new one comes
    parts.clear()
    again = node("b")
    again._follower.follow()
    whole = sum(len(first.passages(row["id"])) for row in first.articles())
    assert sum(parts) < whole  # the first twelve were not read again
    assert again.check() == [] and missing(again) == [] and found(again, "mark500") == {"a0"}


def test_a_node_that_was_away_catches_up_or_builds_anew(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, away = node("a"), node("b")
    put(first, *(numbered(n) for n in range(10)))
    within(30, lambda: found(away, "mark3") == {"a3"})
    away.close()
    put(first, numbered(20))
    assert missing(node("b")) == [] and (tmp_path / "b" / "lexical-1").exists()
    monkeypatch.setattr(qa.store.follow, "LEAST_ANEW", 5)
    node("b").close()
    put(first, *(article(f"a{n}", told(n + 100)) for n in range(10)))  # most of it is other than it was
    assert missing(node("b")) == [] and (tmp_path / "b" / "lexical-2").exists()


def test_a_damaged_word_index_of_a_node_is_built_anew_by_itself(node: Node, tmp_path: Path) -> None:
    first = node("a")
    put(first, *(numbered(n) for n in range(5)))
    first.close()
    for file in (tmp_path / "a" / "lexical-1").glob("*.*"):
        file.write_bytes(b"rubbish")
    (tmp_path / "a" / "lexical-1" / "applied").write_text("1")
    mended = node("a")
    within(30, lambda: found(mended, "mark3") == {"a3"})
    assert mended.check() == []


def test_a_node_whose_disk_is_full_says_so_and_answers_by_vectors(
    node: Node, url: str, vectors: Chroma, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(node("a"), *(numbered(n) for n in range(30)))
    monkeypatch.setenv("DATELINE_TEST_FILE_BYTES", "2000")
    said, _ = start(tmp_path / "full", url, vectors, "notice").communicate(timeout=60)
    assert "found by vectors alone. The lexical index in" in said and said.endswith(" 0 3\n"), said
    assert "cannot be written" in said and "Free space on the disk" in said and "Traceback" not in said
    freed = node("full")
    assert missing(freed) == [] and freed.check() == [] and freed.notice is None


def test_a_node_whose_disk_has_become_full_says_what_it_lacks(
    node: Node, url: str, vectors: Chroma, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, other = node("a"), node("full")
    put(first, *(numbered(n) for n in range(3)))
    within(30, lambda: found(other, "mark2") == {"a2"})
    other.close()
    put(first, *(numbered(n) for n in range(10, 40)))
    monkeypatch.setenv("DATELINE_TEST_FILE_BYTES", "2000")
    said, _ = start(tmp_path / "full", url, vectors, "notice").communicate(timeout=60)
    assert "passages behind and catching up. The lexical index in" in said and said.endswith(" 3 3\n"), said
    assert "Free space on the disk" in said


def test_a_node_with_only_the_database_keeps_vectors_of_its_own(url: str, tmp_path: Path) -> None:
    first, second = (open_store(tmp_path / name, database_url=url) for name in ("a", "b"))
    put(first, *(numbered(n) for n in range(5)))
    assert missing(second) == [] and second.check() == []
    put(second, numbered(9))
    within(FOLLOWS_S, lambda: found(first, "mark9") == {"a9"})
    assert missing(first) == []
    first.close()
    second.close()


def test_a_catalogue_in_a_file_may_have_its_vectors_on_a_server(vectors: Chroma, tmp_path: Path) -> None:
    store = open_store(tmp_path / "a", chroma_url=vectors.url)
    put(store, *(numbered(n) for n in range(5)))
    with store.writing():
        store.remove(["a1"])
        store.rebuild()
    assert missing(store) == [] and store.check() == [] and len(store.articles()) == 4
    assert not (tmp_path / "a" / "vectors-1").exists()
    store.close()


# One writer


def start(data: Path, url: str, vectors: Chroma, *arguments: object) -> subprocess.Popen[str]:
    """A writer of its own process that has begun."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", str(WRITER), str(data), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "QA_DATABASE_URL": url, "QA_CHROMA_URL": vectors.url},
    )
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def test_two_machines_that_write_at_once_lose_nothing(
    node: Node, url: str, vectors: Chroma, tmp_path: Path
) -> None:
    writers = [start(tmp_path / f"w{first}", url, vectors, "put", first, first + 30) for first in (0, 30)]
    for writer in writers:
        output, _ = writer.communicate(timeout=120)
        assert writer.returncode == 0, output
    store = node("a")
    assert len(store.articles()) == 60 and store.check() == [] and missing(store) == []


def test_a_second_machine_waits_for_the_first_and_says_so(node: Node) -> None:
    first, second, said = node("a"), node("b"), []
    with first.writing():
        with (
            pytest.raises(StoreBusy, match=r"news.* at 127.0.0.1"),
            second.writing(wait_s=0.5, on_wait=lambda: said.append(1)),
        ):
            pass
        assert said == [1] and second.articles() == []  # a reader does not wait
    put(second, numbered(1))
    within(30, lambda: found(first, "mark1") == {"a1"})


def test_the_lock_of_a_writer_that_is_killed_is_free(
    node: Node, url: str, vectors: Chroma, tmp_path: Path
) -> None:
    chance = random.Random(7)
    for round_ in range(2):
        writer = start(tmp_path / "killed", url, vectors, "put", 0, 100)
        time.sleep(chance.uniform(0.1, 1.0))
        writer.kill()
        writer.communicate()
        store = node(f"after{round_}")
        with store.writing(wait_s=20):
            store.commit()
        assert store.check() == [] and missing(store) == []


def test_a_writer_whose_connection_was_cut_writes_no_more_once_another_does(
    node: Node, database: Postgres
) -> None:
    first, second = node("a"), node("b")
    with pytest.raises(StoreError, match="another program writes now"), first.writing():
        put_one(first, 1)
        cut = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        database.run(cut)
        with second.writing(wait_s=20):
            put_one(second, 2)
            second.commit()
        put_one(first, 3)
    with first.writing():
        put_one(first, 4)
        first.commit()
    assert {row["id"] for row in first.articles()} == {"a1", "a2", "a4"}
    assert first.check() == second.check() == []


def put_one(store: Store, n: int) -> None:
    put(store, numbered(n), commit=False)


# Servers that go and come back


def test_without_chroma_words_alone_are_searched_and_vectors_again_when_it_is_back(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.store.searcher.WORDS_ALONE_S", 0.2)
    with chroma() as server:
        store = open_store(tmp_path / "a", database_url=url, chroma_url=server.url)
        put(store, *(numbered(n) for n in range(5)))
        vector = vectors_of(store.article("a3"), store.passages("a3"))[0]
        assert all(store.search("mark3", vector, k=5))
        server.kill()
        by_words, near = store.search("mark3", vector, k=5)
        assert [hit.passage.article_id for hit in by_words] == ["a3"]
        assert near[0].passage.article_id == "a3" and store.notice is None  # few are compared one by one
        monkeypatch.setattr("qa.store.searcher.EXACT_MOST", 0)
        by_words, near = store.search("mark3", vector, k=5)
        assert [hit.passage.article_id for hit in by_words] == ["a3"] and near == []
        assert f"127.0.0.1:{server.port} does not answer" in str(store.notice)
        with pytest.raises(ServerAway, match=f"Chroma server http://127.0.0.1:{server.port} does not answer"):
            put(store, numbered(9))
        server.start()
        within(30, lambda: store.search("mark3", vector, k=5)[1])
        put(store, numbered(8))  # and what was stored while it was away is taken up
        assert store.check() == [] and missing(store) == [] and len(store.articles()) >= 6
        store.close()


def test_without_the_database_a_sentence_is_said_and_the_next_question_after_is_answered(
    tmp_path: Path, vectors: Chroma
) -> None:
    with postgres() as server:
        address = server.make_database()
        store = open_store(tmp_path / "a", database_url=address, chroma_url=vectors.url)
        put(store, *(numbered(n) for n in range(5)))
        within(30, lambda: found(store, "mark3") == {"a3"})
        server.kill()
        for _ in range(3):
            with pytest.raises(ServerAway, match="does not answer") as caught:
                found(store, "mark3")
            assert PASSWORD not in str(caught.value) and "editor" not in str(caught.value)
        server.start()
        within(30, lambda: found(store, "mark3") == {"a3"})
        put(store, numbered(6))
        assert store.check() == [] and missing(store) == []
        store.close()


def test_a_database_that_was_put_back_from_an_older_copy_is_what_nodes_answer_from(
    node: Node, url: str, database: Postgres, vectors: Chroma, tmp_path: Path
) -> None:
    first = node("a")
    put(first, *(numbered(n) for n in range(10)))
    first.close()
    older = url.rsplit("/", 1)[1] + "_older"
    database.run(f"CREATE DATABASE {older} TEMPLATE {url.rsplit('/', 1)[1]}")
    later = node("a")
    put(later, *(numbered(n) for n in range(50, 60)))
    later.close()
    back = open_store(tmp_path / "a", database_url=database.url(older), chroma_url=vectors.url)
    put(back, numbered(90))
    assert len(back.articles()) == 11 and back.check() == [] and missing(back) == []
    assert found(back, "mark55") == set()
    back.close()


# What is said of addresses and databases that cannot work


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql://editor:{secret}@127.0.0.1:1/news", "does not answer"),
        ("postgresql://editor:{secret}@nowhere.invalid/news", "does not answer"),
        ("postgresql://editor:wrong-{secret}@127.0.0.1:{port}/postgres", "refuses the name or the password"),
        ("postgresql://editor:{secret}@127.0.0.1:{port}/nothing", "lacks what the address names"),
        ("mysql://editor:{secret}@127.0.0.1/news", "kept in PostgreSQL or SQLite, not in 'mysql'"),
        ("editor:{secret}@127.0.0.1", "cannot be understood"),
        ("postgresql://editor:{secret}@127.0.0.1:port/news", "cannot be understood"),
        ("postgresql://127.0.0.1:1/news?user=editor&password={secret}", "does not answer"),
    ],
)
def test_an_address_that_is_wrong_or_away_is_told_in_a_sentence_without_its_password(
    address: str, says: str, database: Postgres, tmp_path: Path
) -> None:
    whole = address.format(secret=PASSWORD, port=database.port)
    with pytest.raises((StoreError, SettingsError), match=says) as caught:
        open_store(tmp_path / "a", database_url=whole)
    sentence = str(caught.value)
    assert PASSWORD not in sentence and "\n" not in sentence and "sqlalche" not in sentence


@pytest.mark.parametrize(
    "address", ["ftp://a:{secret}@b", "a:{secret}@b:1", "http://a:{secret}@b:port", "http://"]
)
def test_a_chroma_address_that_is_none_is_told_without_its_password(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"Chroma server .*http://HOST:8000") as caught:
        open_store(tmp_path / "a", chroma_url=address.format(secret=PASSWORD))
    assert PASSWORD not in str(caught.value)


@pytest.mark.parametrize("name", ["database_url", "chroma_url", "login", "chat_model_url"])
def test_a_setting_that_may_hold_a_password_is_never_repeated(name: str) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        load_settings(**{name: ["x", PASSWORD]})
    assert PASSWORD not in str(caught.value)


def test_a_database_that_does_not_keep_unicode_is_refused(database: Postgres, tmp_path: Path) -> None:
    address = database.make_database(encoding="SQL_ASCII")
    with pytest.raises(StoreError, match=r"keeps its texts as SQL_ASCII.*createdb --encoding=UTF8"):
        open_store(tmp_path / "a", database_url=address)


def test_a_read_only_database_answers_and_says_that_it_takes_no_writes(
    node: Node, url: str, database: Postgres
) -> None:
    put(node("a"), numbered(1))
    database.run(f"ALTER DATABASE {url.rsplit('/', 1)[1]} SET default_transaction_read_only = on")
    reader = node("b")
    within(30, lambda: found(reader, "mark1") == {"a1"})
    with pytest.raises(StoreError, match="is read-only: it is a standby"):
        put(reader, numbered(2))


def test_a_database_of_another_version_is_told(node: Node, url: str, database: Postgres) -> None:
    node("a").close()
    database.run("UPDATE meta SET value = '99' WHERE key = 'schema'", url.rsplit("/", 1)[1])
    with pytest.raises(StoreError, match="version 99"):
        node("b")


def test_a_node_with_another_embedder_may_not_write_or_search(node: Node) -> None:
    put(node("a"), numbered(1))
    other = node("b", embedder="another")
    with pytest.raises(EmbedderMismatch):
        put(other, numbered(2))
    with pytest.raises(EmbedderMismatch):
        other.search("mark1", embed(["x"])[0], k=1)


def test_a_clock_that_is_an_hour_slow_hides_nothing(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = node("a"), node("b")
    put(first, numbered(1))
    hour = 3_600 * 10**9
    with monkeypatch.context() as slow:
        slow.setattr("qa.store.changes.time.time_ns", lambda: time.monotonic_ns() - hour)
        put(second, numbered(2))
    within(FOLLOWS_S, lambda: found(first, "mark2") == {"a2"})
    assert first.check() == second.check() == []


def test_text_is_sorted_by_code_point_whatever_the_language_of_the_database(node: Node) -> None:
    names = ["b", "B", "a", "_", "É", "z"]
    store = node("a")
    put(store, *(article(name, told(number)) for number, name in enumerate(names)))
    assert [row["id"] for row in store.articles()] == sorted(names)


def test_several_machines_may_make_the_same_store_at_once(url: str, tmp_path: Path) -> None:
    code = (
        "import sys; from qa.store.catalogue import Catalogue\n"
        "catalogue = Catalogue(sys.argv[1]); sys.stdin.readline()\n"
        "catalogue.open(embedder='random', dim=8)"
    )
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", code, url], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for maker in makers:
        maker.stdin.write("\n")  # type: ignore[union-attr]
        maker.stdin.flush()  # type: ignore[union-attr]
    assert [maker.communicate(timeout=120)[1] for maker in makers] == [""] * 3
    engine = sa.create_engine(url.replace("postgresql", "postgresql+psycopg", 1))
    assert "revisions" in sa.inspect(engine).get_table_names()
    engine.dispose()


# Moving


def test_a_store_moves_to_the_servers_and_back_row_by_row(
    node: Node, url: str, vectors: Chroma, tmp_path: Path
) -> None:
    home = open_store(tmp_path / "home")
    put(home, *(numbered(n) for n in range(12)), article("copy", told(3) + "\n\nUpdated at noon."))
    put(home, article("a1", told(200)))  # has an old revision, which its citations open
    with home.writing():
        home.remove(["a2"])
        home.commit()
    there = open_store(tmp_path / "node", database_url=url, chroma_url=vectors.url, for_copy=True)
    copied = copy(home, there)
    assert copied.rows["articles"] == 12 and copied.rows["revisions"] == 14
    for store in (there, node("other")):
        assert contents(store) == contents(home) and store.check() == [] and missing(store) == []
    ids = [row["id"] for row in home.articles()]
    assert there.clusters(ids) == home.clusters(ids) and there.clusters(["copy"]) == {"copy": "a3"}
    old = numbered(1)
    assert there.article("a1", old.revision).text == old.text
    put(there, numbered(60))  # its passages get numbers that none has had
    back = open_store(tmp_path / "back", for_copy=True)
    assert copy(there, back).sha256.keys() == copied.sha256.keys()
    put(back, numbered(61))
    assert len(back.articles()) == 14 and back.check() == [] and missing(back) == []
    for store in (home, there, back):
        store.close()


def test_a_copy_that_was_broken_off_is_no_store_until_it_is_finished(
    node: Node, url: str, vectors: Chroma, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.store.transfer.ROWS", 5)
    home = open_store(tmp_path / "home")
    put(home, *(numbered(n) for n in range(12)))
    target = open_store(tmp_path / "node", database_url=url, chroma_url=vectors.url, for_copy=True)

    def fail(table: str, done: int, total: int) -> None:
        if table == "passages" and done >= 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy(home, target, on_copied=fail)
    target.close()
    with pytest.raises(StoreError, match="not finished"):
        node("other")
    put(home, article("a0", told(77)))  # and the source goes on meanwhile
    again = open_store(tmp_path / "node", database_url=url, chroma_url=vectors.url, for_copy=True)
    copy(home, again)
    assert contents(again) == contents(home) and again.check() == [] and missing(again) == []
    again.close()
    with pytest.raises(StoreError, match="holds articles already"):
        copy(home, node("other"))
    home.close()


def test_the_commands_copy_and_check_work_on_servers(
    url: str, vectors: Chroma, database: Postgres, tmp_path: Path
) -> None:
    home = open_store(tmp_path / "home")
    put(home, *(numbered(n) for n in range(3)))
    home.close()
    servers = {"QA_DATABASE_URL": url, "QA_CHROMA_URL": vectors.url}
    to_servers = ("--to-database", url, "--to-chroma", vectors.url)
    moved = command("copy", "--data", tmp_path / "home", *to_servers, "--json")
    assert moved.returncode == 0, moved.stderr
    assert json.loads(moved.stdout)["rows"]["articles"] == 3
    checked = command("check", "--data", tmp_path / "node", **servers)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    back = command("copy", "--data", tmp_path / "node", "--to-data", tmp_path / "back", **servers)
    assert back.returncode == 0 and "Copied 3 articles" in back.stdout, back.stderr
    nowhere = command("copy", "--data", tmp_path / "home")
    assert nowhere.returncode == 2 and "Say where to" in nowhere.stderr
    wrong = command("check", "--data", tmp_path / "node", QA_DATABASE_URL=database.url("none"))
    assert wrong.returncode == 1 and "Traceback" not in wrong.stderr
    assert PASSWORD not in wrong.stdout + wrong.stderr and "lacks what the address names" in wrong.stderr


def command(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "qa", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )
