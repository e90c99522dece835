/// An Office Open XML workbook (ECMA-376): what there is beside its sheets.
struct Workbook {
  /// In the order of the formats in `styles`.
  enum Style: Int {
    case plain, header, integer, total, decimalTotal, wrapped
  }

  let title: String
  let subject: String
  let comments: String

  /// The file.
  func archive(of sheets: [WorkbookSheet]) -> [UInt8] {
    var archive = ZipArchive()
    archive.add("[Content_Types].xml", .deflated(contentTypes(sheetCount: sheets.count)))
    archive.add("_rels/.rels", .deflated(Self.relationships))
    archive.add("docProps/core.xml", .deflated(properties))
    archive.add("xl/workbook.xml", .deflated(workbook(sheets.map(\.name))))
    archive.add("xl/_rels/workbook.xml.rels", .deflated(workbookRelationships(sheetCount: sheets.count)))
    archive.add("xl/styles.xml", .deflated(Self.styles))
    for (index, sheet) in sheets.enumerated() {
      archive.add("xl/worksheets/sheet\(index + 1).xml", sheet.content(isFirst: index == 0))
    }
    return archive.finished()
  }

  private static let documents = "application/vnd.openxmlformats-officedocument.spreadsheetml"
  private static let packages = "application/vnd.openxmlformats-package"
  private static let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let packageSchemas = "http://schemas.openxmlformats.org/package/2006"

  private func contentTypes(sheetCount: Int) -> String {
    var xml = "\(xmlDeclaration)<Types xmlns=\"\(Self.packageSchemas)/content-types\">"
    xml += "<Default Extension=\"rels\" ContentType=\"\(Self.packages).relationships+xml\"/>"
    xml += "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    xml += "<Override PartName=\"/docProps/core.xml\" ContentType=\"\(Self.packages).core-properties+xml\"/>"
    xml += "<Override PartName=\"/xl/workbook.xml\" ContentType=\"\(Self.documents).sheet.main+xml\"/>"
    xml += "<Override PartName=\"/xl/styles.xml\" ContentType=\"\(Self.documents).styles+xml\"/>"
    for number in 1...sheetCount {
      xml += "<Override PartName=\"/xl/worksheets/sheet\(number).xml\""
      xml += " ContentType=\"\(Self.documents).worksheet+xml\"/>"
    }
    return xml + "</Types>"
  }

  private static var relationships: String {
    "\(xmlDeclaration)<Relationships xmlns=\"\(packageSchemas)/relationships\">"
      + "<Relationship Id=\"rId1\" Type=\"\(relations)/officeDocument\" Target=\"xl/workbook.xml\"/>"
      + "<Relationship Id=\"rId2\" Type=\"\(packageSchemas)/relationships/metadata/core-properties\""
      + " Target=\"docProps/core.xml\"/></Relationships>"
  }

  private var properties: String {
    // A fixed time, so that the same table gives the same bytes: 1980-01-01, like that of the files in the archive.
    func time(_ name: String) -> String {
      "<dcterms:\(name) xsi:type=\"dcterms:W3CDTF\">1980-01-01T00:00:00Z</dcterms:\(name)>"
    }
    func text(_ name: String, _ value: String) -> String {
      "<dc:\(name)>\(spreadsheetMarkup(xmlCharacters(value)))</dc:\(name)>"
    }
    return "\(xmlDeclaration)<cp:coreProperties xmlns:cp=\"\(Self.packageSchemas)/metadata/core-properties\""
      + " xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\""
      + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
      + text("title", title) + text("subject", subject) + text("description", comments)
      + time("created") + time("modified") + "</cp:coreProperties>"
  }

  private func workbook(_ names: [String]) -> String {
    var xml = "\(xmlDeclaration)<workbook xmlns=\"\(spreadsheetNamespace)\" xmlns:r=\"\(Self.relations)\"><sheets>"
    for (index, name) in names.enumerated() {
      xml += "<sheet name=\"\(name)\" sheetId=\"\(index + 1)\" r:id=\"rId\(index + 1)\"/>"
    }
    return xml + "</sheets></workbook>"
  }

  private func workbookRelationships(sheetCount: Int) -> String {
    var xml = "\(xmlDeclaration)<Relationships xmlns=\"\(Self.packageSchemas)/relationships\">"
    for number in 1...sheetCount {
      xml += "<Relationship Id=\"rId\(number)\" Type=\"\(Self.relations)/worksheet\""
      xml += " Target=\"worksheets/sheet\(number).xml\"/>"
    }
    xml += "<Relationship Id=\"rId\(sheetCount + 1)\" Type=\"\(Self.relations)/styles\" Target=\"styles.xml\"/>"
    return xml + "</Relationships>"
  }

  /// The formats of cells, each of a font, a fill and a border before it, in the order of `Style`. Programs take the first
  /// two fills for none and for a pattern of their own.
  private static let styles = """
    \(xmlDeclaration)<styleSheet xmlns="\(spreadsheetNamespace)">\
    <fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>\
    <font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>\
    <fills count="2"><fill><patternFill patternType="none"/></fill>\
    <fill><patternFill patternType="gray125"/></fill></fills>\
    <borders count="3"><border><left/><right/><top/><bottom/><diagonal/></border>\
    <border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border>\
    <border><left/><right/><top style="thin"><color auto="1"/></top><bottom/><diagonal/></border></borders>\
    <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
    <cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
    <xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1" applyAlignment="1">\
    <alignment wrapText="1"/></xf>\
    <xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
    <xf numFmtId="1" fontId="1" fillId="0" borderId="2" xfId="0" applyNumberFormat="1" applyFont="1" applyBorder="1"/>\
    <xf numFmtId="0" fontId="1" fillId="0" borderId="2" xfId="0" applyFont="1" applyBorder="1"/>\
    <xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">\
    <alignment vertical="top" wrapText="1"/></xf></cellXfs>\
    <cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>
    """
}

let xmlDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
let spreadsheetNamespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

struct WorkbookError: Error, CustomStringConvertible {
  var description: String

  init(_ what: String) {
    description = "the workbook \(what)"
  }
}
