"""What one user of `benchmarks/load.py` does: asks, reads the whole answer, asks again. Run by locust."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

from locust import HttpUser, constant, task

QUESTIONS = json.loads(Path(os.environ["LOAD_QUESTIONS"]).read_text())
WHOLE = os.environ["LOAD_ROW"]  # the row of locust's table that counts; the others are its two requests


class Reader(HttpUser):
    """A reader without pauses, which is more than a person asks."""

    wait_time = constant(0)

    @task
    def ask(self) -> None:
        began = time.perf_counter()
        posted = self.client.post("/gradio_api/call/v2/ask", json={"question": random.choice(QUESTIONS)})
        events = self.client.get(f"/gradio_api/call/ask/{posted.json()['event_id']}", name="events").text
        wrong = None if "event: complete" in events else RuntimeError(events[:300])
        self.environment.events.request.fire(
            request_type="ask",
            name=WHOLE,
            response_time=(time.perf_counter() - began) * 1_000,
            response_length=len(events),
            exception=wrong,
        )
