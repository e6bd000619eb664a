"""The named endpoints: one answer through every door, errors as sentences with a code, who may do what."""

from __future__ import annotations

import base64
import json
import os
import re
import select
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import playwright
import pytest
from server import LOGIN, ROOT, Server, same, serving, tool
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from qa.errors import ArgumentError, NotAllowed, QAError
from qa.surfaces.api import NAMES, Endpoints, in_sentences, turns, uploaded
from qa.surfaces.archive import Access
from qa.surfaces.server import GIVE_BACK_EVERY, Guard, _heard_by, _is_own_machine
from qa.types import Failure, Turn

if TYPE_CHECKING:
    from qa.desk import Assistant

PLAYWRIGHTS = Path(playwright.__file__).parent / "driver" / "node"
NODE = shutil.which("node") or str(PLAYWRIGHTS)
COMPOUND = "who was killed and where?"
ANSWER_FIELDS = {
    "question",
    "searched",
    "status",
    "text",
    "opening",
    "lines",
    "as_of",
    "findings",
    "citations",
    "closest",
    "took_ms",
}


@pytest.fixture(scope="session")
def client(server: Server) -> Any:
    from gradio_client import Client

    return Client(server.url, verbose=False)


# One answer


def test_the_same_answer_through_python_http_client_stream_and_mcp(
    server: Server, client: Any, desk: Assistant
) -> None:
    expected = same(desk.ask(COMPOUND).to_dict())
    assert expected["status"] == "answered"
    assert same(server.ask(COMPOUND)) == expected
    assert same(client.predict(COMPOUND, api_name="/ask")) == expected
    assert same(list(client.submit(COMPOUND, api_name="/ask_stream"))[-1]) == expected
    assert same(json.loads(tool(server, "ask", question=COMPOUND).content[0].text)) == expected


def test_a_streamed_answer_grows_to_its_whole(client: Any) -> None:
    texts = [answer["text"] for answer in client.submit(COMPOUND, api_name="/ask_stream")]
    assert len(texts) > 2
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))


def test_chat_gives_the_text_of_the_answer(client: Any, desk: Assistant) -> None:
    assert list(client.submit(COMPOUND, api_name="/chat"))[-1] == desk.ask(COMPOUND).text


def test_the_fields_of_an_answer_do_not_change_silently(server: Server) -> None:
    answer = server.ask(COMPOUND)
    assert set(answer) == ANSWER_FIELDS
    assert set(answer["findings"][0]) == {"values", "citations", "sources"}
    assert set(answer["findings"][0]["values"]["who"]) == {"text", "start", "end", "article_id", "score"}
    assert set(answer["citations"][0]) == {
        "number",
        "article_id",
        "revision",
        "title",
        "url",
        "outlet",
        "published",
        "quote",
        "start",
        "end",
    }


def test_every_quote_is_the_article_at_its_offsets(server: Server) -> None:
    for citation in server.ask(COMPOUND)["citations"]:
        article = server.call("article", id=citation["article_id"], revision=citation["revision"])
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.parametrize(
    "history",
    [
        ["Who was killed?"],
        [["Who was killed?", "Somebody."]],
        [{"role": "user", "content": "Who was killed?"}, {"role": "assistant", "content": "Somebody."}],
        [{"role": "user", "content": [{"type": "text", "text": "Who was killed?"}]}],
        [{"question": "Who was killed?", "text": "Somebody.", "searched": "Who was killed?"}],
    ],
)
def test_history_is_understood_in_every_form_clients_send(history: list[Any]) -> None:
    (turn,) = turns(history)
    assert turn.question == "Who was killed?"
    assert turn.answer in ("", "Somebody.")


def test_a_follow_up_is_searched_as_a_full_question(server: Server) -> None:
    first = server.ask("Who was killed?")
    answer = server.ask("and where?", history=[first])
    assert "killed" in answer["searched"]
    assert any("where" in finding["values"] for finding in answer["findings"])


def test_turns_keep_what_was_searched_and_answered() -> None:
    answer = {
        "question": "and where?",
        "searched": "Where was he?",
        "text": "Ely: “He was in Ely.” [1]",
        "lines": [{"words": "Ely", "value": "Ely", "citations": [1]}],
    }
    assert turns([answer]) == [Turn("and where?", answer["text"], "Where was he?", ("Ely",))]


# What is published


def test_exactly_the_named_endpoints_are_published(server: Server) -> None:
    published = json.loads(server.get("/gradio_api/info"))
    assert set(published["named_endpoints"]) == {f"/{name}" for name in NAMES}
    assert not published["unnamed_endpoints"]
    described = json.loads(server.get("/gradio_api/openapi.json"))["paths"]
    assert "/gradio_api/call/v2/ask" in described


def test_mcp_has_the_tools_and_they_return_json(server: Server) -> None:
    names = {known.name for known in tool(server, "list").tools}
    assert names == set(NAMES) - {"ask_stream", "chat"}
    (row,) = json.loads(tool(server, "articles").content[0].text)
    assert row["title"] == "Second Russian general killed"


def test_a_timeline_is_dated_quotes(server: Server) -> None:
    rows = server.call("timeline", topic="Igor Kirillov")
    assert rows
    assert all("published" in row and row["quote"] for row in rows)
    assert server.call("timeline", topic="the price of gold in Peru") == []


def test_search_rows_are_best_first(server: Server) -> None:
    rows = server.call("search", query="car bombing", k=3)
    assert 0 < len(rows) <= 3
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)


# Errors


def failed(server: Server, endpoint: str, **arguments: Any) -> dict[str, Any]:
    """What the error event of a call says."""
    try:
        event = server.begin(endpoint, **arguments)
    except urllib.error.HTTPError as error:
        assert error.code in (404, 422), error.code
        return dict(json.load(error))
    lines = server.get(f"/gradio_api/call/{endpoint}/{event}").splitlines()
    assert "event: error" in lines, lines
    return dict(json.loads(lines[lines.index("event: error") + 1].removeprefix("data: ")))


@pytest.mark.parametrize(
    ("endpoint", "arguments", "code", "says"),
    [
        ("ask", {"question": " "}, "question", "empty"),
        ("ask", {"question": "why " * 25_000}, "question", "99,999"),
        ("ask", {"question": "Who?", "since": "someday"}, "question", "since"),
        ("ask", {"question": 5}, "argument", "question"),
        ("ask", {}, "argument", "question"),
        ("ask", {"question": "Who?", "colour": "red"}, "argument", "colour"),
        ("ask", {"question": "Who?", "history": [5]}, "argument", "history"),
        ("ask_stream", {"question": ""}, "question", "empty"),
        ("search", {"query": "x", "k": 0}, "argument", "k is 0"),
        ("article", {"id": "no such"}, "not_stored", "no such"),
        ("ingest", {}, "argument", "Nothing"),
        ("ingest", {"text": " "}, "argument", "text"),
        ("ingest", {"paths": ["-"]}, "argument", "standard input"),
        ("sing", {}, "argument", "sing"),
    ],
)
def test_errors_are_sentences_with_a_stable_code(
    server: Server, endpoint: str, arguments: dict[str, Any], code: str, says: str
) -> None:
    error = failed(server, endpoint, **arguments)
    assert error["title"] == code
    assert says in error["error"]
    assert error["error"].endswith((".", "?"))


def test_the_client_gets_the_sentence_and_the_code(client: Any) -> None:
    from gradio_client.exceptions import AppError

    with pytest.raises(AppError, match="The question is empty") as raised:
        client.predict("", api_name="/ask")
    assert raised.value.title == "question"


def test_of_an_error_that_nobody_foresaw_the_client_hears_so_and_the_log_has_the_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    import gradio as gr

    def broken() -> None:
        raise RuntimeError("a bug")

    with pytest.raises(gr.Error, match="unforeseen") as raised:
        in_sentences(broken)()
    assert raised.value.title == "internal"
    assert "a bug" not in str(raised.value)
    assert "RuntimeError: a bug" in capsys.readouterr().err


def test_an_answer_that_breaks_off_is_counted_as_such(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a bug")

    heard: list[Any] = []
    endpoints = Endpoints(desk)
    endpoints.heard = lambda question, outcome, seconds: heard.append(outcome.code)
    monkeypatch.setattr(desk, "stream", broken)
    with pytest.raises(QAError, match="unforeseen"):
        endpoints.ask("Who was killed?")
    assert heard == ["internal"]


def test_memory_is_given_back_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counted:
        answers = 0

        def heard(self, *_: Any) -> None:
            self.answers += 1

    given: list[int] = []
    meter = Counted()
    monkeypatch.setattr("qa.surfaces.server.give_back", lambda: given.append(meter.answers))
    heard = _heard_by(meter)  # type: ignore[arg-type]
    for _ in range(2 * GIVE_BACK_EVERY + 1):
        heard("Who?", None, 0.1)
    assert given == [GIVE_BACK_EVERY, 2 * GIVE_BACK_EVERY]


# The documentation


def examples(language: str) -> list[str]:
    blocks = (ROOT / "docs" / "api.md").read_text().split("```")[1::2]
    return [block.removeprefix(language) for block in blocks if block.startswith(language + "\n")]


def run_example(server: Server, *command: str, code: str, folder: Path = ROOT) -> str:
    served = code.replace("http://127.0.0.1:7860", server.url)
    done = subprocess.run(
        [*command, served], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_python_examples_run_as_printed(server: Server) -> None:
    asking, uploading = (run_example(server, sys.executable, "-c", code=code) for code in examples("python"))
    assert "Moskalik" in asking
    assert "→ answered" in asking
    assert "'failed': []" in uploading


def test_the_curl_example_runs_as_printed(server: Server) -> None:
    (code,) = examples("bash")
    assert "event: complete" in run_example(server, "bash", "-c", code=code)


@pytest.mark.parametrize("number", [0, 1], ids=["client", "fetch"])
def test_the_javascript_examples_run_as_printed(server: Server, number: int) -> None:
    code = examples("javascript")[number]
    # `make test` installs Gradio's client there
    printed = run_example(server, NODE, "--input-type=module", "-e", code=code, folder=ROOT / "tests" / "js")
    assert "Moskalik" in printed
    assert "Kirillov" in printed


# Ingest and remove


@pytest.mark.long
def test_an_open_app_follows_what_another_process_ingests_and_removes(server: Server, tmp_path: Path) -> None:
    news = tmp_path / "harbour.txt"
    news.write_text("Harbour master named\n\nIda Lund was named harbour master of Kalmar on Friday.\n")

    def run(*arguments: str) -> None:
        subprocess.run(
            [sys.executable, *arguments, "--data", str(server.data)],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )

    question = "Who was named harbour master of Kalmar?"
    assert server.ask(question)["status"] == "not_found"
    run("ingest.py", str(news))
    answer = server.ask(question)
    assert "Ida Lund" in answer["text"]
    run("-m", "qa", "remove", answer["citations"][0]["article_id"])
    assert server.ask(question)["status"] == "not_found"


def test_text_and_files_are_ingested_asked_and_removed(server: Server, client: Any, tmp_path: Path) -> None:
    from gradio_client import handle_file

    report = server.call(
        "ingest",
        text="The harbour of Ystad was closed on Monday after a ferry struck the pier.",
        title="Ferry strikes pier in Ystad",
        outlet="Test Gazette",
        published="2025-04-20",
    )
    assert (report["added"], report["failed"]) == (1, [])
    page = tmp_path / "bridge.txt"
    page.write_text("Mayor opens bridge\n\nMayor Ada Quill opened a new bridge in Ely on Monday.\n")
    report = client.predict(files=[handle_file(str(page))], api_name="/ingest")
    assert (report["added"], report["failed"]) == (1, [])

    rows = {row["title"]: row for row in server.call("articles")}
    assert rows["Ferry strikes pier in Ystad"]["outlet"] == "Test Gazette"
    assert "Quill" in server.ask("Who opened a new bridge in Ely?")["text"]

    ids = [row["id"] for title, row in rows.items() if title != "Second Russian general killed"]
    gone = server.call("remove", ids=[*ids, "no such id"])
    assert (gone["removed"], gone["unknown"], set(gone["revisions"])) == (2, ["no such id"], set(ids))
    after = server.ask("Who opened a new bridge in Ely?")
    assert after["status"] == "not_found"
    assert not any(quote["article_id"] in ids for quote in after["closest"])


def test_an_upload_is_no_way_to_read_the_servers_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The password is swordfish.")
    (found,) = uploaded({"path": str(secret), "orig_name": "innocent.txt"})
    assert isinstance(found, Failure)
    assert "not a file that was uploaded" in found.reason


def test_others_may_ask_but_not_write_or_name_files(desk: Assistant) -> None:
    reading = Endpoints(desk, Access(write=False, paths=False))
    assert reading.ask("Who was killed?")["status"] == "answered"
    with pytest.raises(NotAllowed):
        reading.ingest(text="x")
    with pytest.raises(NotAllowed):
        reading.remove(["x"])
    with pytest.raises(NotAllowed, match="no files of its own"):
        Endpoints(desk, Access(write=True, paths=False)).ingest(paths=["/etc/passwd"])


def test_nothing_to_ingest_is_an_error(desk: Assistant) -> None:
    with pytest.raises(ArgumentError):
        Endpoints(desk).ingest()


# The server


def refused(server: Server, **headers: str) -> int:
    request = urllib.request.Request(
        server.url + "/gradio_api/call/v2/articles",
        data=b"{}",
        headers={"Content-Type": "application/json", **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_pages_of_other_sites_cannot_ask_from_a_readers_browser(server: Server) -> None:
    assert refused(server) == 200
    assert refused(server, Origin=server.url) == 200
    assert refused(server, Origin="http://evil.example") == 403
    assert refused(server, Host="evil.example") == 403


@pytest.mark.long
def test_no_call_that_the_description_allows_or_forbids_breaks_the_server(
    own_data: Path, tmp_path: Path
) -> None:
    """Schemathesis: edges of every argument, wrong types, missing ones, other methods."""
    with serving(own_data, environment={**os.environ, "QA_LOG": "off"}) as server:
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                "run",
                server.url + "/gradio_api/openapi.json",
                "--checks=not_a_server_error",
                "--phases=coverage",
                "--seed=1",
                "--request-timeout=60",
                "--no-color",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_a_call_that_is_not_known_ends_in_an_error(server: Server) -> None:
    assert "event: error" in server.get("/gradio_api/call/ask/nothing")


def test_a_huge_request_is_refused_before_it_is_read(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])), timeout=60) as line:
        line.sendall(
            b"POST /gradio_api/call/v2/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 99999999999\r\n\r\n"
        )
        assert b" 413 " in line.recv(200)


async def _inside(scope: Any, receive: Any, send: Any) -> None:
    await PlainTextResponse("inside")(scope, receive, send)


def test_who_calls_too_often_is_told_when_to_go_on_and_nobody_else_waits() -> None:
    guard = Guard(_inside, own=False, calls=2)
    often, other, here = (
        TestClient(guard, client=(address, 5000)) for address in ("10.0.0.9", "10.0.0.8", "127.0.0.1")
    )
    assert [often.post("/gradio_api/call/v2/ask").status_code for _ in range(2)] == [200, 200]
    refusal = often.post("/gradio_api/queue/join")
    assert refusal.status_code == 429 and refusal.json()["title"] == "too_many_calls"
    assert 0 < int(refusal.headers["Retry-After"]) <= 60
    assert often.get("/").status_code == 200, "looking is free"
    assert other.post("/gradio_api/call/v2/ask").status_code == 200
    assert {here.post("/gradio_api/call/v2/ask").status_code for _ in range(5)} == {200}


def test_guesses_of_a_login_are_counted() -> None:
    guard = Guard(_inside, own=False, login="ada:secret", calls=2)
    guessing = TestClient(guard, client=("10.0.0.9", 5000))
    assert [guessing.get("/metrics").status_code for _ in range(3)] == [401, 401, 429]


def test_a_request_without_a_length_is_not_read_without_end(server: Server) -> None:
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])), timeout=60) as line:
        line.sendall(
            b"POST /gradio_api/call/v2/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        with suppress(ConnectionError):
            for sent in range(64):  # noqa: B007
                line.sendall(chunk)
                if select.select([line], [], [], 0)[0]:
                    break
    assert sent < 40
    assert refused(server) == 200, "others are still answered"


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("10.0.0.5", False)],
)
def test_only_a_loopback_address_is_the_own_machine(host: str, own: bool) -> None:
    assert _is_own_machine(host) is own


def run_app(*options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "app.py", *options],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_port_that_is_taken_is_said_so_with_exit_code_2(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run_app("--data", str(tmp_path / "data"), "--port", port)
    assert done.returncode == 2
    assert port in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_host_without_an_address_is_said_so_with_exit_code_2(tmp_path: Path) -> None:
    done = run_app("--data", str(tmp_path / "data"), "--host", "no.such.host.invalid", "--port", "0")
    assert done.returncode == 2
    assert "no.such.host.invalid" in done.stderr
    assert "Traceback" not in done.stderr


def test_with_a_login_neither_page_nor_endpoints_nor_mcp_are_open(guarded_server: Server) -> None:
    assert refused(guarded_server) == 401
    with pytest.raises(urllib.error.HTTPError) as error:
        guarded_server.get("/gradio_api/mcp/")
    assert error.value.code in (401, 404, 405)
    assert "Second Russian" not in guarded_server.get("/")


# For its owner


def authorized(server: Server, path: str, login: str | None) -> tuple[int, str]:
    request = urllib.request.Request(server.url + path)
    if login:
        request.add_header("Authorization", "Basic " + base64.b64encode(login.encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def counted(server: Server, outcome: str) -> float:
    found = re.search(rf'dateline_questions_total{{outcome="{outcome}"}} ([\d.]+)', server.get("/metrics"))
    return float(found[1]) if found else 0.0


def test_the_session_of_a_plain_call_is_forgotten_once_its_result_was_read() -> None:
    forgotten: list[str] = []
    script = TestClient(Guard(_inside, own=False, forget=forgotten.append))

    script.post("/gradio_api/call/v2/ask")
    script.get("/gradio_api/call/ask/4f1d")
    script.get("/gradio_api/queue/data")

    assert forgotten == ["4f1d"]


def test_the_guide_for_scripts_is_a_page(server: Server) -> None:
    page = server.get("/api")

    assert "<h1>The API</h1>" in page and "<td><code>ask_stream</code></td>" in page
    assert "<script" not in page and "llm.md" not in page  # what isn't served is not linked
    assert 'href=\\"api\\"' in server.get("/config")


def test_health_and_counts_are_told_and_no_question_is_logged(server: Server) -> None:
    assert server.get("/health") == "ok\n"
    before = {outcome: counted(server, outcome) for outcome in ("answered", "not_found")}
    lines = server.printed().count("\n")
    server.ask(COMPOUND)
    server.ask("What is the price of gold?")
    assert {outcome: counted(server, outcome) - before[outcome] for outcome in before} == {
        "answered": 1.0,
        "not_found": 1.0,
    }
    assert authorized(server, "/health/ready", None) == (200, "ready\n")
    told = server.get("/metrics")
    assert "dateline_articles 1.0" in told
    assert "dateline_behind_passages 0.0" in told and "dateline_behind_seconds 0.0" in told
    logged = server.printed(lines=lines + 2)
    rows = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert [row["outcome"] for row in rows[-2:]] == ["answered", "not_found"]
    assert "gold" not in logged


def test_with_a_login_mcp_and_metrics_ask_for_it_and_work_with_it(guarded_server: Server) -> None:
    assert authorized(guarded_server, "/health", None) == (200, "ok\n")
    assert authorized(guarded_server, "/metrics", None)[0] == 401
    assert authorized(guarded_server, "/metrics", "reader:wrong")[0] == 401
    assert authorized(guarded_server, "/metrics", LOGIN)[0] == 200
    assert authorized(guarded_server, "/gradio_api/mcp/", None)[0] == 401
    key = base64.b64encode(LOGIN.encode()).decode()
    result = tool(guarded_server, "ask", headers={"Authorization": f"Basic {key}"}, question=COMPOUND)
    assert json.loads(result.content[0].text)["status"] == "answered"
