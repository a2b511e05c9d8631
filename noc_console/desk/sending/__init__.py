"""What goes out: the page with the outbox, contacts, channels, templates and promises."""
