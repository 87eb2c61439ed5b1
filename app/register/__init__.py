"""What was proposed, by whom, in which words, and how far each recommendation is."""
