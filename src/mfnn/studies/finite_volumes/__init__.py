"""Is the limit the same where it is solved on grids?"""
