"""The calls about the articles: each gives what its description says, over plain HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from server import Server

from qa.desk import Assistant
from qa.errors import ArgumentError, NotAllowed, NotStored
from qa.surfaces.api import Endpoints
from qa.surfaces.archive import Access

HARBOUR = "The harbour of Ystad was closed on Monday after a ferry struck the pier. Nobody was hurt."
SEED = "Second Russian general killed"


@pytest.fixture
def harbour(server: Server) -> Iterator[str]:
    """The id of an article without a day, there for one test."""
    server.call("ingest", text=HARBOUR, title="Ferry strikes pier in Ystad", outlet="Test Gazette")
    (row,) = server.call("browse", outlet="Test Gazette")["articles"]
    yield row["id"]
    server.call("remove", ids=[row["id"]])


def test_browsing_counts_outlets_and_months_and_undated_ones(server: Server, harbour: str) -> None:
    whole = server.call("browse")
    assert (whole["total"], whole["page"], whole["pages"]) == (2, 1, 1)
    assert {"outlet": "Test Gazette", "articles": 1} in whole["outlets"]
    assert whole["months"] == [{"month": "2025-04", "articles": 1}, {"month": None, "articles": 1}]
    assert [row["id"] for row in server.call("browse", month="")["articles"]] == [harbour]
    assert [row["title"] for row in server.call("browse", month="2025")["articles"]] == [SEED]


def test_an_article_is_taken_out_and_put_back_as_it_was(server: Server, harbour: str) -> None:
    before = server.call("article", id=harbour)
    gone = server.call("remove", ids=[harbour])
    assert gone["revisions"] == {harbour: before["revision"]}
    assert server.ask("Why was the harbour of Ystad closed?")["citations"] == []
    assert server.call("restore", removed=gone["revisions"]) == {"restored": 1}
    assert server.call("article", id=harbour) == before
    assert "ferry" in server.ask("Why was the harbour of Ystad closed?")["text"]


def test_an_undated_article_is_given_its_day(server: Server, harbour: str) -> None:
    dated = server.call("set_day", id=harbour, day="2025-04-20")
    assert (dated["id"], dated["published"]) == (harbour, "2025-04-20")
    assert server.call("article", id=harbour)["published"] == "2025-04-20"


def test_news_after_a_mark_are_what_came_since(server: Server) -> None:
    mark = server.call("news")["mark"]
    assert server.call("news", after=mark)["stories"] == 0
    server.call("ingest", text=HARBOUR, title="Ferry strikes pier in Ystad")
    found = server.call("news", after=mark)
    (story,) = found["told"]
    assert found["stories"] == 1 and story["quote"] in HARBOUR and story["articles"] == 1
    server.call("remove", ids=[story["article_id"]])


def test_a_topic_has_its_events_articles_and_names(server: Server) -> None:
    found = server.call("topic", topic="Kirillov")
    assert [row["title"] for row in found["articles"]] == [SEED]
    assert found["events"] == server.call("timeline", topic="Kirillov"), "no figure has changed"
    assert {"name": "Yaroslav Moskalik", "articles": 1} in found["names"]
    assert server.call("topic", topic="zzxq") == {
        "events": [],
        "articles": [],
        "names": [],
        "more": False,
    }


def test_a_search_gathers_passages_by_article_and_finds_nothing_where_no_word_is(desk: Assistant) -> None:
    (found,) = Endpoints(desk).find("general killed")
    assert found["article"]["title"] == SEED and found["passages"] > 1
    assert "kill" in found["best"]["text"].lower()
    assert Endpoints(desk).find("zzxqv") == []


def test_others_may_look_but_not_change(desk: Assistant) -> None:
    reading = Endpoints(desk, Access(write=False, paths=False))
    assert reading.browse()["total"] == 1
    for call in (lambda: reading.restore({}), lambda: reading.set_day("x", "2025-04-20")):
        with pytest.raises(NotAllowed):
            call()


def test_what_cannot_be_done_says_why(own_data: Path) -> None:
    import qa

    with qa.open(own_data) as desk:
        calls = Endpoints(desk)
        (row,) = calls.articles()
        with pytest.raises(ArgumentError, match="2025-04-25"):
            calls.set_day(row["id"], "2025-04-20")
        with pytest.raises(ArgumentError, match="day is empty"):
            calls.set_day(row["id"], "")
        with pytest.raises(NotStored):
            calls.set_day("no such", "2025-04-20")
        with pytest.raises(NotStored):
            calls.restore({"no such": "0"})


def test_a_report_names_files_and_texts_as_their_sender_does(own_data: Path, monkeypatch: Any) -> None:
    import gradio.utils

    import qa

    upload = own_data / "upload" / "bad.exe"
    upload.parent.mkdir()
    upload.write_bytes(bytes(range(256)) * 40)
    monkeypatch.setattr(gradio.utils, "get_upload_folder", lambda: str(upload.parent))
    with qa.open(own_data) as desk:
        calls = Endpoints(desk)
        (failure,) = calls.ingest(files=[{"path": str(upload), "orig_name": "bad.exe"}])["failed"]
        assert failure["source"] == "bad.exe" and "no document" in failure["reason"]
        (failure,) = calls.ingest(text="!")["failed"]
        assert failure["source"] == "the pasted text"
