"""How far is a network's whole law from the limit law?"""
