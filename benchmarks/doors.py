"""The same questions through every way in: are findings, citations and numbers identical? Prints Markdown.

    python -m benchmarks.doors [--questions 30]

Over the article of seeds/, with questions of tests/seed_questions.json: Python, command line, gradio_client,
HTTP, MCP, Gradio's JavaScript client and the page, streamed where there is a stream. Needs Chromium, and
Gradio's JavaScript client where `make test` has put it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import qa
from benchmarks import summary

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import ask, chromium, visit  # noqa: E402 - see the line above
from server import Server, same, serving, tool  # noqa: E402

Answers = list[dict[str, Any]]
JAVASCRIPT = """
import { Client } from "@gradio/client";
const [url, endpoint, questions] = JSON.parse(process.argv[1]);
const client = await Client.connect(url);
for (const question of questions) {
  let last;
  for await (const event of client.submit(endpoint, { question })) {
    if (event.type === "data") last = event.data[0];
    if (event.type === "status" && event.stage === "complete") break;
  }
  console.log(JSON.stringify(last));
}
process.exit();
"""
SHOWN = """() => {
  const answer = [...document.querySelectorAll('#chat .answer')].at(-1);
  const spot = one => [one.dataset.articleId, one.dataset.revision, +one.dataset.start, +one.dataset.end];
  return {
    findings: [...answer.querySelectorAll('section.finding')].map(card =>
      [...card.querySelectorAll('.cite')].map(cite => [+cite.textContent, ...spot(cite)])),
    closest: [...answer.querySelectorAll('.closest .near')].map(spot),
  };
}"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.doors", description=__doc__)
    parser.add_argument("--questions", type=int, default=30)
    summary.offer(parser)
    chosen = parser.parse_args()
    rows = json.loads((ROOT / "tests" / "seed_questions.json").read_text())
    questions = [row["question"] for row in rows if not row.get("history")][: chosen.questions]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        subprocess.run([sys.executable, "ingest.py", "--data", str(data), "--quiet"], cwd=ROOT, check=True)
        with qa.open(data) as desk:
            expected = [desk.ask(question).to_dict() for question in questions]
            streamed = [_last(desk.stream(question)).to_dict() for question in questions]
        print(
            f"{len(questions)} questions, {sum(bool(one['findings']) for one in expected)} with an answer\n"
        )
        print("| through | the same | other |\n|---|---|---|")
        rows = [
            _compare("Python, streamed", streamed, expected),
            _compare("command line", _by_command(data, questions), expected),
        ]
        with serving(data) as server:
            rows += [_compare(name, way(server, questions), expected) for name, way in WAYS.items()]
            on_page = [_as_page(answer) for answer in expected]
            rows.append(_compare("the page", _by_page(server, questions), on_page))
    if chosen.save:
        summary.save(chosen.save, "The same answer as in Python", rows)


def _compare(name: str, answers: Answers, expected: Answers) -> summary.Row:
    equal = [same(one) == same(other) for one, other in zip(answers, expected, strict=True)]
    print(f"| {name} | {sum(equal)} | {len(equal) - sum(equal)} |", flush=True)
    return summary.Row(name, sum(equal), len(equal), goal=len(equal))


def _last(growing: Iterator[Any]) -> Any:
    *_, last = growing
    return last


def _by_command(data: Path, questions: Sequence[str]) -> Answers:
    def asked(question: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "qa", "ask", "--data", str(data), "--json", question]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        return dict(json.loads(done.stdout))

    return [asked(question) for question in questions]


def _by_http(server: Server, questions: Sequence[str]) -> Answers:
    return [server.ask(question) for question in questions]


def _by_http_streamed(server: Server, questions: Sequence[str]) -> Answers:
    def asked(question: str) -> dict[str, Any]:
        event = server.begin("ask_stream", question=question)
        lines = server.get(f"/gradio_api/call/ask_stream/{event}").splitlines()
        data = [line.removeprefix("data: ") for line in lines if line.startswith("data: [")]
        return dict(json.loads(data[-1])[0])

    return [asked(question) for question in questions]


def _by_client(server: Server, questions: Sequence[str]) -> Answers:
    from gradio_client import Client

    client = Client(server.url, verbose=False)
    return [client.predict(question, api_name="/ask") for question in questions]


def _by_client_streamed(server: Server, questions: Sequence[str]) -> Answers:
    from gradio_client import Client

    client = Client(server.url, verbose=False)
    return [_last(client.submit(question, api_name="/ask_stream")) for question in questions]


def _by_javascript(endpoint: str) -> Callable[[Server, Sequence[str]], Answers]:
    def asked(server: Server, questions: Sequence[str]) -> Answers:
        node = shutil.which("node")
        if node is None:
            raise SystemExit("Node.js is needed for the JavaScript client.")
        told = json.dumps([server.url, endpoint, list(questions)])
        done = subprocess.run(
            [node, "--input-type=module", "-e", JAVASCRIPT, told],
            cwd=ROOT / "tests" / "js",
            check=True,
            capture_output=True,
            text=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    return asked


def _by_mcp(server: Server, questions: Sequence[str]) -> Answers:
    return [json.loads(tool(server, "ask", question=question).content[0].text) for question in questions]


def _by_page(server: Server, questions: Sequence[str]) -> Answers:
    with chromium() as browser, visit(browser, server.url) as page:
        shown: Answers = []
        for question in questions:
            ask(page, question)
            shown.append(page.evaluate(SHOWN))
    return shown


def _as_page(answer: dict[str, Any]) -> dict[str, Any]:
    """What the page has to hold for that answer."""

    def spot(quote: dict[str, Any]) -> list[Any]:
        return [quote[name] for name in ("article_id", "revision", "start", "end")]

    cited = {citation["number"]: citation for citation in answer["citations"]}
    return {
        "findings": [[[n, *spot(cited[n])] for n in finding["citations"]] for finding in answer["findings"]],
        "closest": [spot(quote) for quote in answer["closest"]],
    }


WAYS = {
    "HTTP": _by_http,
    "HTTP, streamed": _by_http_streamed,
    "gradio_client": _by_client,
    "gradio_client, streamed": _by_client_streamed,
    "JavaScript client": _by_javascript("/ask"),
    "JavaScript client, streamed": _by_javascript("/ask_stream"),
    "MCP": _by_mcp,
}

if __name__ == "__main__":
    main()
