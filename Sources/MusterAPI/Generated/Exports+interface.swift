// Written by varlink-generator from the interface's description: change that, then run "make generate".
// What has no comment there says enough by its name.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

/// Files that the daemon writes, as its configuration says, and whether they still are what they should be.
public enum Exports {
  /// The interface's name, before those of its methods and errors.
  public static let interface = "org.muster.Exports"
}

extension Exports {
  /// The description, as the daemon serves it and clients rely on it.
  public static let description = """
    # Files that the daemon writes, as its configuration says, and whether they still are what they should be.
    interface org.muster.Exports

    # What came of a run.
    type Outcome(
    	# The file is new
    	written,
    	# The file is as it was before, and was left alone
    	unchanged,
    	# Nothing new is there; the reason says why
    	failed,
    	# Another run is writing the file
    	busy
    )

    # A run of an export.
    type Run(
    	# The name of the export
    	name: string,
    	outcome: Outcome,
    	# Why it failed, or did not begin
    	reason: ?string,
    	# Microseconds since 1970-01-01 00:00 UTC
    	finishedAt: int,
    	durationMicroseconds: int,
    	# The digest of the dataset that it was run on
    	revision: ?string,
    	# Of the table, its totals not counted
    	rows: ?int,
    	# Of the file
    	bytes: ?int,
    	# Of the file, in hexadecimal
    	sha256: ?string,
    	# Whether a file of before is there as it was; absent when there was none, or when it did not fail
    	untouched: ?bool
    )

    # A file that is written on request.
    type ExportState(
    	name: string,
    	# The name of the report that is in it
    	report: string,
    	# The name of the exporter, which is that of the format
    	exporter: string,
    	# The name of the file in the directory
    	file: string,
    	# How many versions before the current one are kept
    	keep: int,
    	# Bytes of the file; absent when there is none
    	size: ?int,
    	# When the file was written, in microseconds since 1970-01-01 00:00 UTC
    	writtenAt: ?int,
    	# The last run, before a restart of the daemon too
    	last: ?Run
    )

    # What a file depends on.
    type Part(
    	# The dataset
    	data,
    	# What the configuration says of the export and its report
    	configuration,
    	# The programs that compute it
    	plugins,
    	# The file itself
    	file
    )

    # Something that is not as it was when the file was written.
    type Change(
    	part: Part,
    	# In words, as before -> now
    	text: string
    )

    # Lists the exports in the order of the configuration.
    method List() -> (
    	# Absent when there are no exports
    	directory: ?string,
    	# Why the directory cannot be used
    	problem: ?string,
    	exports: []ExportState
    )

    # Writes exports one after the other; one that fails keeps no other from being written. With more, each run is a reply of
    # its own.
    method Export(
    	# Those to write; none for all
    	names: ?[]string,
    	# Whether all are meant
    	all: ?bool,
    	# Whether a file is written again that stays the same
    	force: ?bool
    ) -> (
    	runs: []Run
    )

    # Holds a file against what it would be now: either that of an export, by name, or one that the caller has, by its
    # manifest and digest.
    method Verify(
    	name: ?string,
    	# What stands in the file beside it that ends with .muster.json
    	manifest: ?object,
    	# Of the file as it is, in hexadecimal
    	sha256: ?string,
    	# What is in the file, when that is short, for the differences
    	text: ?string,
    	# How many differences are listed; 20 when absent
    	limit: ?int
    ) -> (
    	# Whether the file is what was written and what would be written now
    	identical: bool,
    	# The name of the export
    	export: string,
    	# The name under which it was written
    	file: string,
    	report: string,
    	# When, as ISO 8601 in UTC
    	writtenAt: string,
    	# Why it is not identical
    	changes: []Change,
    	# Which cells, in words
    	differences: []string,
    	# How many there are in all
    	differencesTotal: int,
    	# What else is worth knowing
    	remarks: []string,
    	# The digest of the dataset now
    	revision: string,
    	# Of the file as it is, as it was written, and as it would be now
    	sha256: string,
    	writtenSha256: string,
    	computedSha256: string
    )

    # There is no export of that name.
    error NoSuchExport(
    	name: string,
    	# The nearest names, best first
    	suggestions: []string
    )

    # There is nothing to hold the file against.
    error NotVerifiable(
    	name: string,
    	reason: string
    )

    # A limit of the configuration was reached.
    error LimitReached(
    	# The key of the limit
    	limit: string,
    	# What it is set to: a number, bytes, or microseconds
    	value: int,
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
