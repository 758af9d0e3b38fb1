"""Local stand-ins of the providers, for tests and the demo. They behave as documented, errors included."""
