"""The administrator's commands; above every layer, beside the API."""
