"""How proposals are handled: dispatched, received, answered, promised, rated."""
