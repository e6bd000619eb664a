#!/usr/bin/env bash
# Each plain HTTP call of a Gradio endpoint, by a script that has no session, leaves a session behind that holds
# the settings of every component of the page.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check gradio==6.31.0
"$work/venv/bin/pip" list 2>/dev/null | grep -E "^gradio "
echo "One would guess: POST /gradio_api/call/v2/NAME, read the result, done; only open pages have a session."
cat > "$work/show.py" <<'PY'
import json
import tracemalloc
import urllib.request

import gradio as gr

CALLS = 100


def double(number: int) -> int:
    return 2 * number


with gr.Blocks() as demo:
    for number in range(100):
        gr.HTML(f"<p>Part {number}</p>")
    gr.api(double, api_name="double")
_, url, _ = demo.launch(prevent_thread_lock=True, quiet=True)


def call() -> None:
    body = json.dumps({"number": 21}).encode()
    asked = urllib.request.Request(
        f"{url}gradio_api/call/v2/double", body, {"Content-Type": "application/json"}
    )
    event = json.load(urllib.request.urlopen(asked))["event_id"]
    told = urllib.request.urlopen(f"{url}gradio_api/call/double/{event}").read().decode()
    assert "[42]" in told, told


call()
tracemalloc.start()
before = tracemalloc.get_traced_memory()[0]
for _ in range(CALLS):
    call()
each = (tracemalloc.get_traced_memory()[0] - before) / CALLS / 1000
kept = len(demo.state_holder.session_data)
demo.close()
print(f"sessions kept after {CALLS + 1} finished calls: {kept}; {each:.0f} KB each, for a page of 100 parts")
assert kept == CALLS + 1, "finished calls are let go of now"
assert each > 20, "a session is small now"
print("What happens: they stay until there are 10,000 (launch's state_session_capacity), pages among them.")
PY
"$work/venv/bin/python" "$work/show.py"
