// Written by varlink-generator from the interface's description: change that, then run "make generate".
// What has no comment there says enough by its name.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

/// Reports computed from a canonical dataset in which every number cites its source.
public enum Reports {
  /// The interface's name, before those of its methods and errors.
  public static let interface = "org.muster.Reports"
}

extension Reports {
  /// The description, as the daemon serves it and clients rely on it.
  public static let description = """
    # Reports computed from a canonical dataset in which every number cites its source.
    interface org.muster.Reports

    # What the cells of a column hold.
    type ColumnKind(
    	# Strings
    	text,
    	# Whole numbers, exact to 64 bits
    	integer,
    	# Numbers with digits behind the point
    	decimal
    )

    # A column of a result.
    type Column(
    	# The key of its cells in each row
    	name: string,
    	# A heading for people
    	title: string,
    	# What its cells hold when they are not missing
    	kind: ColumnKind,
    	# What one unit of a number is
    	unit: ?string,
    	# A sentence about what the column holds
    	description: ?string
    )

    # What a note is about.
    type NoteKind(
    	# A caveat on observations, carried into every aggregate of them
    	caveat,
    	# Why a number is missing
    	missing,
    	# What the result covers or leaves out
    	scope,
    	# A statement of a source that disagrees with what its numbers come to
    	discrepancy,
    	# That a sum lacks some of its numbers, or contains estimates
    	coverage
    )

    # A cell of a result.
    type CellReference(
    	# The row, counted from 0 over all replies; totals count on behind the rows
    	row: int,
    	# The name of the column
    	column: string
    )

    # What kind of absence a missing number is.
    type MissingKind(
    	# There is no number: a sum goes without it
    	no_number,
    	# A mark that counts as 0
    	nil,
    	# There is no such number, since what it would be made of does not add
    	not_additive,
    	# There is one, and it is not shown since it lacks some of its numbers
    	incomplete
    )

    # Something that a reader of the numbers must know.
    type Note(
    	kind: NoteKind,
    	text: string,
    	# The cells that it is about; empty for a note on the whole result
    	cells: []CellReference,
    	# Of a note of the kind missing
    	missing: ?MissingKind
    )

    # Numbers that lack in a sum for one reason.
    type Lack(
    	reason: string,
    	count: int
    )

    # What a sum has of the numbers that belong in it, and between what it lies where it contains estimates.
    type Coverage(
    	# How many numbers are in the sum, and how many should be; absent for an estimate that is no sum
    	numbers: ?int,
    	expected: ?int,
    	# Each reason once
    	lacking: []Lack,
    	# Whether it is, or contains, an estimate
    	isEstimate: bool,
    	# Between what an estimate lies, with all digits; absent where nobody can say
    	lower: ?string,
    	upper: ?string,
    	# The same for people
    	words: string
    )

    # The coverage of a cell of a result.
    type CellCoverage(
    	# As of a CellReference
    	row: int,
    	column: string,
    	coverage: Coverage
    )

    # Where a total comes from.
    type TotalKind(
    	# What the observations come to
    	computed,
    	# What a source says that they come to
    	stated
    )

    # A row below the others, which covers all of the report's rows, or all that a source claims to cover.
    type Total(
    	kind: TotalKind,
    	title: string,
    	# Keyed by column name, like a row
    	cells: object
    )

    # What a run is narrowed to in one dimension. Several of one dimension narrow it one after the other.
    type Filter(
    	dimension: string,
    	# Codes. In a call each may also be latest or first, a range A..B, A.. or ..B of periods, or under:CODE for all that a
    	# code contains; what is exactly a code is that code. In a reply they are the codes that all of this came to.
    	codes: []string,
    	# All that these codes contain, beside the codes above; never in a reply
    	under: ?[]string,
    	# What is left out, as in codes: of all codes of the dimension where neither codes nor under name any. Never in a reply
    	without: ?[]string
    )

    # What a parameter takes.
    type ParameterKind(
    	text,
    	integer,
    	boolean,
    	# One of the choices
    	choice
    )

    # A parameter of a report.
    type Parameter(
    	name: string,
    	# A sentence about what it does
    	summary: string,
    	kind: ParameterKind,
    	# What holds when it is not given; absent when it must be given, or when nothing stands for it
    	default: ?string,
    	# All that may be given, where that is a closed list
    	choices: ?[]string,
    	# Whether it must be given
    	required: ?bool
    )

    # A step of a report.
    type Step(
    	# The plugin, or select
    	name: string,
    	# A sentence about what it does
    	summary: string,
    	# What it goes by: for select the codes by dimension, separated by commas; for a plugin its parameters
    	parameters: [string]string
    )

    # A format that results can be written in.
    type Format(
    	name: string,
    	summary: string,
    	mediaType: string,
    	# Endings of file names that stand for this format, the usual one first
    	fileExtensions: []string,
    	# Whether its content is text
    	isText: bool,
    	parameters: []Parameter
    )

    # A code of a dimension.
    type Code(
    	id: string,
    	name: string
    )

    # A way in which observations are told apart, such as by country.
    type Dimension(
    	name: string,
    	title: string,
    	codes: []Code
    )

    # A report, in a list of reports.
    type ReportSummary(
    	name: string,
    	title: string,
    	# A sentence about what the report shows
    	summary: string
    )

    # Lists the reports in alphabetical order of their names.
    method List() -> (
    	# The digest of the dataset
    	revision: string,
    	reports: []ReportSummary
    )

    # Describes one report.
    method Describe(
    	report: string
    ) -> (
    	revision: string,
    	name: string,
    	title: string,
    	summary: string,
    	# What makes the report, in order
    	steps: []Step,
    	parameters: []Parameter,
    	# The columns that it has with the parameters' defaults
    	columns: []Column,
    	formats: []Format
    )

    # Lists the dimensions of the dataset, by which a run can be narrowed. With 'more' they come in several replies where they
    # are many: the codes of the last dimension of one reply may go on in the next one, under the same name.
    # [Supports 'more' flag]
    method ListDimensions() -> (
    	revision: string,
    	dimensions: []Dimension
    )

    # Runs a report. Without a format the reply has columns, rows, totals and notes; with a format it has mediaType, and
    # content or base64. With 'more' these come in several replies, to be put together in their order: parameters, where,
    # columns and mediaType come in the first one, coverage with the rows that it is about or behind them, totals and notes
    # behind the last rows, in one reply or in several. A note
    # on many cells goes on in the next reply, with the same kind and text and further cells. With 'upgrade' and a format the
    # reply has parameters, where and mediaType, and behind it come the bytes of the format in chunks, each behind its length
    # in four bytes, the most significant one first; then a length of zero and an object with its NUL: rows, bytes and sha256,
    # or error and parameters as an error reply has them. A stream without that object was cut off.
    # [Supports 'more' flag]
    # [Supports 'upgrade' flag]
    method Run(
    	report: string,
    	# Values of parameters by name, in place of their defaults
    	parameters: ?[string]string,
    	# What is looked at of what the report selects; it never widens that
    	where: ?[]Filter,
    	format: ?string,
    	# Values of the format's parameters by name, in place of their defaults
    	formatParameters: ?[string]string
    ) -> (
    	# The digest of the dataset that the result is computed from; the same in all replies
    	revision: string,
    	# The values of all parameters
    	parameters: ?[string]string,
    	# What the run was narrowed to
    	where: ?[]Filter,
    	columns: ?[]Column,
    	# One object for each row, keyed by column name; null where a number is missing
    	rows: ?[]object,
    	totals: ?[]Total,
    	# Of the cells of rows and totals that have any
    	coverage: ?[]CellCoverage,
    	notes: ?[]Note,
    	mediaType: ?string,
    	# Text of the format
    	content: ?string,
    	# In place of content, where the format is no text: its bytes as RFC 4648 writes them, each reply by itself
    	base64: ?string
    )

    # Replies with the generation that is served, at once and whenever a reload has brought another one. Of several that
    # come before the client reads, the last one is told. The last reply, when the daemon stops, repeats the one before.
    # [Requires 'more' flag]
    method Watch() -> (
    	generation: int,
    	# The digest of the dataset
    	revision: string
    )

    # What becomes of an observation behind a cell.
    type EvidenceUse(
    	# It is added up
    	added,
    	# It gives no number, so there is nothing to add
    	missing,
    	# It is a part of another observation, shown and never added
    	of_which,
    	# Its source contradicts it elsewhere; shown, never added
    	contested
    )

    # An observation behind a cell.
    type Evidence(
    	use: EvidenceUse,
    	# Absent when the source gives no number, or one with decimals
    	value: ?int,
    	# The number with all its digits; absent when the source gives none
    	shown: ?string,
    	# The value as the source prints it
    	printed: string,
    	# Why there is no number
    	missing: ?string,
    	# By the name of the dimension the name of its code
    	codes: [string]string,
    	id: ?string,
    	source: string,
    	locus: ?string,
    	# The words of the source
    	quote: ?string,
    	caveats: []string
    )

    # What a source states about a sum.
    type StatedTotal(
    	# Absent for what is no integer
    	value: ?int,
    	# As it is shown: the number, or the mark of a missing one
    	shown: string,
    	source: ?string,
    	locus: ?string,
    	quote: ?string,
    	agrees: bool,
    	# What the dataset's ledger says about a difference
    	explanations: []string
    )

    # Tells how one cell of a report came about. With 'more' the evidence and the notes come in several replies where they are
    # many, to be put together in their order. Steps and stated come in the first one, all else is the same in each.
    # [Supports 'more' flag]
    method Explain(
    	report: string,
    	parameters: ?[string]string,
    	where: ?[]Filter,
    	# A text of the row, such as an id or a name; # and its number, from 1; or the title of a total
    	row: string,
    	# The column's name or title
    	column: string,
    	# How many observations are listed; 1000 unless told
    	limit: ?int
    ) -> (
    	revision: string,
    	parameters: [string]string,
    	where: []Filter,
    	title: string,
    	row: string,
    	# Of a total, where it comes from
    	total: ?TotalKind,
    	column: Column,
    	# The cell's value as it is shown
    	shown: string,
    	# What the added observations come to; absent when they give no number, or one that is no integer of 64 bits
    	sum: ?int,
    	# The same with all its digits; absent when they give no number
    	sumShown: ?string,
    	# What the cell has of the numbers that belong in it; absent for what is no sum
    	coverage: ?Coverage,
    	# In the order of the dataset
    	evidence: []Evidence,
    	# How many observations there are, the listed ones included
    	evidenceTotal: int,
    	# What sources state about the sum of exactly these observations
    	stated: []StatedTotal,
    	# What was done, in order
    	steps: []Step,
    	# On the cell, then on the whole report
    	notes: []Note
    )

    # Where stated totals and sums stand to each other.
    type ReconciliationStatus(
    	agrees,
    	# The dataset's ledger explains it
    	acknowledged,
    	# Nobody has explained it
    	unacknowledged
    )

    # A stated total beside its sum, or statements that contradict each other.
    type ReconciliationEntry(
    	# The id of the stated total, of the entry in the ledger, or of an observation
    	id: ?string,
    	status: ReconciliationStatus,
    	# What it is about
    	subject: string,
    	# Whether it is a stated total, rather than a contradiction that no sum shows
    	isTotal: bool,
    	# These are absent for what is no integer of 64 bits
    	stated: ?int,
    	computed: ?int,
    	# How far the stated total lies above the computed one
    	difference: ?int,
    	# The same three with all their digits; absent where there is no number
    	statedShown: ?string,
    	computedShown: ?string,
    	differenceShown: ?string,
    	locus: ?string,
    	# The numbers that the sources state, each with its place
    	statements: ?string,
    	# What the ledger says about it, or how it agrees where it does not do so exactly
    	explanation: ?string,
    	# Single numbers that may be wrong: each would settle the difference
    	candidates: ?string
    )

    # Holds every stated total of the dataset against the sum of what it claims to cover, and lists the contradictions that
    # no sum shows. Nothing is corrected. Totals come in the order of the dataset or, where they are many, first those that
    # disagree, by the size of the difference. With 'more' the entries come in several replies where they are many, to be
    # put together in their order; all else is the same in each.
    # [Supports 'more' flag]
    method Reconcile() -> (
    	revision: string,
    	agreeing: int,
    	acknowledged: int,
    	unacknowledged: int,
    	entries: []ReconciliationEntry,
    	# What was not looked for, and how to ask for it
    	note: ?string
    )

    # There is no report of that name.
    error NoSuchReport(
    	report: string,
    	# The nearest names, best first
    	suggestions: []string
    )

    # Something that a run is to be narrowed to is not what the dimension has, or selects nothing.
    error InvalidFilter(
    	dimension: string,
    	# As it was given; absent where it is all that is said of the dimension
    	item: ?string,
    	reason: string
    )

    # The report has no such row or column, or several such rows.
    error NoSuchCell(
    	report: string,
    	# What is wrong, and what there is
    	reason: string,
    	# The nearest names, best first
    	suggestions: []string
    )

    # There is no format of that name.
    error NoSuchFormat(
    	format: string,
    	# All names that there are
    	formats: []string
    )

    # The report has no parameter of that name.
    error NoSuchParameter(
    	report: string,
    	parameter: string,
    	# The nearest names, best first
    	suggestions: []string
    )

    # The format has no parameter of that name.
    error NoSuchFormatParameter(
    	format: string,
    	parameter: string,
    	# The nearest names, best first
    	suggestions: []string
    )

    # The value of a format's parameter cannot be used.
    error InvalidFormatValue(
    	format: string,
    	parameter: string,
    	value: string,
    	# What is wrong, and what is allowed
    	reason: string,
    	# The nearest right values, best first
    	suggestions: []string
    )

    # The dataset has no dimension of that name.
    error NoSuchDimension(
    	dimension: string,
    	# The nearest names, best first
    	suggestions: []string
    )

    # The dimension has no such code.
    error NoSuchCode(
    	dimension: string,
    	code: string,
    	# The nearest codes, best first
    	suggestions: []string
    )

    # The value of a parameter cannot be used.
    error InvalidValue(
    	report: string,
    	parameter: string,
    	value: string,
    	# What is wrong, and what is allowed
    	reason: string,
    	# The nearest right values, best first
    	suggestions: []string
    )

    # A reply is larger than it may be: call with 'more'. Or the result is larger than it may be, over all its replies, or a
    # step must hold more rows than it may.
    error ResultTooLarge(
    	limitBytes: int,
    	# The key of the configuration that sets the limit
    	limit: string,
    	# The step that must hold the rows; absent when a reply or the result is too large
    	step: ?string
    )

    # A limit of the configuration was reached.
    error LimitReached(
    	# The key of the limit
    	limit: string,
    	# What it is set to: a number, bytes, or microseconds
    	value: int,
    	reason: string
    )

    # The report could not be computed.
    error ReportFailed(
    	report: string,
    	reason: string
    )

    # Nothing is served, since the configuration or the dataset had problems at the start. A service that was started for a
    # socket that waits tells whoever called, and ends; the next call starts it anew.
    error InvalidConfiguration(
    	# As file:line:column: message, as many as are listed
    	problems: []string,
    	# How many there are in all
    	total: int
    )

    # Something went wrong inside the service; its log says what.
    error InternalError()
    """
}
