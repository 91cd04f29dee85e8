"""How large are the terms of the proof?"""
