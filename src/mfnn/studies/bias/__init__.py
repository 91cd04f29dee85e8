"""What is left of a finite network when its limit is taken away: its bias of order 1/N, predicted?"""
