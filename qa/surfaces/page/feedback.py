"""What readers think of answers, kept in the folder of the store."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from qa.store.kept import Kept
from qa.surfaces.html.answer import VERDICTS

FEEDBACK_FILE = "feedback.jsonl"


class Feedback:
    """The file that verdicts are added to, a line each."""

    def __init__(self, folder: Path, kept: Kept) -> None:
        self._file = folder / FEEDBACK_FILE
        self._kept = kept

    def judge(self, name: str, verdict: str) -> bool:
        """Adds a verdict on the answer of that id; False where either is unknown."""
        answers = self._kept.answers([name])
        if not answers or verdict not in dict(VERDICTS):
            return False
        at = datetime.now(UTC).isoformat(timespec="seconds")
        row = {"at": at, "feedback": verdict, "answer": answers[0]}
        with self._file.open("a") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        return True
