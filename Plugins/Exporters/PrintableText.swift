internal import Base

/// The text as it may stand in a table or a picture; what may not reach a terminal becomes `�`.
func printable(_ text: String) -> String { TerminalText.safe(text, showing: .replacementCharacter) }
