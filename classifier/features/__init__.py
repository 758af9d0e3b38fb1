"""Text to numbers: the same at training and at run time, with arrays and dictionaries alone at run time."""
