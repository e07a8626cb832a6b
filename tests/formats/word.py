"""Word documents for tests, as few parts as Word opens them with."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = f'xmlns:w="{W}" xmlns:r="{R}"' + "".join(
    f' xmlns:{prefix}="urn:{prefix}"'
    for prefix in ("wp", "a", "pic", "mc", "wps", "v", "o", "m", "c")
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

STYLES = {
    "Normal": '<w:name w:val="Normal"/>',
    "Ttulo": '<w:name w:val="Title"/><w:rPr><w:b/></w:rPr>',
    "Ttulo1": '<w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr>',
    "Ttulo2": '<w:name w:val="Título 2"/>',
    "Meu": '<w:name w:val="Meu título"/><w:basedOn w:val="Ttulo1"/>',
    "Esquema": '<w:name w:val="Esquema"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr>',
    "Sumrio1": '<w:name w:val="toc 1"/>',
    "Citao": '<w:name w:val="Quote"/>',
    "Cdigo": '<w:name w:val="HTML Preformatted"/>',
    "Forte": '<w:name w:val="Strong"/><w:rPr><w:b/></w:rPr>',
}


def run(text: str, looks: str = "") -> str:
    """A run; `looks` is what its properties hold, such as <w:b/>."""
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*runs: str, style: str = "", list_id: str = "", rank: int = 0, more: str = "") -> str:
    """A paragraph of runs, or of plain texts."""
    inner = "".join(part if part.startswith("<") else run(part) for part in runs)
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if list_id:
        properties += f'<w:numPr><w:ilvl w:val="{rank}"/><w:numId w:val="{list_id}"/></w:numPr>'
    return f"<w:p><w:pPr>{properties}{more}</w:pPr>{inner}</w:p>"


def table(*rows: list[str]) -> str:
    """A table of texts, or of paragraphs."""
    cells = [
        "".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row)
        for row in rows
    ]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def drawing(relation: str, alt: str = "") -> str:
    """A picture in a line of text."""
    return (
        f"<w:r><w:drawing><wp:inline><wp:docPr descr={quoteattr(alt)}/><a:graphic><pic:pic>"
        f'<a:blip r:embed="{relation}"/></pic:pic></a:graphic></wp:inline></w:drawing></w:r>'
    )


def level(rank: int, style: str, text: str, start: int = 1, more: str = "") -> str:
    """A level of a list."""
    return (
        f'<w:lvl w:ilvl="{rank}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{text}"/><w:pPr><w:ind w:left="{720 * (rank + 1)}"/></w:pPr></w:lvl>'
    )


def numbering(lists: dict[str, str], numbers: dict[str, str]) -> str:
    """The levels by the id of a list that shares them, and by each list's own id what it has."""
    shared = "".join(
        f'<w:abstractNum w:abstractNumId="{known}">{levels}</w:abstractNum>'
        for known, levels in lists.items()
    )
    own = "".join(f'<w:num w:numId="{known}">{inner}</w:num>' for known, inner in numbers.items())
    return f"<w:numbering {_SPACES}>{shared}{own}</w:numbering>"


def uses(shared: str, start: int = 0) -> str:
    """What a list has that shares the levels of another, and may begin anew."""
    anew = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
    return f'<w:abstractNumId w:val="{shared}"/>{anew if start else ""}'


def docx(
    *blocks: str,
    lists: str = "",
    pictures: dict[str, bytes] | None = None,
    targets: dict[str, str] | None = None,
    parts: dict[str, str | bytes] | None = None,
    styles: dict[str, str] | None = None,
) -> bytes:
    """A document of these blocks.

    `pictures` by their relationship's id; `targets` are addresses outside; `parts` are further
    ones, by their name, XML of them without a root's namespaces.
    """
    relations = "".join(
        f'<Relationship Id="{known}" Type="image" Target="media/{known}.bin"/>'
        for known in pictures or {}
    )
    relations += "".join(
        f'<Relationship Id="{known}" Type="hyperlink" Target={quoteattr(target)}'
        ' TargetMode="External"/>'
        for known, target in (targets or {}).items()
    )
    known = STYLES if styles is None else styles
    inner = "".join(
        f'<w:style w:type="paragraph" w:styleId="{style}">{said}</w:style>'
        for style, said in known.items()
    )
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"/>',
        "word/document.xml": root("document", f"<w:body>{''.join(blocks)}</w:body>"),
        "word/styles.xml": root("styles", inner),
        "word/_rels/document.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'
        ),
    }
    if lists:
        files["word/numbering.xml"] = lists
    for known_picture, data in (pictures or {}).items():
        files[f"word/media/{known_picture}.bin"] = data
    files.update(parts or {})
    return packed(files)


def root(name: str, inner: str) -> str:
    """A part with the namespaces that the pieces above use."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {_SPACES}>{inner}</w:{name}>'


def packed(files: dict[str, str | bytes]) -> bytes:
    """A zip file, nothing deflated: a test means what is in it, not how well it packs."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()
