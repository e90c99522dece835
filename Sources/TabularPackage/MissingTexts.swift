import Glibc

/// The texts that stand for no value, for a quick look at every cell.
final class MissingTexts: @unchecked Sendable {
  // Sendable since it does not change after its initialiser.
  let view: View
  private let texts: UnsafeMutablePointer<UnsafeBufferPointer<UInt8>>
  private let storage: UnsafeMutableBufferPointer<UInt8>

  struct View {
    fileprivate let texts: UnsafePointer<UnsafeBufferPointer<UInt8>>
    fileprivate let count: Int
    fileprivate let maximumLength: Int

    /// The index of the missing value that stands there, or -1.
    @inline(__always)
    func index(of text: UnsafePointer<UInt8>, count length: Int) -> Int {
      if length > maximumLength { return -1 }
      for index in 0..<count where texts[index].count == length {
        guard length > 0, let base = texts[index].baseAddress else { return index }
        if memcmp(base, text, length) == 0 { return index }
      }
      return -1
    }
  }

  init(_ values: [MissingValue]) {
    texts = .allocate(capacity: max(1, values.count))
    storage = .allocate(capacity: max(1, values.reduce(0) { $0 + $1.value.utf8.count }))
    var offset = 0
    for (index, missing) in values.enumerated() {
      let bytes = Array(missing.value.utf8)
      for (position, byte) in bytes.enumerated() { storage[offset + position] = byte }
      (texts + index).initialize(to: UnsafeBufferPointer(rebasing: storage[offset..<offset + bytes.count]))
      offset += bytes.count
    }
    view = View(
      texts: UnsafePointer(texts), count: values.count,
      maximumLength: values.map { $0.value.utf8.count }.max() ?? -1)
  }

  func contains(_ text: String) -> Bool {
    // With a byte behind it, since one of none has no address.
    let bytes = Array(text.utf8) + [0]
    return bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { view.index(of: $0, count: bytes.count - 1) >= 0 } ?? false
    }
  }

  deinit {
    texts.deallocate()
    storage.deallocate()
  }
}
