"""What is withheld from the public: by the office that wrote it, or a registrar."""
