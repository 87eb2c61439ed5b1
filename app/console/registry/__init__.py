"""Pages of dispatchers and registrars: entering, filing, dispatching, deciding, tagging."""
