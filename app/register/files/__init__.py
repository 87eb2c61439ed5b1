"""Files that prove what offices say."""
