"""Takes the pictures in docs/: `python -m docs.screenshots` ingests seeds/, opens the page, asks, and looks.

Needs Chromium and a font with emoji.
Each view at two widths, light and dark: docs/<view>-<width>-<scheme>.png.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import NARROW, WAIT_MS, WIDE, ask, chromium, visit  # noqa: E402 - see the line above
from server import serving  # noqa: E402

COLOURS = 256  # of a picture: text on paper needs no more, and the files stay small
STILL_MS = 700  # transitions take 220


def main() -> None:
    """All pictures, anew."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        subprocess.run([sys.executable, "ingest.py", "--data", str(data)], cwd=ROOT, check=True)
        with serving(data) as server, chromium() as browser:
            for width in (WIDE, NARROW):
                for scheme in ("light", "dark"):
                    with visit(browser, server.url, width=width, scheme=scheme) as page:
                        take_all(page, f"{width}-{scheme}")


def take_all(page: Any, suffix: str) -> None:
    """Every view in one window, in the order a reader meets them."""
    for name, show in VIEWS.items():
        show(page)
        page.wait_for_timeout(STILL_MS)
        path = Path(__file__).parent / f"{name}-{suffix}.png"
        page.screenshot(path=path)
        shrink(path)
        print(path.name)


def shrink(path: Path) -> None:
    """Keeps the commonest colours, so that paper and accent look as they do in the page."""
    from PIL import Image

    with Image.open(path) as picture:
        full = picture.convert("RGB")
    counted = sorted(full.getcolors(full.width * full.height), reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in counted for part in colour])
    full.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)


def welcome(page: Any) -> None:
    page.wait_for_selector("#chat .example", timeout=WAIT_MS)


def compound(page: Any) -> None:
    ask(page, "Who was killed and where?")


def source(page: Any) -> None:
    page.click("blockquote .cite >> nth=1")
    page.wait_for_selector("#panel mark.quoted")


def follow_up(page: Any) -> None:
    page.keyboard.press("Escape")
    ask(page, "and how?")


def answer(page: Any) -> None:
    page.click("text=New conversation")
    page.wait_for_selector(".welcome")
    ask(page, "How many people were injured in Kyiv?")


def not_found(page: Any) -> None:
    page.click("text=New conversation")
    page.wait_for_selector(".welcome")
    ask(page, "What is the price of gold?")


def articles(page: Any) -> None:
    page.evaluate("scrollTo(0, 0)")
    page.click("role=tab[name=Articles]")
    page.wait_for_selector("ul.articles")
    page.click("#add > button")


VIEWS: dict[str, Callable[[Any], None]] = {
    "welcome": welcome,
    "compound": compound,
    "source": source,
    "follow-up": follow_up,
    "answer": answer,
    "not-found": not_found,
    "articles": articles,
}

if __name__ == "__main__":
    main()
