"""Networks: the kernels that train them, their streams of random numbers, and the records they leave."""
