"""Where everything is put together: the command line, and the one list of tools."""
