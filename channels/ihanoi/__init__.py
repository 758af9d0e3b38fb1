"""iHanoi, the city's citizen app: signed pushes in, signed status pushes out."""
