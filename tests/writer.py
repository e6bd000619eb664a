"""A process that writes to a store, for tests to start, to wait for and to kill.

    python tests/writer.py DATA put FIRST LAST | remove FIRST LAST | rebuild | ingest FOLDER
                                | ask | notice

Prints `ready` when it begins, and `waiting` when another writes. `ask` only searches, until it is killed;
`notice` waits for what a search is without, and prints it and how many passages are found nevertheless. Needs
no model: see stores.py. Exit code 3 and the sentence for a
store that cannot be written; DATELINE_TEST_FILE_BYTES bounds the size of a file, as a full disk does.
QA_DATABASE_URL and QA_CHROMA_URL put it on servers.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from stores import article, embed, open_store, put, told

from qa.errors import ServerAway, StoreError
from qa.ingest.flow import ingest

STEP = 10  # articles between commits


def main(data: Path, command: str, *arguments: str) -> None:
    if limit := int(os.environ.get("DATELINE_TEST_FILE_BYTES", "0")):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    servers = {name: os.environ.get(f"QA_{name.upper()}") for name in ("database_url", "chroma_url")}
    store = open_store(data, **servers)
    print("ready", flush=True)
    if command == "put":
        first, last = map(int, arguments)
        with store.writing(on_wait=lambda: print("waiting", flush=True)):
            for step in range(first, last, STEP):
                put(store, *(numbered(n) for n in range(step, min(step + STEP, last))))
    elif command == "remove":
        first, last = map(int, arguments)
        with store.writing():
            store.remove([numbered(n).id for n in range(first, last)])
            store.commit()
    elif command == "rebuild":
        with store.writing():
            store.rebuild()
    elif command == "ask":
        while True:
            with suppress(ServerAway):
                store.search("harbour", embed(["x"])[0], k=3)
            time.sleep(0.05)
    elif command == "notice":
        store.refresh()
        while not (said := store.notice):
            time.sleep(0.05)
        by_words, near = store.search("harbour", embed(["x"])[0], k=3)
        print(said, len(by_words), len(near))
    else:
        report = ingest([Path(arguments[0])], store=store, embed=embed)
        print(report.added, report.updated, report.unchanged, len(report.failed))
    store.close()


def numbered(n: int):  # type: ignore[no-untyped-def]
    return article(f"a{n}", told(n), outlet=f"Outlet {n % 3}", published=f"2024-01-{1 + n % 28:02}")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), *sys.argv[2:])
    except StoreError as error:
        print(error)
        sys.exit(3)
