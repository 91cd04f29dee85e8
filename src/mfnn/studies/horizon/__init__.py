"""How long does the limit describe a network of given width, and how wide must it be for how long?"""
