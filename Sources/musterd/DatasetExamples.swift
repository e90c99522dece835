/// Datasets that work as they stand on the page of the dataset, file by file. Their figures are invented.
enum DatasetExamples {
  /// A file of an example.
  struct File {
    /// In the folder of the example.
    let name: String
    let text: String

    fileprivate init(_ name: String, _ text: String) {
      self.name = name
      self.text = text
    }
  }

  /// Nothing but what must be there.
  static let least = [
    File(
      "musterd.yaml",
      #"""
      dataset:
        package: datapackage.json
        place: island
        breakdown: animal
        measure: animals
      reports:
        animals:
          title: Animals by island
          pipeline: [country-summary]
      """#),
    File(
      "datapackage.json",
      #"""
      {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "islands",
        "title": "Animals on two islands (invented)",
        "resources": [
          {
            "name": "observations",
            "path": "observations.csv",
            "schema": {
              "fields": [
                { "name": "island", "title": "Island" },
                { "name": "animal", "categories": ["goats", "sheep"] },
                { "name": "animals", "type": "integer" }
              ],
              "foreignKeys": [{ "fields": "island", "reference": { "resource": "islands", "fields": "id" } }]
            }
          },
          {
            "name": "islands",
            "path": "islands.csv",
            "schema": { "fields": [{ "name": "id" }, { "name": "name" }], "primaryKey": "id" }
          }
        ]
      }
      """#),
    File(
      "observations.csv",
      #"""
      island,animal,animals
      nord,goats,12
      nord,sheep,30
      sund,goats,7
      sund,sheep,
      """#),
    File(
      "islands.csv",
      #"""
      id,name
      nord,North Island
      sund,Sound Island
      """#),
  ]

  /// Years, several measures and a ratio, codes that contain others or are parts, schemes of two kinds, marks, estimates,
  /// two sources, stated totals, caveats and a ledger.
  static let everything = [
    File(
      "musterd.yaml",
      #"""
      dataset:
        package: datapackage.json
        place: parish                        # a row each in summaries
        breakdown: year                      # a column each
        time: year                           # found by its type, too
        source: source
        measures:
          deaths: { over: { year: sum } }    # those of several years add up
          inhabitants:
            unit: persons
            over: { year: last }             # those of several years do not
            uncertain: { lower: at_least, upper: at_most }
          death_rate: { title: "Deaths per 1,000 inhabitants", of: deaths, per: inhabitants, times: 1000, decimals: 1 }
        hierarchy: { parish: lies_in }       # the county contains its parishes
        parts: { people: part_of }           # the poor are some of all
        panel: [parish, year]                # each parish should have numbers for each year
        missing: { "–": nil }                # a dash stands for 0
        schemes:
          terrain: { of: parish, columns: [terrain] }
        prefer: [registers]                  # where the traveller gives a number, too
        repeated: error
        incomplete: mark
        rounded: 1
      reports:
        inhabitants:
          title: Inhabitants by parish and year
          pipeline:
            - country-summary: { measure: inhabitants, scheme: terrain }
        deaths-by-district:
          title: Deaths by district and year
          pipeline:
            - bloc-aggregate: { measure: deaths, scheme: districts }
        rates:
          title: Deaths per 1,000 inhabitants
          pipeline:
            - country-summary: { measure: death_rate, scheme: terrain }
        latest:
          title: Everything of the last year
          pipeline:
            - select: { year: latest, parish: { not: county } }
            - country-summary: { columns: measure, scheme: terrain }
        growth:
          title: Inhabitants of Hill by year
          pipeline:
            - select: { parish: hill, people: all }
            - country-summary: { measure: inhabitants, rows: year, columns: parish }
            - change: { of: hill, kind: percent }
        agreement:
          title: Stated totals beside what they sum
          pipeline: [reconciliation]
      """#),
    File(
      "datapackage.json",
      #"""
      {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "parishes",
        "title": "Inhabitants and deaths of three parishes (invented)",
        "resources": [
          {
            "name": "observations",
            "path": "observations.csv",
            "schema": {
              "fields": [
                { "name": "id" },
                { "name": "source", "title": "Source" },
                { "name": "parish", "title": "Parish" },
                { "name": "year", "type": "year", "title": "Year" },
                { "name": "people", "title": "People" },
                { "name": "inhabitants", "type": "integer", "title": "Inhabitants" },
                { "name": "at_least", "type": "integer" },
                { "name": "at_most", "type": "integer" },
                {
                  "name": "deaths", "type": "integer", "title": "Deaths", "unit": "deaths",
                  "missingValues": [
                    { "value": "–", "label": "none" },
                    { "value": "…", "label": "page lost" },
                    { "value": "", "label": "not asked" }
                  ]
                },
                { "name": "role" },
                { "name": "locus" },
                { "name": "quote" }
              ],
              "primaryKey": "id",
              "foreignKeys": [
                { "fields": "source", "reference": { "resource": "sources", "fields": "id" } },
                { "fields": "parish", "reference": { "resource": "parishes", "fields": "id" } },
                { "fields": "people", "reference": { "resource": "people", "fields": "id" } }
              ]
            }
          },
          {
            "name": "sources", "path": "sources.csv",
            "schema": { "fields": [{ "name": "id" }, { "name": "name" }], "primaryKey": "id" }
          },
          {
            "name": "parishes", "path": "parishes.csv",
            "schema": {
              "fields": [
                { "name": "id" }, { "name": "name" }, { "name": "lies_in" }, { "name": "terrain", "title": "Terrain" }
              ],
              "primaryKey": "id"
            }
          },
          {
            "name": "people", "path": "people.csv",
            "schema": { "fields": [{ "name": "id" }, { "name": "name" }, { "name": "part_of" }], "primaryKey": "id" }
          },
          {
            "name": "schemes", "path": "schemes.csv",
            "schema": { "fields": [{ "name": "id" }, { "name": "title" }, { "name": "basis" }], "primaryKey": "id" }
          },
          {
            "name": "blocs", "path": "blocs.csv",
            "schema": {
              "fields": [{ "name": "scheme" }, { "name": "id" }, { "name": "name" }],
              "primaryKey": ["scheme", "id"],
              "foreignKeys": [{ "fields": "scheme", "reference": { "resource": "schemes", "fields": "id" } }]
            }
          },
          {
            "name": "bloc_members", "path": "bloc_members.csv",
            "schema": {
              "fields": [
                { "name": "scheme" }, { "name": "parish" }, { "name": "bloc", "title": "District" },
                { "name": "valid_from" }, { "name": "valid_to" }, { "name": "basis" }
              ],
              "primaryKey": ["scheme", "parish", "valid_from"],
              "foreignKeys": [
                { "fields": "scheme", "reference": { "resource": "schemes", "fields": "id" } },
                { "fields": "parish", "reference": { "resource": "parishes", "fields": "id" } }
              ]
            }
          },
          {
            "name": "stated_totals", "path": "stated_totals.csv",
            "schema": {
              "fields": [
                { "name": "id" }, { "name": "source" }, { "name": "deaths", "type": "integer" },
                { "name": "inhabitants", "type": "integer" }, { "name": "rounded", "type": "integer" },
                { "name": "locus" }, { "name": "quote" }
              ],
              "primaryKey": "id"
            }
          },
          {
            "name": "stated_total_scopes", "path": "stated_total_scopes.csv",
            "schema": {
              "fields": [
                { "name": "stated_total" }, { "name": "dimension" }, { "name": "code" }, { "name": "scheme" },
                { "name": "bloc" }, { "name": "under" }
              ],
              "foreignKeys": [
              { "fields": "stated_total", "reference": { "resource": "stated_totals", "fields": "id" } }
            ]
            }
          },
          {
            "name": "caveats", "path": "caveats.csv",
            "schema": { "fields": [{ "name": "id" }, { "name": "text" }], "primaryKey": "id" }
          },
          {
            "name": "observation_caveats", "path": "observation_caveats.csv",
            "schema": {
              "fields": [{ "name": "observation" }, { "name": "caveat" }],
              "foreignKeys": [
                { "fields": "observation", "reference": { "resource": "observations", "fields": "id" } },
                { "fields": "caveat", "reference": { "resource": "caveats", "fields": "id" } }
              ]
            }
          },
          {
            "name": "discrepancies", "path": "discrepancies.csv",
            "schema": {
              "fields": [{ "name": "id" }, { "name": "title" }, { "name": "explanation" }], "primaryKey": "id"
            }
          },
          {
            "name": "discrepancy_statements", "path": "discrepancy_statements.csv",
            "schema": {
              "fields": [
                { "name": "discrepancy" }, { "name": "stated_total" }, { "name": "difference", "type": "integer" }
              ],
              "foreignKeys": [
                { "fields": "discrepancy", "reference": { "resource": "discrepancies", "fields": "id" } },
                { "fields": "stated_total", "reference": { "resource": "stated_totals", "fields": "id" } }
              ]
            }
          }
        ]
      }
      """#),
    File(
      "observations.csv",
      #"""
      id,source,parish,year,people,inhabitants,at_least,at_most,deaths,role,locus,quote
      o1,registers,hill,1810,all,200,,,6,counted,p. 1,"two hundred souls, six burials"
      o2,registers,hill,1810,poor,40,,,2,counted,p. 1,"forty of them poor, two buried"
      o3,registers,mill,1810,all,120,,,4,counted,p. 2,
      o4,registers,lake,1810,all,300,250,350,–,counted,p. 3,about 300
      o5,registers,hill,1815,all,210,,,7,counted,p. 4,
      o6,registers,mill,1815,all,130,,,…,counted,p. 5,
      o7,registers,hill,1820,all,240,,,5,counted,p. 7,
      o8,registers,mill,1820,all,150,,,6,counted,p. 8,
      o9,registers,lake,1820,all,310,,,9,counted,p. 9,
      o10,registers,county,1820,all,700,,,20,counted,p. 10,"700 souls, 20 burials in all"
      o11,traveller,hill,1820,all,250,,,,counted,letter 3,I should say 250
      """#),
    File(
      "sources.csv",
      #"""
      id,name
      registers,Parish registers
      traveller,Letters of a traveller
      """#),
    File(
      "parishes.csv",
      #"""
      id,name,lies_in,terrain
      county,The county,,
      hill,Hill,county,upland
      mill,Mill,county,lowland
      lake,Lake,county,lowland
      """#),
    File(
      "people.csv",
      #"""
      id,name,part_of
      all,All,
      poor,The poor,all
      """#),
    File(
      "schemes.csv",
      #"""
      id,title,basis
      districts,Districts of the court,the court's own lists
      """#),
    File(
      "blocs.csv",
      #"""
      scheme,id,name
      districts,north,Northern district
      districts,south,Southern district
      """#),
    File(
      "bloc_members.csv",
      #"""
      scheme,parish,bloc,valid_from,valid_to,basis
      districts,hill,north,,,
      districts,mill,north,,1812,
      districts,mill,south,1813,,moved in 1813
      districts,lake,south,,,
      """#),
    File(
      "stated_totals.csv",
      #"""
      id,source,deaths,inhabitants,rounded,locus,quote
      t1,registers,11,,,p. 11,eleven burials in 1810
      t2,registers,,600,100,p. 11,about six hundred
      """#),
    File(
      "stated_total_scopes.csv",
      #"""
      stated_total,dimension,code,scheme,bloc,under
      t1,parish,,,,county
      t1,year,1810,,,
      t2,parish,,,,county
      t2,year,1810,,,
      """#),
    File(
      "caveats.csv",
      #"""
      id,text
      round,The clerk of Lake counted hearths and not persons.
      """#),
    File(
      "observation_caveats.csv",
      #"""
      observation,caveat
      o4,round
      """#),
    File(
      "discrepancies.csv",
      #"""
      id,title,explanation
      d1,Ten burials or eleven,The registers add one that no parish has.
      """#),
    File(
      "discrepancy_statements.csv",
      #"""
      discrepancy,stated_total,difference
      d1,t1,1
      """#),
  ]
}
