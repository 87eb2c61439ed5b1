"""Many rows in one request, each carried out as a request for itself would be."""
