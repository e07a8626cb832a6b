"""Formulas in MathML on one line: `1/3`, `x^2`, `√(a + b)`."""

from xml.etree.ElementTree import Element

_OPERATORS = frozenset("+-−=<>≤≥≠±×÷·→⇒⇔≈∈∪∩")
_BETWEEN = {"mfrac": "/", "msup": "^", "msub": "_", "munder": "_", "mover": "^"}
_SILENT = {"annotation", "annotation-xml", "annotationXml", "mphantom"}


def line_of_math(element: Element) -> str:
    """The formula as a line of text; a table's cells are divided by commas and semicolons."""
    name = str(element.tag)
    if name in _SILENT:
        return ""
    parts = [line_of_math(child) for child in element]
    if not parts:
        return _word(name, " ".join((element.text or "").split()))
    if name in _BETWEEN and len(parts) == 2:
        return f"{_grouped(parts[0])}{_BETWEEN[name]}{_grouped(parts[1])}"
    match name, parts:
        case "msqrt", _:
            return f"√{_grouped(''.join(parts))}"
        case "mroot", [base, index]:
            return f"root({index}, {base})"
        case (("msubsup" | "munderover"), [base, low, high]):
            return f"{_grouped(base)}_{_grouped(low)}^{_grouped(high)}"
        case "mfenced", _:
            signs = element.get("open", "("), element.get("close", ")")
            return f"{signs[0]}{', '.join(parts)}{signs[1]}"
        case "mtable", _:
            return f"[{'; '.join(parts)}]"
        case "mtr", _:
            return ", ".join(parts)
    return "".join(parts)


def _word(name: str, text: str) -> str:
    if name == "mo" and text in _OPERATORS:
        return f" {text} "
    return f" {text} " if name == "mtext" else text


def _grouped(part: str) -> str:
    """A part in round brackets, if it is more than one thing."""
    part = part.strip()
    is_one = part.isalnum() or part.replace(".", "").replace(",", "").isdigit()
    return part if is_one or (part.startswith("(") and part.endswith(")")) else f"({part})"
