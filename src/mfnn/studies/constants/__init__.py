"""Is the constant in front of the rate the predicted one?"""
