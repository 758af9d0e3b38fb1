"""Hotline: transcripts of calls from a drop folder. A call has no text channel back."""
