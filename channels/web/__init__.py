"""The portal's own form, treated like any other channel."""
