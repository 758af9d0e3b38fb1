"""How each channel speaks: verify, parse and send. Knows no Flask, no database and no queue."""
