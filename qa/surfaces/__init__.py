"""Where people and scripts meet Dateline: command line, page, endpoints."""
