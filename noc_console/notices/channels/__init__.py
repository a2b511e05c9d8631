"""Where notices are posted: one module a channel."""
