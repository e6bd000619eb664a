"""How the reader was made: public data and packaged weights in, `qa/models/reader/` out. See README.md."""
