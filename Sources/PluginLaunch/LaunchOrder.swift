/// What the launcher is to do before it becomes the plugin. It travels as the launcher's arguments.
package struct LaunchOrder: Hashable, Sendable {
  /// The plugin's own empty folder.
  package var folder: String
  /// The process that gives the order; without it there is nobody to run for.
  package var parent: Int32
  /// Bytes of address space.
  package var memory: Int
  /// Seconds.
  package var cpuTime: Int
  package var processes: Int
  /// Bytes of one file, and half of those of the folder.
  package var fileSize: Int
  /// The program's path and its arguments.
  package var command: [String]

  package var arguments: [String] {
    [folder, "\(parent)", "\(memory)", "\(cpuTime)", "\(processes)", "\(fileSize)"] + command
  }

  package init(
    folder: String, parent: Int32, memory: Int, cpuTime: Int, processes: Int, fileSize: Int, command: [String]
  ) {
    self.folder = folder
    self.parent = parent
    self.memory = memory
    self.cpuTime = cpuTime
    self.processes = processes
    self.fileSize = fileSize
    self.command = command
  }

  /// Reads the arguments of a process, the program's name left out; nil when they are no order.
  package init?(arguments: some Collection<String>) {
    let words = Array(arguments)
    guard words.count >= 7, let parent = Int32(words[1]) else { return nil }
    let numbers = words[2..<6].compactMap { Int($0) }
    guard numbers.count == 4 else { return nil }
    self.init(
      folder: words[0], parent: parent, memory: numbers[0], cpuTime: numbers[1], processes: numbers[2],
      fileSize: numbers[3], command: Array(words[6...]))
  }
}
