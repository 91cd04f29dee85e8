"""Do the neurons of one network become independent, and how fast?"""
