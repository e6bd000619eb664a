"""The Gradio page: a file a tab, and what they share. Takes endpoints over an Assistant, gives Gradio Blocks.

HTML comes from `html/`, looks from `static/`. Knows nothing about ports, hosts and logins: `server` does.
"""

import os

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when Gradio is imported
