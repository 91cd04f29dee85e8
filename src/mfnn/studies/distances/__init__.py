"""How far is a network's whole law from the limit law?"""

LEAST_CLOUDS = 2  # of a width, for an interval
