import Base
import Crypto

/// Reads all tables of a package, referred tables before those that refer to them.
struct PackageLoader {
  let descriptor: PackageDescriptor
  let requests: [String: TableRequest]
  let threads: Int
  let chunkSize: Int

  private var loaders: [Int: TableLoader] = [:]
  private var loaded: [Int: TableLoader.Loaded] = [:]
  private var files: [Int: DataFile] = [:]
  private var fileProblems: [Int: ProblemList] = [:]
  private var fileDigests: [Int: [UInt8]] = [:]
  private var keyTargets: [KeyPlace: KeyTarget] = [:]
  private var sparseReferences: [Int: [Int: [Int: Int]]] = [:]

  private struct KeyPlace: Hashable {
    let resource: Int
    let fields: [Int]
  }

  /// Keys of files up to this size are held in an index while other tables are read.
  private static let maximumIndexedSize = 32 << 20
  private static let maximumSuggestedCount = 10_000

  init(descriptor: PackageDescriptor, requests: [String: TableRequest], threads: Int?, chunkSize: Int?) {
    self.descriptor = descriptor
    self.requests = requests
    self.threads = max(1, threads ?? coreCount)
    self.chunkSize = max(1, chunkSize ?? ChunkedReader.blockSize)
  }

  mutating func load() -> (tables: [String: Table], revision: String, problems: ProblemList) {
    openFiles()
    for index in loadingOrder() { loadTable(index) }
    for index in descriptor.resources.indices { resolveReferences(of: index) }
    var problems = ProblemList()
    var tables: [String: Table] = [:]
    for resource in descriptor.resources {
      if let found = fileProblems[resource.index] { problems.append(contentsOf: found) }
      if let loader = loaders[resource.index] { problems.append(contentsOf: loader.orderedProblems()) }
      // With malformed rows there can be more than the columns have room for.
      if let loaded = loaded[resource.index], loaded.rowCount <= loaded.plan.capacity {
        tables[resource.name] = Table(loaded, sparseReferences: sparseReferences[resource.index] ?? [:])
      }
    }
    return (tables, revision(), problems)
  }

  // MARK: - Files

  private mutating func openFiles() {
    for resource in descriptor.resources {
      guard let path = resource.resolvedPath else { continue }
      do {
        let file = try DataFile(resolvedPath: path, displayPath: resource.displayPath)
        files[resource.index] = file
        var problems = ProblemList()
        checkClaims(of: resource, about: file, into: &problems)
        if resource.schema == nil { digestPlainFile(file, at: resource.index, into: &problems) }
        if !problems.isEmpty { fileProblems[resource.index] = problems }
      } catch {
        fileProblems[resource.index] = ProblemList([error])
      }
    }
  }

  /// The size and the digest that the descriptor states for the file.
  private func checkClaims(of resource: Resource, about file: DataFile, into problems: inout ProblemList) {
    if let expected = resource.expectedBytes, expected != file.size, expected != 0 {
      problems.append(
        Problem(
          file: resource.displayPath, message: "the file has \(file.size) bytes, the descriptor says \(expected)"))
    }
    guard let expected = resource.expectedHash else { return }
    let actual: String? =
      switch expected.algorithm {
      case .md5: hexDigest(of: file, by: Insecure.MD5.self)
      case .sha256: hexDigest(of: file, by: SHA256.self)
      }
    guard let actual else {
      problems.append(Problem(file: resource.displayPath, message: "the file changed while it was being read"))
      return
    }
    if actual != expected.hexDigest.lowercased() {
      problems.append(
        Problem(
          file: resource.displayPath,
          message: "the file's \(expected.algorithm.rawValue) digest is \(actual), the descriptor says "
            + expected.hexDigest))
    }
  }

  private func hexDigest<Hash: HashFunction>(of file: DataFile, by: Hash.Type) -> String? {
    var hash = Hash()
    guard readBlocks(of: file, { hash.update(bufferPointer: $0) }) else { return nil }
    return hexadecimal(hash.finalize())
  }

  private func readBlocks(of file: DataFile, _ body: (UnsafeRawBufferPointer) -> Void) -> Bool {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: ChunkedReader.blockSize, alignment: 64)
    defer { buffer.deallocate() }
    for offset in stride(from: 0, to: file.size, by: buffer.count) {
      let block = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, file.size - offset)])
      guard file.read(into: block, at: offset) else { return false }
      body(UnsafeRawBufferPointer(block))
    }
    return file.isUnchanged
  }

  private mutating func digestPlainFile(_ file: DataFile, at index: Int, into problems: inout ProblemList) {
    var digests: [UInt8] = []
    if !readBlocks(of: file, { digests += SHA256.hash(data: $0) }) {
      problems.append(Problem(file: file.displayPath, message: "the file changed while it was being read"))
    }
    fileDigests[index] = digests
  }

  /// The digest of the descriptor and of every file, with names and sizes, so that nothing can move from one to the
  /// next unnoticed. A file counts by the digests of its blocks, which several threads can compute.
  private func revision() -> String {
    var hash = SHA256()
    hash.update(data: Array("muster dataset revision 1, blocks of \(ChunkedReader.blockSize) bytes\n".utf8))
    hash.update(data: Array("descriptor \(descriptor.contents.count)\n".utf8))
    hash.update(data: descriptor.contents)
    for resource in descriptor.resources {
      let digests = loaders[resource.index]?.blockDigests ?? fileDigests[resource.index] ?? []
      hash.update(data: Array("\nfile \(resource.path.utf8.count) \(resource.path) ".utf8))
      hash.update(data: Array("\(files[resource.index]?.size ?? 0)\n".utf8))
      hash.update(data: digests)
    }
    return "sha256:" + hexadecimal(hash.finalize())
  }

  // MARK: - Tables

  /// Referred tables first. Where tables refer to each other in a circle, one has to be first, and its references
  /// are compared when all are read.
  private func loadingOrder() -> [Int] {
    var order: [Int] = []
    var visited: Set<Int> = []
    // A path of tables and of the foreign keys still to follow, in place of recursion.
    for start in descriptor.resources.indices where visited.insert(start).inserted {
      var path = [(resource: start, next: 0)]
      while let (resource, next) = path.last {
        let keys = descriptor.resources[resource].schema?.foreignKeys ?? []
        if next < keys.count {
          path[path.count - 1].next += 1
          if visited.insert(keys[next].resource).inserted { path.append((keys[next].resource, 0)) }
        } else {
          order.append(resource)
          path.removeLast()
        }
      }
    }
    return order
  }

  private mutating func loadTable(_ index: Int) {
    let resource = descriptor.resources[index]
    guard let schema = resource.schema, let file = files[index] else { return }
    var loader = TableLoader(
      resource: resource, schema: schema, request: requests[resource.name] ?? TableRequest(), threads: threads,
      chunkSize: chunkSize)
    let targets = schema.foreignKeys.map { keyTarget(of: $0, from: index) }
    loaded[index] = loader.load(file, targets: targets)
    loaders[index] = loader
  }

  private mutating func keyTarget(of key: ForeignKey, from index: Int) -> KeyTarget? {
    let place = KeyPlace(resource: key.resource, fields: key.referencedFields)
    if let target = keyTargets[place] { return target }
    let resource = descriptor.resources[key.resource]
    guard let schema = resource.schema, let file = files[key.resource] else { return nil }
    let names = key.referencedFields.map { schema.fields[$0].name }
    let name = names.count == 1 ? "\(resource.name).\(names[0])" : "\(resource.name) (\(names.joined(separator: ", ")))"
    let isLater = key.resource == index || loaders[key.resource] == nil
    if isLater || file.size > Self.maximumIndexedSize {
      // A table that cannot be read has no keys to compare with.
      if !isLater, loaded[key.resource] == nil { return nil }
      return KeyTarget(name: name, keys: nil, rowCount: 0, known: .none)
    }
    guard let loaded = loaded[key.resource], let columns = loaded.plan.columns(of: key.referencedFields) else {
      return nil
    }
    let keys = KeyIndex(expecting: loaded.rowCount)
    let builder = KeyBuilder(schema, fields: key.referencedFields, columns: columns)
    loaded.readKeys(builder, use: .insertion(keys), threads: 1, chunkSize: chunkSize)
    let known = knownKeys(of: loaded, builder)
    let target = KeyTarget(name: name, keys: keys, rowCount: loaded.rowCount, known: known)
    keyTargets[place] = target
    return target
  }

  /// What may have been meant by a text that is no key: the keys of a table that is not long.
  private func knownKeys(of loaded: TableLoader.Loaded, _ builder: KeyBuilder) -> KnownKeys {
    guard loaded.rowCount <= Self.maximumSuggestedCount,
      let rows = try? loaded.text.cells(ofRows: 0..<loaded.rowCount, columns: builder.parts.map(\.column))
    else { return .none }
    return KnownKeys(rows, builder)
  }

  // MARK: - References that wait

  private mutating func resolveReferences(of index: Int) {
    guard var loader = loaders[index], let loaded = loaded[index], !loader.references.isEmpty else { return }
    let byKey = Dictionary(grouping: loader.references, by: \.foreignKey)
    for (foreignKey, references) in byKey.sorted(by: { $0.key < $1.key }) {
      let key = loader.schema.foreignKeys[foreignKey]
      guard let target = self.loaded[key.resource], let columns = target.plan.columns(of: key.referencedFields) else {
        continue
      }
      let wanted = KeyIndex(expecting: references.count)
      var count = 0
      let numbers = references.map { reference in
        let number = reference.key.withUnsafeBufferPointer { wanted.insert($0, row: count) }
        if number == count { count += 1 }
        return number
      }
      let found = FoundRows(count: count)
      let builder = KeyBuilder(target.plan.schema, fields: key.referencedFields, columns: columns)
      target.readKeys(builder, use: .search(wanted, found), threads: threads, chunkSize: chunkSize)
      var rows: [Int: Int] = [:]
      var missed = 0
      var known: KnownKeys?
      for (reference, number) in zip(references, numbers) {
        if let row = found[number] {
          rows[reference.dataRow] = row
        } else {
          missed += 1
          let isListed = missed <= 1000
          if isListed, known == nil { known = knownKeys(of: target, builder) }
          loader.addMissedReference(
            reference, fields: key.fields, of: loaded, known: known ?? .none, isListed: isListed)
        }
      }
      sparseReferences[index, default: [:]][foreignKey] = rows
    }
    loaders[index] = loader
  }
}

extension TableLoader {
  fileprivate mutating func addMissedReference(
    _ reference: PendingReference, fields: [Int], of loaded: Loaded, known: KnownKeys, isListed: Bool
  ) {
    guard isListed else { return addUnlisted() }
    let texts = loaded.keyTexts(fields, row: reference.dataRow)
    let hint = loaded.plan.columns(of: fields).map { columns in
      known.hint(for: texts, of: KeyBuilder(schema, fields: fields, columns: columns))
    }
    addLate(
      Problem(
        file: resource.displayPath,
        position: .row(loaded.recordNumber(reference.dataRow), field: schema.fields[fields[0]].name),
        message: loaded.plan.unknownReference(reference.foreignKey, texts: texts, hint ?? "")))
  }
}
