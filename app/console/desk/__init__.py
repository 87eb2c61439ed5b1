"""The desk of an office: what waits there, its cases, letters, reports and promises."""
