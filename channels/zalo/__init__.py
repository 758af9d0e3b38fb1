"""Zalo Official Account: signed webhook in, customer-service messages out."""
