"""What somebody typed and has not sent yet: kept for them alone, offered again, then forgotten."""
