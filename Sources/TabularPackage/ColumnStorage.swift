import Glibc

/// Memory for a column whose length is known only as an upper bound: pages that are never written take no room.
package final class ColumnStorage<Element: BitwiseCopyable>: @unchecked Sendable {
  // Sendable since every row is written by one thread, and read only after all writers have ended.
  package let base: UnsafeMutablePointer<Element>
  /// How many elements there was room for at first.
  let capacity: Int
  private var mappedSize: Int

  /// Zeros; nil when the system refuses.
  package init?(capacity: Int) {
    self.capacity = capacity
    mappedSize = Self.pageAligned(max(1, capacity) * MemoryLayout<Element>.stride)
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let memory = mmap(nil, mappedSize, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let memory, memory != MAP_FAILED else { return nil }
    // Fewer page faults for large columns; a small one would only take more room.
    if mappedSize > 64 << 20 { madvise(memory, mappedSize, Int32(MADV_HUGEPAGE)) }
    base = memory.bindMemory(to: Element.self, capacity: max(1, capacity))
    #if MUSTER_FUZZ
      // What was here before may have ended elsewhere.
      unpoisonMemory(memory, mappedSize)
      poison(from: capacity)
    #endif
  }

  deinit {
    #if MUSTER_FUZZ
      unpoisonMemory(base, mappedSize)
    #endif
    munmap(base, mappedSize)
  }

  /// Gives back what lies behind the first `count` elements.
  func trim(to count: Int) {
    #if MUSTER_FUZZ
      poison(from: count)
    #endif
    let size = Self.pageAligned(max(1, count) * MemoryLayout<Element>.stride)
    guard size < mappedSize else { return }
    #if MUSTER_FUZZ
      unpoisonMemory(UnsafeMutableRawPointer(base) + size, mappedSize - size)
    #endif
    munmap(UnsafeMutableRawPointer(base) + size, mappedSize - size)
    mappedSize = size
  }

  private static func pageAligned(_ size: Int) -> Int {
    let page = sysconf(Int32(_SC_PAGESIZE))
    return (size + page - 1) / page * page
  }

  #if MUSTER_FUZZ
    /// Lets the address sanitizer refuse what lies behind that many elements, though it is in the same page.
    private func poison(from count: Int) {
      let used = max(0, count) * MemoryLayout<Element>.stride
      if used < mappedSize { poisonMemory(UnsafeRawPointer(base) + used, mappedSize - used) }
    }
  #endif
}

#if MUSTER_FUZZ
  @_silgen_name("__asan_poison_memory_region")
  private func poisonMemory(_ memory: UnsafeRawPointer, _ size: Int)

  @_silgen_name("__asan_unpoison_memory_region")
  private func unpoisonMemory(_ memory: UnsafeRawPointer, _ size: Int)
#endif
