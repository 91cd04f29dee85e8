"""`python -m mfnn`: the same as the command `mfnn`."""

from mfnn.pipeline.main import main

main()
