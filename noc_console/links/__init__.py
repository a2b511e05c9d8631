"""How a server is reached: SSH transport, host keys, jumps, authentication, back-off."""
