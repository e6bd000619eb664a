"""What several tests share: a store with the article of seeds/, made once, with the real models."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from qa.desk import Assistant

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
# What an example takes is no result: beside other work any of them may be slow.
settings.register_profile("dateline", deadline=None)
settings.load_profile("dateline")


@pytest.fixture(scope="session")
def seed_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a store that holds seeds/. Shared by all tests: read it, never write to it."""
    import qa

    data = tmp_path_factory.mktemp("seed") / "data"
    desk = qa.open(data)
    report = desk.ingest([SEEDS])
    desk.close()
    assert report.added == 1, report
    return data


@pytest.fixture(scope="session")
def desk(seed_data: Path) -> Iterator[Assistant]:
    """An assistant over `seed_data`. Ask it; do not ingest into it."""
    import qa

    desk = qa.open(seed_data)
    yield desk
    desk.close()


@pytest.fixture
def own_data(seed_data: Path, tmp_path: Path) -> Path:
    """A copy of the seed store that a test may change."""
    return Path(shutil.copytree(seed_data, tmp_path / "data"))
