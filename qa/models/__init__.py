"""All that computes on weights: the embedder, the reader, the optional chat model; and the weights."""
