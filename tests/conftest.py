"""What all tests of a process share, each made once, on first use.

A store with the article of seeds/, an assistant over it, the running app, a browser, and the models. How
tests are dealt out to processes is said here too: `pytest_collection_modifyitems`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from server import Server

    from qa.desk import Assistant

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
# What an example takes is no result: beside other work any of them may be slow.
settings.register_profile("dateline", deadline=None)
settings.load_profile("dateline")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share something their file makes stay together; all others go to whichever process is free.

    `--dist loadgroup` hands out large groups first, then single tests in this order: those marked `long`
    lead, so that none of them is begun when the other process is about to end.
    """
    for item in items:
        if _shares_in_file(item):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _shares_in_file(item: pytest.Item) -> bool:
    made = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]  # pytest has no other way
    return any(made[name][-1].scope in ("module", "class") for name in made if made[name])


@pytest.fixture(scope="session", autouse=True)
def one_of_each_model() -> Iterator[None]:
    """Assistants of one process share their models, as `chat` and `api` do in the app.

    Tests of loading call the loaders by themselves.
    """
    with pytest.MonkeyPatch.context() as patch:
        for loader in ("qa.models.embed.load_embedder", "qa.models.read.load_reader"):
            module, _, name = loader.rpartition(".")
            patch.setattr(loader, _once(getattr(__import__(module, fromlist=[name]), name)))
        yield


def _once(load: Callable[..., Any]) -> Callable[..., Any]:
    """The loader, which gives the same model for the same name and threads."""
    loaded: dict[Any, Any] = {}

    def shared(name: Any = None, *, threads: int | None = None) -> Any:
        given = () if name is None else (name,)
        if name is not None and not isinstance(name, str):  # LangChain's Embeddings, made by the caller
            return load(*given, threads=threads)
        if (name, threads) not in loaded:
            loaded[name, threads] = load(*given, threads=threads)
        return loaded[name, threads]

    return shared


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


@pytest.fixture(scope="session")
def server(seed_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real app over a store of its own with the article of seeds/. What a test adds, it removes."""
    from server import serving

    data = Path(shutil.copytree(seed_data, tmp_path_factory.mktemp("app") / "data"))
    with serving(data) as running:
        yield running


@pytest.fixture(scope="session")
def guarded_server(seed_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same behind a login, which is `reader:secret`."""
    from server import LOGIN, serving

    data = Path(shutil.copytree(seed_data, tmp_path_factory.mktemp("guarded") / "data"))
    with serving(data, environment={**os.environ, "QA_LOGIN": LOGIN}) as running:
        yield running


@pytest.fixture(scope="session")
def second_server(seed_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Another, over a copy of the same store, that loads addresses of this machine as well."""
    from server import serving

    data = Path(shutil.copytree(seed_data, tmp_path_factory.mktemp("second") / "data"))
    with serving(data, environment={**os.environ, "QA_PRIVATE_ADDRESSES": "true"}) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium, headless."""
    from browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def window(browser: Any) -> Iterator[Any]:
    """A window of it whose tabs share what they have loaded: see `browser.opened`."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context
    context.close()
