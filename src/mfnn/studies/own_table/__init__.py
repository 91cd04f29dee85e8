"""What would an infinitely wide network predict of a table, how far from it is one of given width, how wide must it be?"""
