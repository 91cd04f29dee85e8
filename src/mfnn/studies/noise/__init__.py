"""What do noisy steps and a decay of the parameters change, and where do they lead?"""
