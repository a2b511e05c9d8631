"""A server and the domains on it as the world sees them: certificates, names, block lists."""
