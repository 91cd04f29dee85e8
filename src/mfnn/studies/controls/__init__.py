"""What do other ways to train change, and what happens where an assumption is broken?"""
