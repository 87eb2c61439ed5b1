"""The words and steps of the register, who the caller is, and how the service is."""
