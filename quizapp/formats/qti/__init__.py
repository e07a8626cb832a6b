"""QTI 1.2, 2.1, 2.2 and 3.0, as XML and as packages: read; 2.1 packages written."""
