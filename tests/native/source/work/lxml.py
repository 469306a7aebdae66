"""Parse, transform and validate."""

from lxml import etree, html, objectify

SHEET = """<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:template match="/"><n><xsl:value-of select="count(//b)"/></n></xsl:template></xsl:stylesheet>"""
GRAMMAR = "<element name='a' xmlns='http://relaxng.org/ns/structure/1.0'><zeroOrMore><element name='b'><attribute name='n'/></element></zeroOrMore></element>"


def main():
    document = etree.fromstring("<a><b n='1'/><b n='2'/></a>")
    print(etree.XSLT(etree.fromstring(SHEET))(document), document.xpath("//b/@n"), etree.LXML_VERSION)
    print(etree.RelaxNG(etree.fromstring(GRAMMAR)).validate(document), etree.tostring(document, pretty_print=True).decode())
    print(html.fromstring("<p>x<br>&auml;").text_content(), objectify.fromstring("<r><n>3</n></r>").n + 1)
    try:
        etree.fromstring("<a>")
    except etree.XMLSyntaxError as error:
        print(error.msg)
