"""E-mail: a mailbox in, SMTP out."""
