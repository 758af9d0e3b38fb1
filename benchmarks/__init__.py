"""Measures speed and size beside their limits, on a fresh embedded server with production settings."""
