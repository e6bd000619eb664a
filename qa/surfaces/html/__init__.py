"""HTML and Markdown of what the page shows: takes the JSON of answers and articles, gives text.

Every file has small functions that prepare values for a template of `templates/`, where all is escaped.
Knows nothing about Gradio, the store or the models.
"""
