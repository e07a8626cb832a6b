"""Speed, as ratios to bare pages of the same run: `make bench`."""
