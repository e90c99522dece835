import Base

/// The text as it may reach a terminal; each character that may not becomes its escape.
func printable(_ text: String) -> String { TerminalText.safe(text, showing: .escape) }

/// The words of a text in lines of at most `width` columns, or on one line without a width, as they may reach a terminal.
func wrapped(_ text: String, width: Int?) -> [String] { TerminalText.wrapped(printable(text), width: width) }
