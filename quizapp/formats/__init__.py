"""Files become documents and problems: pure, from bytes to dataclasses."""
