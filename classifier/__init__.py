"""Vietnamese text to ward, field, kind and urgency. Knows no Flask, no database, no queue and no channel."""
