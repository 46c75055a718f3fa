"""Documents out of plain data. Nothing here knows the service, a database or the web."""
