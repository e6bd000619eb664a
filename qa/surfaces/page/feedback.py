"""What readers think of answers, kept in the folder of the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

VERDICTS = ("Right", "Wrong", "Wrong source")
FEEDBACK_FILE = "feedback.jsonl"


class Feedback:
    """The file that verdicts are added to, a line each."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FEEDBACK_FILE
        self._last: dict[str, Any] = {}

    def keep(self, verdict: str, answer: Mapping[str, Any]) -> bool:
        """Adds a verdict; False where it is the one kept last, because Gradio 6.31 sends a choice twice."""
        row = {"feedback": verdict, "answer": answer}
        if row == self._last:
            return False
        self._last = row
        dated = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **row}
        with self._file.open("a") as file:
            file.write(json.dumps(dated, ensure_ascii=False) + "\n")
        return True
