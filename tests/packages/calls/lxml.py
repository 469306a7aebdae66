from lxml import etree, html, isoschematron

document = etree.fromstring("<a><b n='1'/><b n='2'/></a>")
transform = etree.XSLT(etree.fromstring(
    '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/"><n><xsl:value-of select="count(//b)"/></n></xsl:template></xsl:stylesheet>'
))
print(transform(document), html.fromstring("<p>x<br>y").text_content(), document.xpath("//b/@n"))
schema = isoschematron.Schematron(etree.fromstring(
    '<schema xmlns="http://purl.oclc.org/dsdl/schematron"><pattern><rule context="a"><assert test="b">no b</assert></rule></pattern></schema>'
))
print(schema.validate(document), schema.validate(etree.fromstring("<a/>")))
