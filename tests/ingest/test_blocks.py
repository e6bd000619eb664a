"""Blocks: every word in exactly one, and each kind told by the shape of its lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.ingest.blocks import blocks

SEED = Path(__file__).parents[2] / "seeds" / "second-russian-general-killed.txt"
LINES = st.lists(
    st.sampled_from(
        [
            "Key Takeaways",
            "- A point in a list",
            "## Marked",
            "Sources:",
            "Source: Reuters",
            "A whole paragraph of the story, long enough that a heading can stand above it, ends here.",
            "🚨 Breaking pic.twitter.com/8GLU4vaDXU",
            "— Osprey Times (@OspreyTimes) April 25, 2025",
            "",
            "  ",
            "short",
        ]
    ),
    max_size=12,
).map("\n".join)


def kinds(text: str, *, title: str | None = None) -> list[tuple[str, str]]:
    return [(block.kind, text[block.start : block.end]) for block in blocks(text, title=title)]


@given(st.one_of(st.text(max_size=200), LINES))
def test_blocks_are_ordered_apart_and_hold_every_word_once(text: str) -> None:
    found = blocks(text)
    borders = [border for block in found for border in (block.start, block.end)]
    assert borders == sorted(borders)
    assert all(block.start < block.end for block in found)
    inside = "".join("".join(text[block.start : block.end].split()) for block in found)
    assert inside == "".join(text.split())


def test_the_seed_comes_apart_into_lede_list_headings_body_post_and_sources() -> None:
    found = kinds(SEED.read_text(encoding="utf-8"))
    assert [kind for kind, _ in found[:8]] == ["lede", "heading", *["list"] * 5, "heading"]
    assert [text for kind, text in found if kind == "heading"] == [
        "Key Takeaways",
        "Second Russian General Assassinated in Car Bombing",
        "Trump Administration’s Peace Initiative Faces Challenges",
        "International Response and Diplomatic Complications",
        "Uncertain Path Forward",
    ]
    (post,) = (text for kind, text in found if kind == "embed")
    assert post.startswith("🦅🚨 Lieutenant General") and post.endswith("April 25, 2025")
    assert found[-1][0] == "sources" and found[-1][1].count("\n") == 2
    assert [kind for kind, _ in found].count("sources") == 1


PARAGRAPH = (
    "The general was killed on Friday morning when a bomb went off in a parked car, investigators said."
)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("What happened?", "heading"),
        ("## What happened", "heading"),
        ("The talks", "heading"),
        ("He left.", "body"),
        ("the talks", "body"),
        ("He said:", "body"),
        ("• Two people were hurt", "list"),
        ("3) Two people were hurt", "list"),
        ("A post shared by Osprey Times (@ospreytimes)", "embed"),
        ("See this https://t.co/8GLU4vaDXU", "embed"),
    ],
)
def test_a_line_between_paragraphs_is_told_by_its_shape(line: str, kind: str) -> None:
    assert kinds(f"{PARAGRAPH}\n{line}\n{PARAGRAPH}")[1] == (kind, line)


def test_a_title_is_known_by_what_it_is_called_or_by_its_shape() -> None:
    assert kinds(f"Three died.\n{PARAGRAPH}", title="Three died")[0] == ("title", "Three died.")
    assert kinds(f"# Three died\n{PARAGRAPH}")[0] == ("title", "# Three died")
    assert kinds(f"{PARAGRAPH}\n{PARAGRAPH}", title="Three died")[0][0] == "lede"


def test_only_a_trailing_list_is_a_list_of_sources() -> None:
    assert kinds(f"{PARAGRAPH}\nSources:\n{PARAGRAPH * 5}")[1][0] != "sources"
    assert kinds(f"{PARAGRAPH}\nSources:\nA headline, an outlet says\nAnother")[1][0] == "sources"
    assert kinds(f"{PARAGRAPH}\nSource: Reuters")[1] == ("sources", "Source: Reuters")
    assert kinds(f"{PARAGRAPH}\nSource: Jon Doe\n{PARAGRAPH}")[1][0] != "sources"
    assert kinds("Sources: two people died.")[0][0] == "lede"


def test_an_empty_text_has_no_blocks() -> None:
    assert blocks("") == blocks(" \n\n ") == ()
