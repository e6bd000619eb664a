"""A store goes on with the embedder that made it, or is told the command that rebuilds it."""

from __future__ import annotations

from pathlib import Path

import pytest

import qa
from qa.errors import EmbedderMismatch, ModelError

FLOOD = "FLOOD IN GENOA\n\nGENOA, May 3 - The river Bisagno flooded two streets on Friday; nobody was hurt."
STORM = (
    "STORM IN TRIESTE\n\nTRIESTE, May 4 - A storm took the roof of the old theatre in Trieste on Saturday."
)


@pytest.fixture(scope="module")
def made_by_minilm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as the first edition made it."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "flood.txt").write_text(FLOOD)
    with qa.open(folder / "data", embedder="minilm") as desk:
        assert desk.ingest([folder / "flood.txt"]).added == 1
    return folder / "data"


def near(desk: qa.Assistant, text: str) -> list[str]:
    """Titles of the nearest articles by vectors alone."""
    _, found = desk.store.search("", desk.engine.embedder.embed([text])[0], k=5)
    return [desk.article(hit.passage.article_id).title for hit in found]


def test_a_new_store_is_made_with_the_built_in_table(tmp_path: Path) -> None:
    with qa.open(tmp_path / "data") as desk:
        assert desk.store.catalogue.made_with == ("fast-1", desk.engine.embedder.dim)


def test_a_store_of_the_first_edition_goes_on_with_its_embedder(made_by_minilm: Path, tmp_path: Path) -> None:
    (tmp_path / "storm.txt").write_text(STORM)
    with qa.open(made_by_minilm) as desk:
        assert desk.engine.embedder.name == "minilm"
        assert desk.ingest([tmp_path / "storm.txt"]).added == 1
        assert near(desk, "wind damage to a playhouse")[0] == "Storm in Trieste".upper()
        assert desk.check() == []
        desk.rebuild()
        assert desk.store.catalogue.made_with[0] == "minilm"


def test_a_store_that_is_asked_for_another_embedder_names_the_command_that_rebuilds_it(
    made_by_minilm: Path,
) -> None:
    with qa.open(made_by_minilm, embedder="fast") as desk:
        with pytest.raises(EmbedderMismatch, match=r"made with the embedder minilm.*ingest.py --rebuild"):
            desk.search("flood")
        desk.rebuild()
        assert near(desk, "high water in a port")[0] == "Flood in Genoa".upper()
        assert desk.check() == []
    with qa.open(made_by_minilm) as desk:
        assert desk.engine.embedder.name == "fast-1"


def test_a_store_made_with_embeddings_of_langchain_asks_for_them(tmp_path: Path) -> None:
    from langchain_core.embeddings import DeterministicFakeEmbedding

    (tmp_path / "flood.txt").write_text(FLOOD)
    with qa.open(tmp_path / "data", embedder=DeterministicFakeEmbedding(size=6)) as desk:
        desk.ingest([tmp_path / "flood.txt"])
    with (
        qa.open(tmp_path / "data") as desk,
        pytest.raises(ModelError, match=r"DeterministicFakeEmbedding.*qa\.open\(embedder="),
    ):
        desk.search("flood")
