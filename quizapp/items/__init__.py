"""Item kinds, scoring and lint: pure rules, no Flask, no database, no clock."""
