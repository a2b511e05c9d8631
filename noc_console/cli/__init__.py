"""The command line, thin: the same calls as the desk; starts the engine and the desk."""
