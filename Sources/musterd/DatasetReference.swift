import ManualPages
import Model
import Pipeline
import YAML

/// What a dataset consists of, from the tables that the reader goes by.
enum DatasetReference {
  /// For Config/DATASET.md.
  static var document: ReferenceDocument {
    introduction + observations + rules + tables + standard
      + example(
        "The least example", DatasetExamples.least,
        "A table, a list of codes, a descriptor and a configuration. The figures are invented. With these files in a folder, "
          + "`muster --standalone musterd.yaml run animals` shows them.")
      + example(
        "An example with everything", DatasetExamples.everything,
        "Two measures and a ratio over years, of parishes in a county, by two schemes, with marks, an estimate, a second "
          + "source, stated totals, a caveat and a ledger. The figures are invented.")
  }

  private static let introduction = ReferenceDocument([
    .heading(level: 1, "Dataset"),
    .paragraph(
      """
      A dataset is a Frictionless Data Package: CSV files and a `datapackage.json` that describes them, of version 1 or 2. The
      configuration says which of its parts play which part. `musterd check` lists every problem with its place, and
      `musterd check --explain` tells what was understood, and why. This page is printed by `musterd reference dataset`.
      """),
  ])

  // MARK: - Observations

  private static var observations: ReferenceDocument {
    ReferenceDocument([
      .heading(level: 2, "observations"),
      .paragraph("One row for each number, or for each place and time with a number in each of several fields."),
      .table(
        header: ["Field", "Must be there", "Meaning"],
        rows: [
          [
            "a dimension", "two or more",
            "What the number is about. A field with a foreign key of its own to the primary key of a table, its code list; "
              + "or one that lists or orders its codes itself: of type `year`, `yearmonth` or `date`, or with `categories` "
              + "or the constraint `enum`",
          ],
          [
            "a measure", "one or more",
            "The number, of type `integer` or `number`, with at most 18 digits behind the point. `unit` and `title` of the "
              + "field are its own; `missingValues` are the marks that can stand in its place, with a label each",
          ],
          [
            "the source", "no",
            "The document in which the number is printed: a dimension with a code list, or any text; a field called `source` "
              + "unless the configuration names another",
          ],
          ["`role`", "no", "What part the number plays in sums: " + roles],
          [
            "`id`, or whatever is the primary key", "no",
            "The key of the observation. Caveats, the ledger and parts need one of a single field",
          ],
          [
            "`part_of`, or whatever refers to it", "no",
            "The observation that this one is a part of: a foreign key to the same table",
          ],
          ["`locus`", "no", "Where in its source the number stands"],
          ["`quote`", "no", "The source's own words"],
        ]),
      .heading(level: 3, "Code lists"),
      .table(
        header: ["Field", "Must be there", "Meaning"],
        rows: [
          [
            "the primary key", "yes", "The code, as it stands in observations; no two may be the same text for Unicode",
          ],
          ["`name`, or else `title`", "no", "For people; the configuration can name another field with `label`"],
          [
            "what `hierarchy` names", "no",
            "The code that directly contains this one. Its numbers are held against those that it contains, and never added to "
              + "them",
          ],
          [
            "what `parts` names", "no",
            "The code of which this one is only a part, which is shown, and never added to it",
          ],
          ["what a scheme in columns names", "no", "The group of the code, the outermost first"],
          [
            "`unit`, `decimals`, `description`, `over`, `over_` and a dimension", "no",
            "Of a dimension whose codes are measures: as in `measures` of the configuration",
          ],
        ]),
    ])
  }

  // MARK: - The standard

  private static let standard = ReferenceDocument([
    .heading(level: 2, "The standard"),
    .paragraph(
      """
      What becomes of the properties of Data Package, Data Resource, Table Dialect and Table Schema, versions 1 and 2. Where it
      is said that something is refused, `musterd check` tells it with file, line and column; a value of a wrong type always is.
      A package may have properties of its own.
      """),
    .table(
      header: ["Properties", "What becomes of them"],
      rows: [
        [
          "of a package or a resource: `$schema`, `profile`, `id`, `name`, `title`, `description`, `homepage`, `version`, "
            + "`image`, `created`, `keywords`, `contributors`, `sources`, `licenses`, `mediatype`, `scheme`",
          "Their form is checked; `$schema` says which version holds",
        ],
        ["`bytes`, `hash`", "Held against the file; md5 and sha256 alone. 0 bytes are as good as none said"],
        [
          "`path`", "One file below the descriptor's folder. Several, `data`, and what is outside are refused",
        ],
        [
          "`format`, `encoding`, `compression`, `type`",
          "Of a table, anything but `csv`, UTF-8, none and `table` is refused. A byte order mark is passed over",
        ],
        [
          "`delimiter`, `quoteChar`, `header`", "Apply; one ASCII character each",
        ],
        [
          "`lineTerminator`, `caseSensitiveHeader`, `headerJoin`, `csvddfVersion`",
          "Lines end in LF or CRLF whatever is said, and names are compared as they are",
        ],
        [
          "`doubleQuote`, `skipInitialSpace`, `headerRows`, `escapeChar`, `nullSequence`, `commentChar`, `commentRows`",
          "Refused, unless they say what holds anyway",
        ],
        [
          "`property`, `itemType`, `itemKeys`, `sheetNumber`, `sheetName`, `table`",
          "Their form is checked; they are of tables in JSON, spreadsheets and databases, and ignored",
        ],
        ["`schema` and `dialect` in files of their own", "Refused"],
        ["`fieldsMatch`", "Applies"],
        [
          "`primaryKey`", "No two rows have the same. A key of several fields may lack some of them, but not all",
        ],
        [
          "`uniqueKeys`, the constraint `unique`",
          "No two rows have the same, as in SQL: a row that lacks one of the values is compared with none",
        ],
        [
          "`foreignKeys`",
          "Every key is in the table referred to, unless it is missing. One that is there in other characters, case or blanks is "
            + "told as such",
        ],
        ["`missingValues`, of a schema or a field", "Apply, with labels in version 2"],
        [
          "`type`",
          "`string`, `integer`, `number`, `boolean`, `date`, `year`, `yearmonth` and `any`; others are refused",
        ],
        [
          "`format`, `bareNumber`, `decimalChar`, `groupChar`",
          "Refused, unless they say what holds anyway",
        ],
        ["`trueValues`, `falseValues`", "Apply to booleans"],
        [
          "`arrayItem`, `itemType`, `delimiter` of a field, the constraint `jsonSchema`", "Refused, as are their types",
        ],
        ["`categories`, `categoriesOrdered`", "Apply to texts; of integers they are refused for `enum`"],
        ["`example`, `rdfType`", "An example is of its field's type; nothing follows from either"],
        [
          "`required`, `enum`, `pattern`, `minLength`, `maxLength`, `minimum`, `maximum`, `exclusiveMinimum`, "
            + "`exclusiveMaximum`",
          "Checked. Bounds between which nothing lies are refused, and so is what does not apply to the type",
        ],
      ]),
  ])

  private static var roles: String {
    Role.allCases.map { role in
      let meaning =
        switch role {
        case .counted: "enters sums, and so does every number where there is no such field"
        case .ofWhich: "is a part of another number: shown with a sum of its own"
        case .contested: "is contradicted elsewhere: shown, never added"
        }
      return "`\(role.name)` \(meaning)"
    }.joined(separator: "; ")
  }

  // MARK: - Rules

  private static var rules: ReferenceDocument {
    let paragraphs: [ReferenceDocument.Block] = [
      .heading(level: 2, "What numbers come to"),
      .paragraph(
        """
        Of each measure, `over` says what several numbers become over a dimension. Over a time it must be said; over others they
        are added unless it is said otherwise. Measures are never added to each other.
        """),
      .table(
        header: ["Rule", "Several numbers become"],
        rows: AggregationRule.allCases.map { ["`\($0.rawValue)`", meaning(of: $0)] }),
    ]
    let keys = Configuration.ruleTables.flatMap { table -> [ReferenceDocument.Block] in
      [.heading(level: 3, table.title), ConfigurationReference.table(of: table)]
    }
    return ReferenceDocument(paragraphs + keys)
  }

  private static func meaning(of rule: AggregationRule) -> String {
    switch rule {
    case .sum: "their sum: births and exports of several years"
    case .last: "of each series the last that there is, and these added: inhabitants and year-end stocks"
    case .first: "of each series the first that there is, and these added"
    case .mean: "the mean of the sums for each code that has a number, rounded once"
    case .max: "the greatest of the sums for each code"
    case .min: "the least of the sums for each code"
    case .none: "nothing: there is no such number, and a cell says so with ×"
    }
  }

  // MARK: - Tables

  private static var tables: ReferenceDocument {
    let introduction: [ReferenceDocument.Block] = [
      .heading(level: 2, "Tables beside the observations"),
      .paragraph(
        """
        None must be there. A table is found under the name that stands here, or under the one that the configuration gives by a
        key of that name. What is a key is the primary key of the table. A field that refers to a table needs a foreign key to
        its primary key. Other fields may be there, and are left alone.
        """),
    ]
    return ReferenceDocument(
      introduction
        + DatasetTable.allCases.flatMap { table -> [ReferenceDocument.Block] in
          [
            .heading(level: 3, "`\(table.rawValue)`"), .paragraph("\(table.summary)."),
            .table(
              header: ["Field", "Must be there", "Holds", "Refers to", "Meaning"],
              rows: table.fields.map { field in
                [
                  words(for: field.name), words(for: field.use), field.content.rawValue,
                  field.reference.map { words(for: $0) } ?? "", field.summary,
                ]
              }),
          ]
        })
  }

  private static func words(for name: DatasetTable.Name) -> String {
    switch name {
    case .named(let name): "`\(name)`"
    case .place: "the name of the place"
    case .breakdown: "the name of the breakdown"
    case .source: "the name of the source"
    case .indicator: "the name of the dimension of measures"
    case .measure: "the field of a measure"
    case .locus: "`locus`, or as it is called"
    case .quote: "`quote`, or as it is called"
    case .label: "`name`, or as `label` says"
    }
  }

  private static func words(for use: DatasetTable.Use) -> String {
    switch use {
    case .key: "key"
    case .furtherKey: "no; in the key where the same code is in several rows"
    case .required: "yes"
    case .optional: "no"
    case .instead(let names): "in place of " + names.map { words(for: $0) }.joined(separator: " and ")
    }
  }

  private static func words(for reference: DatasetTable.Reference) -> String {
    switch reference {
    case .table(let table): "`\(table.rawValue)`"
    case .observations: "`observations`"
    case .codeList: "its code list"
    }
  }

  // MARK: - Examples

  private static func example(_ title: String, _ files: [DatasetExamples.File], _ text: String) -> ReferenceDocument {
    ReferenceDocument(
      [.heading(level: 2, title), .paragraph(text)]
        + files.flatMap { file -> [ReferenceDocument.Block] in
          let language = file.name.split(separator: ".").last.map(String.init) ?? ""
          return [.paragraph("`\(file.name)`:"), .code(language: language, file.text)]
        })
  }
}
