"""Tests of the generated company."""
