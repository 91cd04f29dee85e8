"""What is the limit of two hidden layers, and which of them sets which part of the fluctuations?"""
