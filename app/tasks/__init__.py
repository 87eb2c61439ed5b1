"""What is waited for: on which desk, until when, who has it, and what reminds of it."""
