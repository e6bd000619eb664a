"""How the page looks: Gradio's theme, and the style sheets of `static/css/` in their order."""

from __future__ import annotations

from typing import Any

import gradio as gr

from qa.surfaces.page.parts import STATIC, script, style

SHEETS = (
    "tokens",
    "frame",
    "boxes",
    "conversation",
    "answer",
    "dock",
    "timeline",
    "news",
    "articles",
    "panel",
)


def looks() -> dict[str, Any]:
    """Options of `launch` that say how the page looks. Fonts are the system's: nothing is fetched."""
    return {
        "theme": _theme(),
        "css": style(*SHEETS),
        "head": f'<meta name="color-scheme" content="light dark"><script>{script("stream")}</script>',
        "footer_links": [],
        "run_history": False,
        "ssr_mode": False,
        "favicon_path": STATIC / "icon.png",
    }


def _theme() -> Any:
    sans = ("ui-sans-serif", "system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif")
    theme = gr.themes.Base(
        primary_hue="stone",
        neutral_hue="stone",
        radius_size="sm",
        font=sans,
        font_mono=("ui-monospace", "Menlo", "Consolas", "monospace"),
    )
    theme.set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#181614",
        body_text_color="#1d1a17",
        body_text_color_dark="#ebe6de",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#211e1b",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_label_text_color="#665e55",
        block_label_text_color_dark="#aaa196",
        block_title_text_color="#665e55",
        block_title_text_color_dark="#aaa196",
        border_color_primary="#e2ddd4",
        border_color_primary_dark="#3a342e",
        input_background_fill="#ffffff",
        input_background_fill_dark="#211e1b",
        button_primary_background_fill="#1d1a17",
        button_primary_background_fill_dark="#ebe6de",
        button_primary_text_color="#faf9f6",
        button_primary_text_color_dark="#181614",
        color_accent="#8c3a10",
    )
    return theme
