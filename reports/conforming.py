"""What WeasyPrint 70 leaves to do until one file is PDF/UA-1 (ISO 14289-1) and PDF/A-3a (ISO 19005-3) at once.

It writes one variant, PDF/A-3a; this is its finisher, which works on the objects of the file before they are written.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pydyf

UA_IDENTIFIER = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
"""PDF/A allows a property outside its own schemas only together with its description."""

STREAM_END = b"\nendstream"


def end_streams_clearly() -> None:
    """Streams end with CR LF from now on, in this process: after data that happens to end with CR, the LF that pydyf 0.13
    writes is taken for its second half, and the length of the stream for wrong (PDF/A-3 6.1.6.1)."""
    as_it_is = pydyf.Stream.data.fget
    pydyf.Stream.data = property(lambda stream: as_it_is(stream).removesuffix(STREAM_END) + b"\r" + STREAM_END)


PAGINATION = {"Type": "/Pagination"}


def finish(_document: Any, pdf: Any) -> None:
    """For `Document.write_pdf(finisher=…)` with `pdf_variant="pdf/a-3a"`."""
    _say_ua(pdf)
    _say_scope(pdf)
    _mark_pagination(pdf)
    if "AF" in pdf.catalog:  # it names each attachment twice
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _say_ua(pdf: Any) -> None:
    metadata = _at(pdf, pdf.catalog["Metadata"])
    end = b"</rdf:RDF>"
    metadata.stream = [metadata.stream[0].replace(end, UA_IDENTIFIER + end)]
    metadata.compress = False  # so that tools that know no PDF find it


def _say_scope(pdf: Any) -> None:
    """Of each table head, whether it heads a column or a row. Where heads would outnumber the data, as in a table of one row or
    two, or the part of one that stands on a page, the names of the rows are data: a reader would hear little but heads."""
    tables: dict[bytes, list[Any]] = {}
    for head in _elements(pdf, "/TH"):
        in_head = _at(pdf, _at(pdf, head["P"])["P"])["S"] == "/THead"
        head["A"]["Scope"] = "/Column" if in_head else "/Row"
        tables.setdefault(_table_of(pdf, head), []).append(head)
    data = Counter(_table_of(pdf, cell) for cell in _elements(pdf, "/TD"))
    for table, heads in tables.items():
        if len(heads) > data[table]:
            for head in heads:
                if head["A"]["Scope"] == "/Row":
                    head["S"] = "/TD"
                    del head["A"]["Scope"]


def _table_of(pdf: Any, cell: Any) -> bytes:
    while cell["S"] != "/Table":
        cell = _at(pdf, cell["P"])
    return bytes(cell.reference)


def _mark_pagination(pdf: Any) -> None:
    """What stands in the margins becomes an artifact; as it is, its text hangs below elements that are not in the tree."""
    (root,) = _elements(pdf, "/Document")
    within = set(root["K"])
    parents = _at(pdf, _at(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    for number, references in zip(parents[::2], parents[1::2], strict=True):
        outside = {mcid for mcid, place in enumerate(references) if _below(pdf, place, root) not in within}
        stream = _at(pdf, _at(pdf, pdf.page_references[number])["Contents"]).stream
        for place, properties in enumerate(stream):
            if isinstance(properties, pydyf.Dictionary) and properties.get("MCID") in outside:
                stream[place - 1 : place + 1] = ["/Artifact", pydyf.Dictionary(PAGINATION)]
        references[:] = ["null" if mcid in outside else place for mcid, place in enumerate(references)]


def _below(pdf: Any, reference: bytes, root: Any) -> bytes:
    """The ancestor of an element that is directly below the root."""
    while (parent := _at(pdf, reference)["P"]) != root.reference:
        reference = parent
    return reference


def _elements(pdf: Any, role: str) -> Iterator[Any]:
    return (item for item in pdf.objects if isinstance(item, pydyf.Dictionary) and item.get("S") == role)


def _at(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
