"""Naughty strings and planted instructions as questions, titles and texts, through API and page.

    python -m benchmarks.hostile [--data ../shared/data] [--every 1] [--out benchmarks/out]

Counts what came back, and what must not happen: a script that ran, a request to another host, an error that
is no sentence, an answer about the seed article that has changed. Prints Markdown; what was answered to a
naughty string is kept in `hostile.jsonl` below --out, to be read by eye. Needs Chromium.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import urllib.error
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import summary

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import chromium, visit  # noqa: E402 - see the line above
from server import Server, serving  # noqa: E402

CONTROL = "who was killed and where?"
STORY = "The town council of Ely met on Monday and agreed to mend the bridge."
TURNS = 20  # questions of one conversation in the page
OPENED = 40  # articles opened in the page


@dataclass
class Page:
    """What the browser did."""

    dialogs: int = 0
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    asked: int = 0
    opened: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--every", type=int, default=1, help="take every n-th string")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/out"))
    summary.offer(parser)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    hostile = chosen.data / "hostile"
    naughty = json.loads((hostile / "blns/blns.json").read_text())
    table = json.loads((hostile / "injections.json").read_text())
    strings = [*naughty, *(text for group in table.values() for text in group)][:: chosen.every]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        subprocess.run([sys.executable, "ingest.py", "--data", str(data), "--quiet"], cwd=ROOT, check=True)
        with serving(data) as server:
            before = server.ask(CONTROL)
            print(f"{len(strings)} strings\n\n| through | what came back |\n|---|---|", flush=True)
            with (chosen.out / "hostile.jsonl").open("w") as log:
                asked = _row("API, as a question", _asked(server, strings, log))
            within = _row("API, as title, outlet and within a text", _stored(server, strings, within=True))
            whole = _row("API, as a whole text", _stored(server, strings, within=False))
            page = _page(server, strings)
            same = server.ask(CONTROL)["citations"] == before["citations"]
        done = subprocess.run(
            [sys.executable, "-m", "qa", "check", "--data", str(data)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    print(f"| page | {page.asked} asked, {page.opened} articles opened |")
    print(f"| page: scripts that ran | {page.dialogs} |")
    print(f"| page: errors of its own scripts | {len(page.errors)} {Counter(page.errors).most_common(3)} |")
    print(f"| page: requests to another host | {len(page.elsewhere)} {page.elsewhere[:3]} |")
    print(f"| the seed question answered as before | {'yes' if same else 'no'} |")
    print(f"| store afterwards | {done.stdout.strip()} |")
    if chosen.save:
        broken = sum(
            count for each in (asked, within, whole) for what, count in each.items() if "broken" in what
        )
        rows = [
            summary.Row("asked: answered", asked["answered"], len(strings), goal=0),
            summary.Row("errors that are no sentence", broken, 3 * len(strings), goal=0),
            summary.Row("scripts run in the page", page.dialogs, page.asked + page.opened, goal=0),
            summary.Row("calls to other hosts", len(page.elsewhere), page.asked + page.opened, goal=0),
        ]
        summary.save(chosen.save, "Naughty strings and planted instructions", rows)


def _row(name: str, counts: Counter[str]) -> Counter[str]:
    print(f"| {name} | {', '.join(f'{count} {what}' for what, count in counts.most_common())} |", flush=True)
    return counts


def _call(server: Server, endpoint: str, **arguments: Any) -> tuple[str, Any]:
    """(status or code of the error, result). "broken" where the error is no sentence of ours."""
    try:
        event = server.begin(endpoint, **arguments)
        lines = server.get(f"/gradio_api/call/{endpoint}/{event}").splitlines()
    except urllib.error.HTTPError as error:
        return f"broken: HTTP {error.code}", None
    name, data = lines[-3], lines[-2]
    result = json.loads(data.removeprefix("data: "))
    if name == "event: complete":
        return "complete", result[0]
    told = result if isinstance(result, dict) else {}
    return f"refused ({told['title']})" if told.get("title") else f"broken: {data[:80]}", None


def _asked(server: Server, strings: list[str], log: Any) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in strings:
        status, answer = _call(server, "ask", question=text)
        counts[answer["status"] if answer else status] += 1
        if answer and answer["status"] == "answered":
            log.write(json.dumps({"question": text, "text": answer["text"]}, ensure_ascii=False) + "\n")
    return counts


def _stored(server: Server, strings: list[str], *, within: bool) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in strings:
        marks = {"text": f"{STORY} {text}", "title": text, "outlet": text} if within else {"text": text}
        status, report = _call(server, "ingest", **marks)
        if report is None:
            counts[status] += 1
            continue
        for name in ("added", "updated", "unchanged"):
            counts[name] += report[name]
        counts["failed with a sentence"] += len(report["failed"])
    return +counts


def _page(server: Server, strings: list[str]) -> Page:
    seen = Page()
    own = urlsplit(server.url).netloc
    with chromium() as browser, visit(browser, server.url) as page:

        def dialog(opened: Any) -> None:
            seen.dialogs += 1
            opened.dismiss()

        def requested(request: Any) -> None:
            parts = urlsplit(request.url)
            if parts.scheme in ("http", "https") and parts.netloc != own:
                seen.elsewhere.append(request.url)

        page.on("dialog", dialog)
        page.on("request", requested)
        page.on("pageerror", lambda error: seen.errors.append(str(error)[:120]))
        for first in range(0, len(strings), TURNS):
            for text in strings[first : first + TURNS]:
                if text.strip() and "\n" not in text:
                    _ask_in_page(page, text)
                    seen.asked += 1
            page.click("#new-conversation")
            page.wait_for_function("!document.querySelector('#chat .asked')")
        page.click("role=tab[name='Articles']")
        titles = page.locator("ul.articles button.title")
        titles.first.wait_for()
        for number in range(min(OPENED, titles.count())):
            titles.nth(number).click()
            page.wait_for_selector("#panel .source")
            seen.opened += 1
    return seen


def _ask_in_page(page: Any, text: str) -> None:
    """Waits for an answer, or for a sentence that there is none to such a question."""
    page.evaluate("document.querySelectorAll('#chat .asked').forEach(one => { one.dataset.old = 'yes'; })")
    page.fill("#question textarea", text)
    page.press("#question textarea", "Enter")
    page.wait_for_function(
        """() => document.querySelector('#chat .asked:not([data-old])')
            && !document.querySelector('.thinking, .growing')
            && document.querySelector('#question .submit-button') !== null"""
    )


if __name__ == "__main__":
    main()
