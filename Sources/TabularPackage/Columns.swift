/// The values of a field of numbers, by data row from 0.
public final class IntegerColumn: Sendable {
  package let values: ColumnStorage<Int64>
  /// 0 where there is a number, else the place of the missing value in the field's list, counted from 1.
  package let reasons: ColumnStorage<UInt8>

  /// The number of a data row; without meaning where `reason(ofRow:)` is not 0.
  public subscript(row: Int) -> Int64 { values.base[row] }

  /// 0 where there is a number, else the place of the missing value in the field's list, counted from 1.
  public func reason(ofRow row: Int) -> UInt8 { reasons.base[row] }

  init?(capacity: Int) {
    guard let values = ColumnStorage<Int64>(capacity: capacity), let reasons = ColumnStorage<UInt8>(capacity: capacity)
    else { return nil }
    self.values = values
    self.reasons = reasons
  }

  func trim(to count: Int) {
    values.trim(to: count)
    reasons.trim(to: count)
  }
}

/// For every data row a row of another table, or the place in a vocabulary, in as few bytes as hold them all.
public final class CodeColumn: @unchecked Sendable {
  // Sendable for the same reason as `ColumnStorage`.

  /// One, two or four bytes.
  package let width: Int
  package let base: UnsafeMutableRawPointer
  /// The code of a missing value: the greatest of that width.
  package let missingCode: Int
  private let storage: any Storage

  /// The smallest width that holds so many codes and one for missing values.
  static func width(of count: Int) -> Int { count <= Int(UInt8.max) ? 1 : count <= Int(UInt16.max) ? 2 : 4 }

  private protocol Storage: AnyObject {
    func trim(to count: Int)
  }

  private final class Typed<Element: FixedWidthInteger & BitwiseCopyable>: Storage {
    let column: ColumnStorage<Element>
    init?(capacity: Int) {
      guard let column = ColumnStorage<Element>(capacity: capacity) else { return nil }
      self.column = column
    }
    func trim(to count: Int) { column.trim(to: count) }
  }

  private final class Written: Storage {
    let memory: AnyObject
    init(memory: AnyObject) { self.memory = memory }
    func trim(to count: Int) {}
  }

  /// Codes that are already written, each in `width` bytes, in memory that has its final size.
  init(written memory: some AnyObject, base: UnsafeMutableRawPointer, width: Int) {
    storage = Written(memory: memory)
    self.base = base
    self.width = width
    missingCode = width == 1 ? Int(UInt8.max) : width == 2 ? Int(UInt16.max) : Int(UInt32.max)
  }

  init?(capacity: Int, targetCount: Int) {
    if targetCount <= Int(UInt8.max) {
      guard let typed = Typed<UInt8>(capacity: capacity) else { return nil }
      (storage, base, width, missingCode) = (typed, UnsafeMutableRawPointer(typed.column.base), 1, Int(UInt8.max))
    } else if targetCount <= Int(UInt16.max) {
      guard let typed = Typed<UInt16>(capacity: capacity) else { return nil }
      (storage, base, width, missingCode) = (typed, UnsafeMutableRawPointer(typed.column.base), 2, Int(UInt16.max))
    } else {
      guard let typed = Typed<UInt32>(capacity: capacity) else { return nil }
      (storage, base, width, missingCode) = (typed, UnsafeMutableRawPointer(typed.column.base), 4, Int(UInt32.max))
    }
  }

  /// The code of a data row.
  package subscript(row: Int) -> Int {
    switch width {
    case 1: Int(base.load(fromByteOffset: row, as: UInt8.self))
    case 2: Int(base.load(fromByteOffset: row * 2, as: UInt16.self))
    default: Int(base.load(fromByteOffset: row * 4, as: UInt32.self))
    }
  }

  func set(_ code: Int, row: Int) {
    switch width {
    case 1: base.storeBytes(of: UInt8(truncatingIfNeeded: code), toByteOffset: row, as: UInt8.self)
    case 2: base.storeBytes(of: UInt16(truncatingIfNeeded: code), toByteOffset: row * 2, as: UInt16.self)
    default: base.storeBytes(of: UInt32(truncatingIfNeeded: code), toByteOffset: row * 4, as: UInt32.self)
    }
  }

  func trim(to count: Int) { storage.trim(to: count) }

  /// A column of that many codes.
  package convenience init?(count: Int, targetCount: Int, _ code: (Int) -> Int) {
    self.init(capacity: count, targetCount: targetCount)
    for row in 0..<count { set(code(row), row: row) }
  }

  /// Each code that many times, one behind the other.
  package func repeated(_ times: Int, count: Int) -> CodeColumn? {
    CodeColumn(count: count * times, targetCount: missingCode) { self[$0 / times] }
  }
}
