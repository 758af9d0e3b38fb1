"""Rules kept as data: calendar, terms, fields. Edited by people, read by feedback.domain."""
