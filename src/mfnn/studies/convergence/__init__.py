"""Do the errors of test functions, outputs and risks vanish, and at which rate?"""
