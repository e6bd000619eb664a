"""A folder of files of every kind, a tenth of them damaged: each is an article, a failure or passed over."""

from __future__ import annotations

import random
from pathlib import Path

from qa.ingest.load import expand, load
from qa.types import Failure, Notice, RawArticle

INPUTS = Path(__file__).parent / "inputs"
FILES = 200  # `benchmarks/formats.py` makes 2,000
DAMAGED = 0.1


def mixed_folder(folder: Path, files: int, *, seed: int = 7) -> list[Path]:
    """Files of every kind below `folder`, each under a name of its own; a tenth cut, flipped or emptied."""
    chance = random.Random(seed)
    kinds = sorted(path for path in INPUTS.rglob("*") if path.is_file() and "_files" not in str(path))
    kinds = [path for path in kinds if path.name not in ("check.py", "expected.jsonl", "README.md")]
    made = []
    for number in range(files):
        kind = kinds[number % len(kinds)]
        path = folder / f"{number % 9}" / f"{number:05}-{kind.name}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(
            _damaged(kind.read_bytes(), chance) if chance.random() < DAMAGED else kind.read_bytes()
        )
        made.append(path)
    return made


def _damaged(data: bytes, chance: random.Random) -> bytes:
    kind = chance.choice(["cut", "flipped", "empty", "noise"])
    if kind == "cut":
        return data[: chance.randrange(len(data))]
    if kind == "empty":
        return b""
    spoilt = bytearray(data)
    for _ in range(20 if kind == "flipped" else len(data) // 4):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    return bytes(spoilt)


def account(folder: Path) -> dict[str, set[str]]:
    """What became of each file: `read`, `failed` or `passed over`, by what was said of it."""
    became: dict[str, set[str]] = {}
    for found in expand([folder]):
        if isinstance(found, Notice):
            became.setdefault(found.source, set()).add("passed over")
            continue
        assert isinstance(found, Path)
        outcomes = became.setdefault(found.as_posix(), set())
        for each in load(found):
            kind = (
                "failed"
                if isinstance(each, Failure)
                else "read"
                if isinstance(each, RawArticle)
                else "passed over"
            )
            outcomes.add(kind)
            assert not isinstance(each, Failure) or "could not be understood" not in each.reason, each
    return became


def test_every_file_of_a_mixed_folder_is_accounted_for(tmp_path: Path) -> None:
    made = mixed_folder(tmp_path, FILES)
    became = account(tmp_path)
    assert set(became) == {path.as_posix() for path in made}
    assert [name for name, outcomes in became.items() if not outcomes] == []
    assert sum("failed" in outcomes for outcomes in became.values()) > FILES * DAMAGED / 3
