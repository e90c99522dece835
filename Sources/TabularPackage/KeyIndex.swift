import Glibc

/// Finds the row of a key, given as bytes: an open hash table that compares whole words.
final class KeyIndex: @unchecked Sendable {
  // Sendable since nobody looks into it while it is filled: that of a table or a list is filled by one thread before it is
  // given to others, that of an `OpenVocabulary` is touched under that one's lock alone, and a thread's own cache of it by
  // that thread alone.
  private(set) var view: View
  private(set) var count = 0
  private var arena: UnsafeMutablePointer<UInt8>
  private var arenaSize = 0
  private var arenaCapacity: Int
  private var slots: UnsafeMutablePointer<Slot>

  struct Slot {
    var words: (UInt64, UInt64)
    var length: UInt32
    /// -1 in an empty slot.
    var row: Int32
    var offset: Int
  }

  /// What a lookup needs, free of references.
  struct View {
    fileprivate(set) var slots: UnsafePointer<Slot>
    fileprivate(set) var arena: UnsafePointer<UInt8>
    fileprivate(set) var mask: Int

    /// The row of a key, or -1. Sixteen bytes from its start on may be read.
    @inline(__always)
    func row(of key: UnsafePointer<UInt8>, count: Int) -> Int32 {
      let words = keyWords(key, count: count)
      var index = Int(truncatingIfNeeded: hash(words, key, count: count)) & mask
      while true {
        let slot = slots + index
        if slot.pointee.row < 0 { return -1 }
        if slot.pointee.words == words, Int(slot.pointee.length) == count,
          count <= 16 || memcmp(arena + slot.pointee.offset, key, count) == 0
        {
          return slot.pointee.row
        }
        index = (index + 1) & mask
      }
    }
  }

  /// Rows are counted by Int32.
  static let maximumCount = Int(Int32.max)

  init(expecting expected: Int = 16) {
    var capacity = 32
    while capacity < expected * 2 { capacity *= 2 }
    slots = Self.emptySlots(capacity)
    arenaCapacity = 1024
    arena = .allocate(capacity: arenaCapacity)
    view = View(slots: UnsafePointer(slots), arena: UnsafePointer(arena), mask: capacity - 1)
  }

  deinit {
    slots.deallocate()
    arena.deallocate()
  }

  private static func emptySlots(_ capacity: Int) -> UnsafeMutablePointer<Slot> {
    let slots = UnsafeMutablePointer<Slot>.allocate(capacity: capacity)
    slots.initialize(repeating: Slot(words: (0, 0), length: 0, row: -1, offset: 0), count: capacity)
    return slots
  }

  /// Remembers the row of a key, unless it is there already.
  /// - Returns: the row that the key has now.
  @discardableResult
  func insert(_ key: UnsafeBufferPointer<UInt8>, row: Int) -> Int {
    if (count + 1) * 2 > view.mask { growSlots() }
    let offset = store(key)
    let words = keyWords(arena + offset, count: key.count)
    var index = Int(truncatingIfNeeded: hash(words, arena + offset, count: key.count)) & view.mask
    while slots[index].row >= 0 {
      if slots[index].words == words, Int(slots[index].length) == key.count,
        memcmp(arena + slots[index].offset, arena + offset, key.count) == 0
      {
        arenaSize = offset
        return Int(slots[index].row)
      }
      index = (index + 1) & view.mask
    }
    slots[index] = Slot(words: words, length: UInt32(key.count), row: Int32(row), offset: offset)
    count += 1
    return row
  }

  func insert(_ key: [UInt8], row: Int) {
    _ = key.withUnsafeBufferPointer { insert($0, row: row) }
  }

  /// Looks up a key that has no room behind it.
  func row(of key: [UInt8]) -> Int? {
    let row = (key + [UInt8](repeating: 0, count: 16)).withUnsafeBufferPointer { padded in
      padded.baseAddress.map { view.row(of: $0, count: key.count) } ?? -1
    }
    return row < 0 ? nil : Int(row)
  }

  private func store(_ key: UnsafeBufferPointer<UInt8>) -> Int {
    if arenaSize + key.count + 16 > arenaCapacity {
      arenaCapacity = (arenaSize + key.count + 16) * 2
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: arenaCapacity)
      larger.update(from: arena, count: arenaSize)
      arena.deallocate()
      arena = larger
      view.arena = UnsafePointer(arena)
    }
    let offset = arenaSize
    if let base = key.baseAddress { (arena + offset).update(from: base, count: key.count) }
    (arena + offset + key.count).update(repeating: 0, count: 16)
    arenaSize += key.count
    return offset
  }

  private func growSlots() {
    let old = slots
    let oldCount = view.mask + 1
    slots = Self.emptySlots(oldCount * 2)
    view.slots = UnsafePointer(slots)
    view.mask = oldCount * 2 - 1
    for slot in UnsafeBufferPointer(start: old, count: oldCount) where slot.row >= 0 {
      let length = Int(slot.length)
      var index = Int(truncatingIfNeeded: hash(slot.words, arena + slot.offset, count: length)) & view.mask
      while slots[index].row >= 0 { index = (index + 1) & view.mask }
      slots[index] = slot
    }
    old.deallocate()
  }
}

/// The first sixteen bytes of a key, padded with zeros.
@inline(__always)
private func keyWords(_ key: UnsafePointer<UInt8>, count: Int) -> (UInt64, UInt64) {
  if count >= 16 { return (key.word(), key.word(at: 8)) }
  if count >= 8 { return (key.word(), key.word(at: 8) & lowBytes(count - 8)) }
  return (key.word() & lowBytes(count), 0)
}

@inline(__always)
private func lowBytes(_ count: Int) -> UInt64 { (1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1 }

/// Both halves of the product count, or keys that differ only in their last bytes would crowd together.
@inline(__always)
private func hash(_ words: (UInt64, UInt64), _ key: UnsafePointer<UInt8>, count: Int) -> UInt64 {
  var state = words.0 ^ words.1 &* 0x9E37_79B9_7F4A_7C15
  if count > 16 { state ^= hashBytes(key + 16, count: count - 16) }
  let product = state.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
  return product.high ^ product.low
}

/// A hash of bytes that is the same in every run.
@inline(__always)
func hashBytes(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
  var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: count)
  var offset = 0
  while offset + 8 <= count {
    state = mixed(state, bytes.word(at: offset))
    offset += 8
  }
  var rest: UInt64 = 0
  for index in offset..<count { rest = rest << 8 | UInt64(bytes[index]) }
  return mixed(state, rest)
}

@inline(__always)
private func mixed(_ state: UInt64, _ word: UInt64) -> UInt64 {
  let product = (state ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
  return product.high ^ product.low &+ 0x9E37_79B9_7F4A_7C15
}
