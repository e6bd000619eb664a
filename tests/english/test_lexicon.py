"""The word lists are kept so that each can be read, checked and traced."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qa.english import lexicon

ROOT = Path(__file__).parents[2]
LISTS = sorted((ROOT / "qa/english/lexicon").glob("*.txt"))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "qa").rglob("*.py"))


def entries(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.partition(":")[0] for line in lines if not line.startswith("#")]


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_is_sorted_and_holds_no_word_twice(path: Path) -> None:
    found = entries(path)
    assert found and all(entry.strip() == entry != "" for entry in found)
    assert found == sorted(found, key=str.casefold)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_a_list_says_what_it_is_and_where_it_comes_from(path: Path) -> None:
    what, source, *_ = path.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"# [A-Z].{20,}\.", what)
    assert re.fullmatch(r"# Source: .{10,}", source)


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_every_list_is_used(path: Path) -> None:
    assert f'"{path.stem}"' in CODE


def test_a_list_that_is_not_there_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        lexicon.words("no such list")


def test_a_table_is_read_in_both_directions() -> None:
    assert "african" not in lexicon.words("nations")
    assert lexicon.table("irregular_verbs")["take"] == ("took", "taken")
    assert lexicon.heads("irregular_verbs")["took"] == "take"
    assert lexicon.counts("months")["sept"] == 9


def test_one_of_finds_the_longest_entry() -> None:
    match = re.match(lexicon.one_of({"West", "West Virginia", "a.m."}), "West Virginia")
    assert match is not None and match.group() == "West Virginia"
    assert re.fullmatch(lexicon.one_of({"a.m."}), "axm.") is None
