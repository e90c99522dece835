#!/usr/bin/env python3
"""Makes Sources/Base/TerminalWidths.swift of the files of the Unicode Character Database.

    Tests/terminal-widths.py [/usr/share/unicode] > Sources/Base/TerminalWidths.swift

Debian's package unicode-data has the files; `make widths` installs it. What a code point takes is what the system's
wcwidth(3), VTE and xterm give it:

* nothing: nonspacing and enclosing marks (Mn, Me), what only formats (Cf), the vowels and final consonants of Hangul that
  stand behind a leading one, and separators of lines. A soft hyphen and the signs that go below digits are Cf, but seen.
* two columns: East Asian Width W or F, and what is shown as an emoji by itself, but not the letters of flags, of which two
  make a flag.
* one or two: what becomes an emoji by the variation selector 16 behind it.
* one column: all else, spacing marks (Mc) such as the vowel signs of Hindi among them.
"""
import re
import sys

NOTHING, ONE, TWO, ONE_OR_TWO = range(4)


def entries(path):
    """The lines of a file: the first and the last code point of a range, and its value."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            fields = [field.strip() for field in line.split("#")[0].split(";")]
            if len(fields) < 2:
                continue
            first, _, last = fields[0].partition("..")
            yield fields[0], int(first.split()[0], 16), int((last or first).split()[0], 16), fields[1]


def code_points(path, *values):
    return {c for _, first, last, value in entries(path) if value in values for c in range(first, last + 1)}


def widths(folder):
    """A width for every code point."""
    formats = code_points(f"{folder}/extracted/DerivedGeneralCategory.txt", "Cf")
    seen = code_points(f"{folder}/PropList.txt", "Prepended_Concatenation_Mark") | {0xAD}
    nothing = code_points(f"{folder}/extracted/DerivedGeneralCategory.txt", "Mn", "Me", "Zl", "Zp", "Cc")
    nothing |= formats - seen
    nothing |= code_points(f"{folder}/HangulSyllableType.txt", "V", "T")
    wide = code_points(f"{folder}/EastAsianWidth.txt", "W", "F")
    letters = code_points(f"{folder}/PropList.txt", "Regional_Indicator")
    wide |= code_points(f"{folder}/emoji/emoji-data.txt", "Emoji_Presentation") - letters
    selected = {
        first
        for sequence, first, _, _ in entries(f"{folder}/emoji/emoji-variation-sequences.txt")
        if sequence.endswith(" FE0F")
    }
    result = [ONE] * 0x110000
    for width, members in ((ONE_OR_TWO, selected), (TWO, wide), (NOTHING, nothing)):
        for code_point in members:
            result[code_point] = width
    return result


def main(folder):
    with open(f"{folder}/EastAsianWidth.txt", encoding="utf-8") as file:
        version = re.match(r"# EastAsianWidth-([0-9.]+)\.txt", file.readline())[1]
    table = widths(folder)
    runs = [c for c in range(len(table)) if c == 0 or table[c] != table[c - 1]]
    numbers = [f"0x{c << 2 | table[c]:X}" for c in runs]
    print("// Made by Tests/terminal-widths.py of the files of Unicode; to be changed there.")
    print()
    print("/// How many columns of a terminal each code point takes.")
    print("enum TerminalWidths {")
    print("  /// The version of Unicode.")
    major, minor = version.split(".")[:2]
    print(f"  static let unicodeVersion = (major: {major}, minor: {minor})")
    print()
    print("  /// The first code point of each run of equal ones, times four, plus their width: 0, 1 or 2, or 3 for one that")
    print("  /// takes two columns before the variation selector 16, and else one.")
    print("  static let runs: [UInt32] = [")
    line = "   "
    for number in numbers:
        if len(line) + len(number) + 2 > 120:
            print(line)
            line = "   "
        line += f" {number},"
    print(line)
    print("  ]")
    print("}")


main(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode")
