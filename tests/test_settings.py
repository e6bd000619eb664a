"""Defaults, then dateline.toml, then the environment, then what a surface was given."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.errors import SettingsError
from qa.settings import load_settings


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_arguments_beat_environment_beats_file(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (empty_folder / "dateline.toml").write_text('port = 1\nreader = "file"\nembedder = "file"\n')
    monkeypatch.setenv("QA_PORT", "2")
    monkeypatch.setenv("QA_READER", "environment")
    settings = load_settings(port=3)
    assert (settings.port, settings.reader, settings.embedder) == (3, "environment", "file")


def test_an_argument_that_is_none_counts_as_not_given() -> None:
    assert load_settings(port=None).port == load_settings().port


def test_an_unknown_key_is_refused_wherever_it_stands(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match="prot"):
        load_settings(prot=1)
    monkeypatch.setenv("QA_PROT", "1")
    with pytest.raises(SettingsError, match="QA_PROT"):
        load_settings()
    monkeypatch.delenv("QA_PROT")
    (empty_folder / "dateline.toml").write_text("prot = 1\n")
    with pytest.raises(SettingsError, match="prot"):
        load_settings()


def test_an_impossible_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PORT", "many")
    with pytest.raises(SettingsError, match=r"port.*many"):
        load_settings()


def test_a_broken_file_is_named(empty_folder: Path) -> None:
    (empty_folder / "dateline.toml").write_text("port = = 1")
    with pytest.raises(SettingsError, match=r"dateline\.toml"):
        load_settings()


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]
