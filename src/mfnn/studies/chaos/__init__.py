"""Do the neurons of one network become independent, and how fast?"""

LEAST_REPLICAS = 4
