"""The flow: what is new or changed is stored once, what is unchanged costs no model, what failed is told."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from stores import embed, found, lost, open_store, refuse, told

import qa.ingest.flow
from qa.ingest.flow import ingest
from qa.store.browse import known_feeds
from qa.store.store import Store
from qa.types import IngestReport, RawArticle


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with_it = open_store(tmp_path / "data")
    yield with_it
    with_it.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "news"
    made.mkdir()
    return made


def run(store: Store, *paths: Any, **options: Any) -> IngestReport:
    return ingest(paths, store=store, **{"embed": embed, **options})


def counts(report: IngestReport) -> tuple[int, int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.removed, len(report.failed)


def write(path: Path, text: str, *, age: int = 100) -> Path:
    """A file last changed `age` seconds ago."""
    path.write_text(text)
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - age))
    return path


def lines(path: Path, numbers: list[int], *, urls: bool = False) -> Path:
    rows = [{"title": f"Title {n}", "text": told(n), "date": "2025-04-25"} for n in numbers]
    if urls:
        rows = [row | {"url": f"https://news.test/{n}"} for row, n in zip(rows, numbers, strict=True)]
    return write(path, "\n".join(map(json.dumps, rows)), age=1000 - len(numbers))


def test_what_is_new_is_added_and_what_is_unchanged_costs_no_model(store: Store, folder: Path) -> None:
    write(folder / "a.txt", told(1))
    lines(folder / "b.jsonl", [2, 3])
    with gzip.open(folder / "c.jsonl.gz", "wt") as file:
        file.write(json.dumps({"title": "Four", "text": told(4)}))
    assert counts(run(store, folder)) == (4, 0, 0, 0, 0)
    assert counts(run(store, folder, embed=refuse)) == (0, 0, 4, 0, 0)
    for path in folder.iterdir():
        path.touch()  # another time, the same content
    assert counts(run(store, folder, embed=refuse)) == (0, 0, 4, 0, 0)
    assert store.check() == [] and found(store, "mark3") == {store_id(folder / "b.jsonl", 2)}


def store_id(path: Path, number: int) -> str:
    return f"{path.as_posix()}#{number}"


def test_a_changed_file_is_updated_and_found_as_it_is_now(store: Store, folder: Path) -> None:
    path = write(folder / "a.txt", told(1))
    run(store, path)
    write(path, told(2))
    assert counts(run(store, folder)) == (0, 1, 0, 0, 0)
    assert found(store, "mark1") == set() and found(store, "mark2") == {path.as_posix()}


def test_a_store_ranks_alike_however_its_articles_came_in(store: Store, folder: Path, tmp_path: Path) -> None:
    for number in range(4):
        write(folder / f"{number}.txt", told(number), age=100)
    run(store, folder)
    write(folder / "0.txt", told(7), age=50)
    run(store, folder)
    at_once = open_store(tmp_path / "at-once")
    run(at_once, folder)

    def ranked(one: Store) -> list[tuple[str, float]]:
        words, _ = one.search("harbour storm minister", None, k=20)
        return [(hit.passage.text, hit.score) for hit in words]

    assert ranked(store) and sorted(ranked(store)) == sorted(ranked(at_once))
    at_once.close()


def test_an_ingest_of_nothing_builds_no_index(store: Store, folder: Path, tmp_path: Path) -> None:
    run(store, folder)
    assert not list((tmp_path / "data").glob("lexical-*"))


def test_a_file_that_is_changed_within_the_tick_of_its_clock_is_not_taken_for_unchanged(
    store: Store, folder: Path
) -> None:
    path = folder / "a.txt"
    path.write_text(told(1))
    at = path.stat().st_mtime_ns
    run(store, path)
    path.write_text(told(1).replace("mark1", "mark7"))
    os.utime(path, ns=(at, at))
    assert counts(run(store, path)) == (0, 1, 0, 0, 0) and found(store, "mark7")


def test_the_same_text_under_two_paths_is_stored_once_with_both_known(store: Store, folder: Path) -> None:
    a, b = write(folder / "a.txt", told(1)), write(folder / "b.txt", told(1))
    assert counts(run(store, folder)) == (1, 0, 1, 0, 0)
    assert store.sources(a.as_posix()) == [a.as_posix(), b.as_posix()]
    c = write(folder / "c.txt", told(1))
    assert counts(run(store, folder, embed=refuse)) == (0, 0, 3, 0, 0)
    assert store.sources(a.as_posix())[-1] == c.as_posix()
    a.unlink()
    assert counts(run(store, folder, remove_missing=True)) == (0, 0, 2, 0, 0)
    assert found(store, "mark1") == {a.as_posix()}  # b and c still say so


def test_a_copy_whose_original_changes_is_not_lost(store: Store, folder: Path) -> None:
    a, b = write(folder / "a.txt", told(1)), write(folder / "b.txt", told(1))
    run(store, folder)
    write(a, told(2))
    assert counts(run(store, folder))[:2] == (1, 1)
    assert found(store, "mark1") == {b.as_posix()} and found(store, "mark2") == {a.as_posix()}
    assert counts(run(store, folder, embed=refuse)) == (0, 0, 2, 0, 0)


def test_texts_that_only_begin_alike_stay_two(store: Store, folder: Path) -> None:
    write(folder / "a.txt", told(1) + "\n\nIt ends in joy.")
    write(folder / "b.txt", told(1) + "\n\nIt ends in tears.")
    assert counts(run(store, folder)) == (2, 0, 0, 0, 0)


def test_missing_files_are_removed_only_when_asked_and_only_below_what_is_given(
    store: Store, folder: Path
) -> None:
    (folder / "sub").mkdir()
    gone, kept = write(folder / "sub" / "a.txt", told(1)), write(folder / "b.txt", told(2))
    run(store, folder)
    gone.unlink()
    kept.unlink()
    write(folder / "sub" / "c.txt", told(3))
    assert counts(run(store, folder / "sub")) == (1, 0, 0, 0, 0)
    assert counts(run(store, folder / "sub", remove_missing=True)) == (0, 0, 1, 1, 0)
    assert found(store, "mark1") == set() and found(store, "mark2") == {kept.as_posix()}


@pytest.mark.parametrize("urls", [False, True])
def test_an_article_that_left_its_file_is_removed_when_asked(store: Store, folder: Path, urls: bool) -> None:
    path = lines(folder / "a.jsonl", [1, 2, 3, 4], urls=urls)
    assert run(store, path).added == 4
    lines(path, [1, 3, 4], urls=urls)
    report = run(store, path, embed=refuse)  # the others moved up a line, and are known all the same
    assert (report.added, report.removed) == (0, 0) and found(store, "mark2")
    lines(path, [3, 4], urls=urls)
    report = run(store, path, embed=refuse, remove_missing=True)
    assert report.added == report.updated == 0 and report.removed >= 1
    assert found(store, "mark1") == set() and found(store, "mark3") and found(store, "mark4")
    assert store.check() == []


def test_a_folder_that_is_not_there_loses_nothing(store: Store, folder: Path) -> None:
    write(folder / "a.txt", told(1))
    write(folder / "b.txt", told(2))
    run(store, folder)
    folder.rename(folder.with_name("unmounted"))
    assert counts(run(store, folder, remove_missing=True)) == (0, 0, 0, 0, 1)
    assert counts(run(store, folder / "a.txt", remove_missing=True)) == (0, 0, 0, 1, 1)
    assert found(store, "mark2") and not found(store, "mark1")


def test_an_article_in_a_line_that_cannot_be_read_is_not_taken_for_gone(store: Store, folder: Path) -> None:
    path = lines(folder / "a.jsonl", [1, 2, 3], urls=True)
    run(store, folder)
    first, second, third = path.read_text().split("\n")
    write(path, "\n".join([first, second[:40], third]), age=10)
    report = run(store, folder, remove_missing=True)
    assert report.removed == 0 and len(report.failed) == 1 and found(store, "mark2")


def test_the_same_text_from_two_outlets_or_days_is_two_articles_of_one_story(store: Store) -> None:
    given = [
        RawArticle("x", told(1, 20), outlet="Reuters", published="2025-04-25"),
        RawArticle("y", told(1, 20), outlet="BBC News", published="2025-04-25"),
        RawArticle("z", told(1, 20), outlet="BBC News", published="2025-04-26"),
    ]
    assert counts(run(store, *given)) == (3, 0, 0, 0, 0)
    assert len(set(store.clusters(["x", "y", "z"]).values())) == 1
    assert counts(run(store, *given)) == (0, 0, 3, 0, 0)


def test_an_article_that_moved_to_another_file_is_kept(store: Store, folder: Path) -> None:
    lines(folder / "a.jsonl", [1, 2], urls=True)
    run(store, folder)
    lines(folder / "a.jsonl", [1], urls=True)
    lines(folder / "b.jsonl", [2], urls=True)
    assert run(store, folder, embed=refuse, remove_missing=True).removed == 0 and found(store, "mark2")


def test_a_failure_is_told_again_as_long_as_nothing_changes(store: Store, folder: Path) -> None:
    path = write(folder / "a.jsonl", json.dumps({"title": "x", "text": told(1)}) + "\n{broken\n")
    first, second = run(store, folder), run(store, folder, embed=refuse)
    assert first.failed == second.failed and len(first.failed) == 1 and second.unchanged == 1
    write(path, json.dumps({"title": "x", "text": told(1)}))
    assert run(store, folder, embed=refuse).failed == ()


def test_a_file_that_changes_while_it_is_read_is_read_again(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = lines(folder / "a.jsonl", [1, 2, 3])
    load = qa.ingest.flow.load

    def disturbed(given: Path, **options: Any) -> Iterator[Any]:
        for n, each in enumerate(load(given, **options)):
            if n == 1:
                lines(path, [1, 2, 3, 4])
            yield each

    monkeypatch.setattr(qa.ingest.flow, "load", disturbed)
    run(store, folder, remove_missing=True)
    monkeypatch.setattr(qa.ingest.flow, "load", load)
    run(store, folder)
    assert all(found(store, f"mark{n}") for n in (1, 2, 3, 4)) and len(store.articles()) == 4


def test_a_removed_article_comes_back_when_its_file_is_ingested_again(store: Store, folder: Path) -> None:
    path = lines(folder / "a.jsonl", [1, 2])
    run(store, path)
    with store.writing():
        store.remove([store_id(path, 1)])
        store.commit()
    assert counts(run(store, path)) == (1, 0, 1, 0, 0) and found(store, "mark1")


def test_articles_and_documents_are_taken_as_they_are_and_others_are_named(store: Store) -> None:
    from langchain_core.documents import Document

    report = run(
        store,
        RawArticle("desk/1", told(1), title="One"),
        Document(page_content=told(2), metadata={"source": "desk/2", "headline": "Two"}),
        RawArticle("desk/3", ""),
        None,
    )
    assert counts(report) == (2, 0, 0, 0, 2) and found(store, "mark2") == {"desk/2"}
    assert store.article("desk/2").title == "Two" and "NoneType" in report.failed[1].reason


def test_documents_of_one_source_are_articles_of_their_own(store: Store) -> None:
    from langchain_core.documents import Document

    pages = [Document(page_content=told(n), metadata={"source": "a.pdf", "page": n}) for n in (1, 2, 3)]
    assert counts(run(store, *pages)) == (3, 0, 0, 0, 0)
    assert counts(run(store, *pages, embed=refuse)) == (0, 0, 3, 0, 0)
    assert {row["id"] for row in store.articles()} == {"a.pdf", "a.pdf#2", "a.pdf#3"}


def test_one_bad_file_never_stops_a_run(store: Store, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"\0\1\2" * 100)
    write(folder / "b.txt", told(2))
    (folder / "c.pdf").write_bytes(b"%PDF-nothing")
    report = run(store, folder, folder / "nowhere.txt")
    assert (report.added, len(report.failed)) == (1, 3) and found(store, "mark2")


def test_a_run_whose_embedder_fails_is_finished_by_the_next(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qa.ingest.flow, "EMBED_PASSAGES", 5)
    monkeypatch.setattr(qa.ingest.flow, "MOST_PASSAGES", 5)
    for n in range(12):
        write(folder / f"{n:02}.txt", told(n))
    calls = []

    def fail(texts: Any) -> Any:
        calls.append(len(texts))
        if len(calls) == 3:
            raise MemoryError
        return embed(texts)

    with pytest.raises(MemoryError):
        run(store, folder, embed=fail)
    done = len(store.articles())
    assert 0 < done < 12
    report = run(store, folder)
    assert (report.added, report.unchanged) == (12 - done, done)
    assert store.check() == [] and lost(store) == []


def test_progress_counts_up_to_all_files(store: Store, folder: Path) -> None:
    for n in range(3):
        write(folder / f"{n}.txt", told(n))
    seen = []
    run(store, folder, progress=seen.append)
    assert (seen[-1].done, seen[-1].total, seen[-1].articles) == (3, 3, 3) and seen[-1].characters > 1000


@pytest.mark.parametrize("lost_part", ["lexical", "vectors", "lexical/meta.json", "vectors/chroma.sqlite3"])
def test_the_next_run_mends_an_index_although_nothing_has_changed(
    store: Store, folder: Path, lost_part: str
) -> None:
    for n in range(5):
        write(folder / f"{n}.txt", told(n))
    run(store, folder)
    kind, _, file = lost_part.partition("/")
    (index,) = (folder.parent / "data").glob(f"{kind}-*")
    if file:
        (index / file).write_bytes(b"\xa5" * 5_000)
    else:
        shutil.rmtree(index)
    assert counts(run(store, folder, embed=refuse)) == (0, 0, 5, 0, 0)
    assert store.check() == [] and lost(store) == []


def test_an_address_within_the_house_is_ingested_only_when_the_settings_allow_it(
    store: Store, folder: Path
) -> None:
    lines(folder / "news.jsonl", [1, 2])
    serve = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/news.jsonl"
        (failure,) = run(store, address).failed
        assert "QA_PRIVATE_ADDRESSES" in failure.reason
        assert counts(run(store, address, allow_private=True)) == (2, 0, 0, 0, 0)
        assert counts(run(store, address, allow_private=True, embed=refuse)) == (0, 0, 2, 0, 0)
        server.shutdown()


# Batches


def account(store: Store) -> list[Any]:
    """Everything that a batch could get wrong: articles, passages, clusters, sources and vectors."""
    rows = store.articles()
    numbers, vectors = store.catalogue.vectors()
    return [
        [(row["id"], row["revision"], row["cluster"], store.passages(row["id"])) for row in rows],
        [(row["id"], store.sources(row["id"])) for row in rows],
        (len(numbers), vectors.tolist()),
    ]


def test_a_batch_stores_what_one_by_one_would(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = told(1, 20)
    rows = [
        {"title": "Wire", "text": wire},
        {"title": "Wire", "text": wire},  # the same again
        {"title": "Cut", "text": wire[: len(wire) // 2], "source": "Other"},
        {"title": "Longer", "text": wire + "\n\nMore to follow.", "url": "https://news.test/1"},
        {"title": "One", "text": told(2), "url": "https://news.test/2"},
        {"title": "One, corrected", "text": told(3), "url": "https://news.test/2"},  # in the same batch
        *({"title": f"Report {n}", "text": told(n)} for n in range(4, 40)),
        {"title": "Late copy", "text": "LONDON (AP) - " + told(4)},
    ]
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, rows)))
    accounts, reports = [], []
    for most in (1, 10_000):
        monkeypatch.setattr(qa.ingest.flow, "EMBED_PASSAGES", most)
        monkeypatch.setattr(qa.ingest.flow, "MOST_PASSAGES", most)
        store = open_store(tmp_path / f"data{most}")
        reports += [counts(run(store, folder)), counts(run(store, folder, embed=refuse))]
        accounts.append(account(store))
        assert store.check() == [] and lost(store) == []
        store.close()
    assert accounts[0] == accounts[1]
    assert reports[:2] == reports[2:]


def test_a_batch_that_breaks_off_has_stored_nothing_of_itself(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines(folder / "b.jsonl", list(range(2, 12)))

    def fail(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("qa.store.catalogue._put_passages", fail)
        run(store, folder)
    assert store.articles() == [] and store.sources(store_id(folder / "b.jsonl", 2)) == []
    assert counts(run(store, folder)) == (10, 0, 0, 0, 0)
    assert store.check() == [] and lost(store) == []


def test_new_articles_are_stored_by_few_statements(store: Store, folder: Path) -> None:
    import sqlalchemy as sa

    written: list[str] = []
    sa.event.listen(
        store.catalogue._engine,
        "before_cursor_execute",
        lambda connection, cursor, statement, *rest: written.append(statement.split()[0]),
    )
    lines(folder / "b.jsonl", list(range(2, 42)))
    assert counts(run(store, folder)) == (40, 0, 0, 0, 0)
    assert sum(word in ("INSERT", "UPDATE", "DELETE") for word in written) < 40


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Courier</title>
<item><title>One</title><link>https://news.test/1</link><description>{one}</description></item>
<item><title>Two</title><link>https://news.test/2</link><description>{two}</description></item>
</channel></rss>"""


def test_a_feed_is_listed_with_what_its_last_load_found_and_a_page_is_not(store: Store, folder: Path) -> None:
    (folder / "feed.xml").write_text(FEED.format(one=told(1), two=told(2)))
    (folder / "page.html").write_text(f"<html><body><article><p>{told(3, 20)}</p></article></body></html>")
    serve = partial(SimpleHTTPRequestHandler, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        place = f"http://127.0.0.1:{server.server_port}"
        feed = f"{place}/feed.xml"
        run(store, feed, f"{place}/page.html", f"{place}/none.xml", allow_private=True)
        (known,) = known_feeds(store.catalogue)
        assert (known.address, known.articles, known.failed) == (feed, 2, None)
        (folder / "feed.xml").unlink()
        report = run(store, feed, allow_private=True)
        server.shutdown()
    (known,) = known_feeds(store.catalogue)
    assert known.articles == 0 and known.failed == report.failed[0].reason
    assert len(store.articles()) == 3, "what came from it stays"
