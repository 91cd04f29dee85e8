"""The limit equation and what follows from it: characteristics, densities, finite volumes, fluctuations. No network."""
