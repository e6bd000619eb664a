"""Takes the pictures in docs/: `python -m docs.screenshots` ingests seeds/, opens the page, asks, looks.

Needs Chromium and a font with emoji.
Each view at three widths, light and dark, as <view>-<width>-<scheme>.png: in docs/ those that README and
docs show, all others in docs/pictures/, which is not kept. Reports that differ and a timeline need more than
one article: for them there are REPORTS, which are made up.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import NARROW, WAIT_MS, WIDE, ask, chromium, visit  # noqa: E402 - see the line above
from server import serving  # noqa: E402

REPORTS = (  # (title, outlet, day, text)
    (
        "Ely market hall opens after repairs",
        "Ely Courier",
        "2025-03-03",
        "The market hall in Ely opened again on Monday after two years of repairs. "
        "Mayor Ada Quill called it the heart of the town.",
    ),
    (
        "Fire in Ely market hall",
        "Ely Courier",
        "2025-04-21",
        "At least 12 people died in a fire in the market hall in Ely on Monday, police said. "
        "The cause of the fire is not known.",
    ),
    (
        "Toll of market hall fire rises",
        "Fenland Post",
        "2025-04-22",
        "The fire in the market hall in Ely killed 15 people, Mayor Ada Quill said on Tuesday. "
        "A fund for the families was set up.",
    ),
    (
        "Ely mourns",
        "Fenland Post",
        "2025-04-28",
        "Thousands came to a service for the victims of the market hall fire in Ely. "
        "The market hall will be torn down.",
    ),
)
COLOURS = 256  # of a picture: text on paper needs no more, and the files stay small
MIDDLE = 768
STILL_MS = 700  # transitions take 220


def main() -> None:
    """All pictures, anew."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        subprocess.run([sys.executable, "ingest.py", "--data", str(data)], cwd=ROOT, check=True)
        with serving(data) as server, chromium() as browser:
            for width in (WIDE, MIDDLE, NARROW):
                for scheme in ("light", "dark"):
                    with visit(browser, server.url, width=width, scheme=scheme) as page:
                        take_all(page, VIEWS, f"{width}-{scheme}")
            for title, outlet, day, text in REPORTS:
                server.call("ingest", text=text, title=title, outlet=outlet, published=day)
            for width in (WIDE, MIDDLE, NARROW):
                for scheme in ("light", "dark"):
                    with visit(browser, server.url, width=width, scheme=scheme) as page:
                        take_all(page, VIEWS_OF_REPORTS, f"{width}-{scheme}")


def take_all(page: Any, views: Mapping[str, Callable[[Any], None]], suffix: str) -> None:
    """Every view in one window, in the order a reader meets them."""
    for name, show in views.items():
        show(page)
        page.wait_for_timeout(STILL_MS)
        path = place_of(f"{name}-{suffix}.png")
        page.screenshot(path=path)
        shrink(path)
        print(path.relative_to(ROOT))


def place_of(picture: str) -> Path:
    """Beside the page that shows it, else among those to look at."""
    docs = Path(__file__).parent
    pages = [ROOT / "README.md", *docs.glob("*.md")]
    if any(picture in page.read_text() for page in pages):
        return docs / picture
    (docs / "pictures").mkdir(exist_ok=True)
    return docs / "pictures" / picture


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
    page.wait_for_selector(".example", timeout=WAIT_MS)


def compound(page: Any) -> None:
    ask(page, "Who was killed and where?")


def source(page: Any) -> None:
    page.click("blockquote .cite >> nth=1")
    page.wait_for_selector("#panel mark.quoted")


def follow_up(page: Any) -> None:
    page.keyboard.press("Escape")
    ask(page, "and how?")


def begin_anew(page: Any) -> None:
    if not page.is_visible("#new-conversation"):  # on a phone it stands behind the three dots
        page.click("#more")
    page.click("#new-conversation")
    page.wait_for_selector(".welcome")


def answer(page: Any) -> None:
    begin_anew(page)
    ask(page, "How many people were injured in Kyiv?")


def not_found(page: Any) -> None:
    begin_anew(page)
    ask(page, "Who was killed in Paris?")


def articles(page: Any) -> None:
    page.evaluate("scrollTo(0, 0)")
    page.click("role=tab[name=Articles]")
    page.wait_for_selector("ul.articles")
    page.click("#add > button")


def disagreement(page: Any) -> None:
    ask(page, "How many people died in the fire in Ely?")


def timeline(page: Any) -> None:
    page.evaluate("scrollTo(0, 0)")
    page.click("role=tab[name=Timeline]")
    page.fill("#topic textarea, #topic input", "market hall in Ely")
    page.press("#topic textarea, #topic input", "Enter")
    page.wait_for_selector("ol.timeline")


VIEWS: dict[str, Callable[[Any], None]] = {
    "welcome": welcome,
    "compound": compound,
    "source": source,
    "follow-up": follow_up,
    "answer": answer,
    "not-found": not_found,
    "articles": articles,
}

VIEWS_OF_REPORTS = {"disagreement": disagreement, "timeline": timeline}

if __name__ == "__main__":
    main()
