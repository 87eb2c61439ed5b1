"""Pages for everyone: what is asked, who has it, how far it is, and from which words it came."""
