"""Where do the fluctuations come from, the start or the samples?"""
