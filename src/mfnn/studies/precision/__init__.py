"""What does single precision change?"""
