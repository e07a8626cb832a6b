"""Small documents of other programs, made here: DOCX, XLSX, PDF and a web page."""

import io
import zipfile

import xlsxwriter

QUESTIONS = [
    ("O que se confirma primeiro?", ["O CPF", "O bairro", "O plano"], "A"),
    ("Qual LED indica falta de sinal?", ["PON", "LOS", "LAN"], "B"),
]
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/'
    '2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def docx(*paragraphs: str, prologue: str = "", **parts: bytes) -> bytes:
    """A Word document of these paragraphs; `prologue` stands before its root element."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = (
        f'<?xml version="1.0"?>{prologue}<w:document {_W}><w:body>{body}</w:body></w:document>'
    )
    return package(
        {
            "[Content_Types].xml": _TYPES.encode(),
            "_rels/.rels": _RELATIONS.encode(),
            "word/document.xml": document.encode(),
            **parts,
        }
    )


def package(parts: dict[str, bytes]) -> bytes:
    """A zip file of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def xlsx() -> bytes:
    """A sheet of questions with a header row."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Pergunta", "A", "B", "C", "Gabarito"])
    for row, (stem, options, key) in enumerate(QUESTIONS, start=1):
        sheet.write_row(row, 0, [stem, *options, key])
    book.close()
    return out.getvalue()


def pdf(text: str = "Verifique o sinal antes de abrir o chamado.") -> bytes:
    """One page with one line of text."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("cp1252")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(out)


def web_page() -> bytes:
    """A page of a site, with what stands around its text."""
    return (
        "<!doctype html><html><head><title>Guia</title><style>p{color:red}</style></head><body>"
        "<nav><a href='/'>Início</a></nav><main><h1>Guia</h1><h2>Sinal</h2><p>Olhe o LED.</p>"
        "<ol><li>Confirme o titular.</li><li>Reinicie a ONU.</li></ol></main>"
        "<script>alert(1)</script><footer>Rodapé</footer></body></html>"
    ).encode()


def office_files() -> list[tuple[str, bytes]]:
    """One of each, by name."""
    lines = [
        line
        for number, (stem, options, key) in enumerate(QUESTIONS, start=1)
        for line in (
            f"{number}. {stem}",
            *(f"{letter}) {option}" for letter, option in zip("abc", options, strict=True)),
            f"Resposta: {key}",
        )
    ]
    return [
        ("guia.docx", docx("Guia de sinal", "Olhe o LED da ONU antes de abrir o chamado.")),
        ("prova.docx", docx(*lines)),
        ("prova.xlsx", xlsx()),
        ("guia.pdf", pdf()),
        ("guia.html", web_page()),
    ]
