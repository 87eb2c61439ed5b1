"""What figures count: their parts as conditions on lists, and what they can be broken down by."""
