#!/usr/bin/env bash
# A gr.Dropdown that is only passed by with the Tab key has its "input" event, though nobody chose anything.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check gradio==6.31.0 playwright==1.65.2
"$work/venv/bin/pip" list 2>/dev/null | grep -E "^(gradio|playwright) "
echo "One would guess: input is the event of a reader who chooses, change that of every new value."
cat > "$work/show.py" <<'PY'
import shutil

import gradio as gr
from playwright.sync_api import sync_playwright

seen = []
with gr.Blocks() as demo:
    first, choice, last = gr.Textbox(), gr.Dropdown(["a", "b"], value="a", label="Choice"), gr.Textbox()
    choice.input(lambda value: seen.append(f"input {value}"), choice)
    choice.change(lambda value: seen.append(f"change {value}"), choice)
_, url, _ = demo.launch(prevent_thread_lock=True, quiet=True)
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    page = browser.new_page()
    page.goto(url)
    page.get_by_label("Choice").focus()
    page.keyboard.press("Tab")
    page.wait_for_timeout(3000)
    browser.close()
demo.close()
print("seen:", seen)
assert "input a" in seen, "nothing happens now"
assert not any(one.startswith("change") for one in seen), "change is told as well"
print("What happens: input comes when the focus leaves. What helps: change, which comes with a new value only.")
PY
"$work/venv/bin/python" "$work/show.py"
