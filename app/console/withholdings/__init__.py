"""What is withheld from the public: seen, withheld at once, released later."""
