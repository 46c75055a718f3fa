NOT_READABLE = "this is not a PDF that can be read"


class ReportError(ValueError):
    """The document cannot be made; the message names the place in the data and what would mend it, never the value."""
