"""The guide for scripts, `docs/api.md`, as a page of its own, so that the address in the footer opens words
and not only the machine-readable description. Takes nothing, gives HTML."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from markupsafe import Markup

from qa.surfaces.html.render import render

SOURCE = Path(__file__).parents[3] / "docs" / "api.md"
SERVED = ("https://", "http://", "#")  # what a link may begin with
COLOURS = Path(__file__).parents[1] / "static" / "css" / "tokens.css"


def has_guide() -> bool:
    """Whether the guide is there; an installed package goes without its `docs/`."""
    return SOURCE.is_file()


@cache
def guide() -> str:
    """The whole page. Links to other files of the project are left as words, for they are not served."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(SOURCE.read_text(encoding="utf-8"))
    for token in (inner for block in tokens for inner in block.children or ()):
        if not str(token.attrGet("href") or "#").startswith(SERVED):
            token.attrs.pop("href")
    text = reader.renderer.render(tokens, reader.options, {})
    colours = (
        COLOURS.read_text(encoding="utf-8").replace(
            ".dark {", "@media (prefers-color-scheme: dark) { :root {", 1
        )
        + "}"
    )
    return render("guide", text=Markup(text), colours=Markup(colours))
