internal import ReportKit

/// The frame of an HTML page.
enum HTMLPage {
  static func head(title: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>\(xmlText(title))</title>
    <style>
    \(style)
    </style>
    </head>
    <body>
    <main>
    <h1>\(xmlText(title))</h1>

    """
  }

  static func foot(_ header: ExportHeader) -> String {
    var lines = ["Report: <code>\(xmlText(header.report))</code>"]
    if let dataset = header.dataset { lines.append("Dataset: \(xmlText(dataset))") }
    if !header.sources.isEmpty { lines.append("Sources: \(header.sources.map(xmlText).joined(separator: "; "))") }
    lines.append("Revision of the dataset: <code>\(xmlText(header.revision))</code>")
    return "</main>\n<footer>\n\(lines.map { "<p>\($0)</p>\n" }.joined())</footer>\n</body>\n</html>\n"
  }

  private static let style = """
    :root {
    \(variables(
        "--page: #ffffff; --text: #1f2328; --soft: #57606a; --line: #d0d7de; --link: #0550ae; --band: #f3f5f8; "
          + "--tip: #fffbe6; --focus: #9a3412;", colors: StackedBarChart.colors))
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
    \(variables(
        "--page: #15181c; --text: #e6e9ed; --soft: #a3adb8; --line: #3b434c; --link: #8ec0ff; --band: #1e2329; "
          + "--tip: #2b2a1c; --focus: #ffb86b;", colors: StackedBarChart.darkColors))
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body { margin: 0 auto; padding: 1rem; max-width: 80rem; background: var(--page); color: var(--text);
      font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
    h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 1rem; }
    h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
    h3 { font-size: 1rem; margin: 1.5rem 0 0; border-top: 1px solid var(--line); padding-top: .5rem; }
    h4 { font-size: .9rem; margin: .6rem 0 0; }
    a { color: var(--link); }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    caption { text-align: start; color: var(--soft); padding: 0 0 .5rem; }
    th, td { padding: .3rem .75rem; text-align: start; vertical-align: baseline; border-bottom: 1px solid var(--line); }
    thead th { border-bottom: 2px solid var(--text); vertical-align: bottom; }
    tbody th { font-weight: 600; }
    tbody tr:hover { background: var(--band); }
    tfoot th, tfoot td { border-top: 2px solid var(--text); border-bottom: 0; font-weight: 700; }
    .number { text-align: end; white-space: nowrap; }
    .cited > a { text-decoration-style: dotted; text-underline-offset: .2em; }
    sup { font-size: .75em; line-height: 1.1; margin-inline-start: .15em; }
    sup a { padding: .3em .2em; }
    .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    table:has(sup) .number { padding-inline-end: 4.5rem; }
    .number sup { display: inline-block; width: 5em; margin-inline-end: -5.15em; vertical-align: top; text-align: start;
      white-space: normal; }
    .tip { display: none; position: fixed; z-index: 1; left: 1rem; right: 1rem; bottom: 1rem; max-width: 40rem;
      max-height: 45vh; overflow: auto; padding: .6rem .8rem; background: var(--tip); color: var(--text);
      border: 1px solid var(--soft); border-radius: .3rem; font-size: .85rem; line-height: 1.4; font-weight: 400;
      text-align: start; white-space: normal; }
    .tip > span { display: block; }
    .tip > span + span { margin-top: .4rem; }
    .cited:hover > .tip, .cited:focus-within > .tip { display: block; }
    .cited:focus-within > .tip { z-index: 2; }
    @supports (anchor-scope: --cell) {
      .cited { anchor-name: --cell; anchor-scope: --cell; }
      .tip { position-anchor: --cell; left: auto; right: anchor(right); bottom: auto; top: anchor(bottom);
        width: 26rem; max-width: min(26rem, 100vw - 2rem); position-try-fallbacks: flip-block, flip-inline, --bottom; }
      @position-try --bottom { position-anchor: auto; inset: auto 1rem 1rem 1rem; width: auto; }
    }
    .chart { min-width: 42rem; max-width: 64rem; }
    .chart svg { display: block; width: 100%; height: auto; }
    .chart .text { fill: var(--text); }
    .chart .grid { stroke: var(--line); }
    .chart .axis { stroke: var(--soft); }
    \((1...ChartColumns.seriesLimit).map { ".chart .s\($0) { fill: var(--s\($0)); }" }.joined(separator: "\n"))
    \((1...ChartColumns.seriesLimit).map { ".chart .l\($0) { stroke: var(--s\($0)); }" }.joined(separator: "\n"))
    .chart .hollow { fill: var(--page); }
    .citations { font-size: .9rem; }
    .citations ul { margin: .2rem 0; padding-inline-start: 1.2rem; }
    .citations section:target { background: var(--band); }
    li:target { background: var(--band); }
    small { display: block; color: var(--soft); font-size: .85em; }
    footer { margin-top: 2rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }
    footer p { margin: .4rem 0; }
    @media print {
      body { max-width: none; padding: 0; font-size: 10pt; }
      a { color: inherit; text-decoration: none; }
      .scroll { overflow: visible; }
      .chart { min-width: 0; }
      .tip, .cited:hover > .tip, .cited:focus-within > .tip { display: none; }
      thead { display: table-header-group; }
      tfoot { display: table-row-group; }
      tr, li, .chart { break-inside: avoid; }
      h2, h3, h4 { break-after: avoid; }
      .citations a { display: none; }
      .chart { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """

  private static func variables(_ variables: String, colors: [String]) -> String {
    variables + " " + colors.enumerated().map { "--s\($0 + 1): \($1);" }.joined(separator: " ")
  }
}
