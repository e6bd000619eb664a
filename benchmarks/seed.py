"""Asks the fifty questions of tests/seed_questions.json of the article in seeds/, and counts the right ones.

    python -m benchmarks.seed [--verbose]

The questions and what is expected were written before any output was looked at. Right: for a question with
an answer, every expected row is there and no other; for one without, `not_found`. Invented:
answered although the article does not say.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import qa  # noqa: E402
from benchmarks import summary  # noqa: E402

QUESTIONS = ROOT / "tests" / "seed_questions.json"
Expected = Mapping[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--verbose", action="store_true", help="print every answer, not only the wrong ones")
    summary.offer(parser)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, qa.open(Path(folder) / "data") as desk:
        desk.ingest([ROOT / "seeds"])
        results = run(desk)
    right, invented = report(results, verbose=chosen.verbose)
    if chosen.save:
        rows = [
            summary.share("right", right / len(results), len(results)),
            summary.Row("invented", invented, goal=0),
        ]
        summary.save(chosen.save, "Fifty questions on the seed article", rows)


def run(desk: qa.Assistant) -> list[tuple[Expected, dict[str, Any]]]:
    """Every question with its answer as JSON; follow-ups are asked after their history."""
    return [(expected, _ask(desk, expected)) for expected in json.loads(QUESTIONS.read_text())]


def _ask(desk: qa.Assistant, expected: Expected) -> dict[str, Any]:
    turns: list[qa.Turn] = []
    for question in expected.get("history", []):
        answer = desk.ask(question, history=turns)
        turns.append(qa.Turn(question, answer.text, answer.searched))
    return desk.ask(expected["question"], history=turns).to_dict()


def is_right(expected: Expected, answer: Mapping[str, Any]) -> bool:
    quotes = " ".join(citation["quote"] for citation in answer["citations"])
    if expected.get("not_found"):
        return answer["status"] != "answered" or expected.get("or_quote", "\0") in quotes
    if "quote" in expected:
        return any(wanted in quotes for wanted in expected["quote"])
    rows = [list(finding["values"].values()) for finding in answer["findings"]]
    wanted = expected["findings"]
    return all(any(_fits(row, want) for row in rows) for want in wanted) and all(
        any(_fits(row, want) for want in wanted) for row in rows
    )


def _fits(row: Sequence[Mapping[str, Any]], wanted: Mapping[str, Sequence[str]]) -> bool:
    """Whether every wanted value is said in the row, in one of its spellings; columns may differ."""
    texts = [value["text"].replace("'", "’") for value in row]
    return all(any(one in text for one in spellings for text in texts) for spellings in wanted.values())


def is_invented(expected: Expected, answer: Mapping[str, Any]) -> bool:
    return bool(expected.get("not_found")) and not is_right(expected, answer)


def report(results: Sequence[tuple[Expected, dict[str, Any]]], *, verbose: bool) -> tuple[int, int]:
    """Prints what is wrong; how many are right, and how many invented."""
    for expected, answer in results:
        right = is_right(expected, answer)
        if verbose or not right:
            asked = " > ".join([*expected.get("history", []), answer["question"]])
            print(f"{'right' if right else 'WRONG'}  {asked}")
            print(f"       searched: {answer['searched']}")
            print("       " + answer["text"].replace("\n", "\n       "))
            for finding in answer["findings"]:
                values = finding["values"].items()
                print("       ", {name: (value["text"], value["score"]) for name, value in values})
    right = sum(is_right(*result) for result in results)
    invented = sum(is_invented(*result) for result in results)
    print(f"{right} of {len(results)} right, {invented} invented.")
    return right, invented


if __name__ == "__main__":
    main()
