"""A page on which the networks and the limit are explored."""
