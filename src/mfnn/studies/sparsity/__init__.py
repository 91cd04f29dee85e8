"""What does it change that a neuron sees some of the inputs only?"""
