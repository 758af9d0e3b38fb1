"""Training side: the only part of the classifier that needs scikit-learn."""
