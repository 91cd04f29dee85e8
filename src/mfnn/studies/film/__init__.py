"""Networks of growing width and the limit, followed through time."""
