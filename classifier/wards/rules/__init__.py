"""What each level word makes of a name: one module a kind of place."""
