"""What is counted, told together and drawn of the whole register."""
