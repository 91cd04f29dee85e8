"""What lies between the kernel's normalisation of the output and the mean field's?"""
