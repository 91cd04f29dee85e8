"""Do the laws of trained parameters settle as the width grows?"""
