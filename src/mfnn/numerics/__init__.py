"""Fast elementary functions, matrix products and distances between samples."""
