#if canImport(CLibXLSXWriter)
  internal import CLibXLSXWriter
  internal import Glibc
  internal import ReportKit

  /// A spreadsheet that is being written. The library keeps rows in temporary files, so memory does not grow with them.
  final class Workbook {
    enum Style: Int, CaseIterable {
      case plain, header, integer, total, decimalTotal, wrapped

      init(column: Column) {
        self = column.kind == .integer ? .integer : .plain
      }
    }

    private let file: NamelessFile
    /// Nil once it is closed.
    private var workbook: UnsafeMutablePointer<lxw_workbook>?
    private var formats: [UnsafeMutablePointer<lxw_format>?] = []

    init(title: String, subject: String, comments: String) throws {
      file = try NamelessFile()
      var options = lxw_workbook_options()
      options.constant_memory = 1
      guard let workbook = workbook_new_opt(file.path, &options) else { throw WorkbookError("cannot be created") }
      self.workbook = workbook
      formats = Style.allCases.map { Self.format($0, of: workbook) }
      try setProperties(title: title, subject: subject, comments: comments)
    }

    deinit {
      if let workbook { lxw_workbook_free(workbook) }
    }

    func addSheet(_ name: String) throws -> Sheet {
      guard let workbook, let sheet = workbook_add_worksheet(workbook, name) else {
        throw WorkbookError("cannot hold a sheet \"\(name)\": no room for temporary files")
      }
      return Sheet(workbook: self, sheet: sheet)
    }

    /// Ends the workbook; its sheets are not to be used any more.
    func finish() throws -> [UInt8] {
      guard let workbook else { throw WorkbookError("is finished already") }
      self.workbook = nil
      let code = workbook_close(workbook)
      if code != LXW_NO_ERROR { throw WorkbookError(code) }
      return try file.content()
    }

    func format(_ style: Style) -> UnsafeMutablePointer<lxw_format>? { formats[style.rawValue] }

    private func setProperties(title: String, subject: String, comments: String) throws {
      let texts = [title, subject, comments].map { strdup(xmlCharacters($0)) }
      defer { texts.forEach { free($0) } }
      var properties = lxw_doc_properties()
      properties.title = texts[0]
      properties.subject = texts[1]
      properties.comments = texts[2]
      // A fixed time, so that the same table gives the same bytes: 1980-01-01, like that of the files in the archive.
      properties.created = 315_532_800
      let code = workbook_set_properties(workbook, &properties)
      if code != LXW_NO_ERROR { throw WorkbookError(code) }
    }

    private static func format(
      _ style: Style, of workbook: UnsafeMutablePointer<lxw_workbook>
    ) -> UnsafeMutablePointer<lxw_format>? {
      guard style != .plain, let format = workbook_add_format(workbook) else { return nil }
      switch style {
      case .plain: break
      case .header:
        format_set_bold(format)
        format_set_text_wrap(format)
        format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue))
      case .integer: format_set_num_format(format, "0")
      case .total, .decimalTotal:
        format_set_bold(format)
        if style == .total { format_set_num_format(format, "0") }
        format_set_top(format, UInt8(LXW_BORDER_THIN.rawValue))
      case .wrapped:
        format_set_text_wrap(format)
        format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_TOP.rawValue))
      }
      return format
    }
  }

  struct WorkbookError: Error, CustomStringConvertible {
    var description: String

    init(_ what: String) {
      description = "the workbook \(what)"
    }

    init(_ code: lxw_error) {
      description = "the workbook cannot be written: \(String(cString: lxw_strerror(code)))"
    }
  }

  /// A temporary file without a name, which is gone with the process, for a library that writes to a path.
  private final class NamelessFile {
    private let descriptor: CInt
    var path: String { "/proc/self/fd/\(descriptor)" }

    init() throws {
      var path = Array("\(P_tmpdir)/muster-XXXXXX".utf8CString)
      descriptor = mkstemp(&path)
      if descriptor < 0 { throw WorkbookError("cannot be created: \(String(cString: strerror(errno)))") }
      unlink(path)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    func content() throws -> [UInt8] {
      let size = Int(lseek(descriptor, 0, SEEK_END))
      guard size > 0 else { throw WorkbookError("cannot be read back") }
      var isWhole = true
      let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        while count < size {
          let read = pread(descriptor, buffer.baseAddress?.advanced(by: count), size - count, off_t(count))
          guard read > 0 else {
            isWhole = false
            return
          }
          count += read
        }
      }
      if !isWhole { throw WorkbookError("cannot be read back") }
      return bytes
    }
  }
#endif
