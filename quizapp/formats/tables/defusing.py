"""Cells that a spreadsheet would take for a formula get a `'` before them, and lose it again."""

_DANGEROUS = tuple("=+-@\t\r")


def defused(cell: str) -> str:
    """The cell as it is safe to write; one that begins with `'` gets another, to be told apart."""
    return f"'{cell}" if cell.startswith((*_DANGEROUS, "'")) else cell


def fused(cell: str) -> str:
    """The cell as it was before `defused`."""
    return cell[1:] if cell.startswith("'") and defused(cell[1:]) == cell else cell
