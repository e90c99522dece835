/// Where the package puts what the daemon works with, in the words of the manual pages.
enum SystemFiles {
  static let daemon =
    [
      ("/etc/muster/musterd.yaml", "The configuration, unless another one is named; see musterd.yaml(5)."),
      (
        "/etc/muster/pipelines",
        """
        Reports and exports, in files that the configuration includes. The package leaves alone what it did not put there, so \
        that this is the place for files of one's own.
        """
      ),
      ("/etc/default/musterd", "Options that the unit adds."),
      (
        "musterd.service",
        """
        The unit of systemd that runs the daemon, as the user `musterd`. A drop-in below \
        /etc/systemd/system/musterd.service.d changes it, such as by a `ReadWritePaths=` for exports elsewhere.
        """
      ),
      (
        "musterd.socket",
        """
        The unit that has the socket, in which connections wait while the daemon starts. Members of the group `muster` may \
        open it: adduser(8) takes them in.
        """
      ),
      ("/run/musterd/org.muster.Reports", "The socket, unless the configuration or `--listen` says otherwise."),
      (
        "/run/varlink/registry/org.muster.Reports",
        "The same socket, where programs look for services by the name of an interface."
      ),
      (
        "/var/lib/muster-exports",
        "The folder of the exports. The user `musterd` owns them, and members of the group `muster` may read them."
      ),
      ("/var/lib/musterd", "The state folder of the daemon. It keeps nothing there by itself."),
      ("/run/musterd/work", "Folders of external plugins while they run, in memory."),
    ] + schedule + [
      (
        "/usr/libexec/muster/muster-launcher",
        "Starts external plugins, each in isolation. It may also lie beside `musterd`."
      ),
      ("/usr/share/muster/plugins", "Examples of external plugins with their manifests."),
    ]

  /// What has exports written.
  static let schedule = [
    (
      "/etc/cron.d/muster-exports",
      """
      Has all exports written every day, as the user `muster`; see crontab(5). Other times go into a file of one's own \
      beside it.
      """
    ),
    (
      "muster-export@NAME.timer",
      """
      The timer of systemd for the export of that name, daily unless a drop-in says otherwise: `systemctl enable --now \
      muster-export@blocs.timer`, and `systemctl edit muster-export@blocs.timer` for another `OnCalendar=`.
      """
    ),
    ("muster-export@NAME.service", "What the timer starts, and what tells how it went."),
  ]

  /// The fields of the journal's entries, each with the key of the log's metadata that it is made of.
  static let journalFields = [
    ("MUSTER_METHOD", "The method that was called, such as `org.muster.Reports.Run`."),
    ("MUSTER_REPORT", "The report that was asked for, or that an export is of."),
    ("MUSTER_EXPORT", "The export."),
    ("MUSTER_PLUGIN", "The plugin that was tried."),
    ("MUSTER_PEER_UID", "The number of the user who called."),
    ("MUSTER_PEER_PID", "The process that called."),
    ("MUSTER_CONNECTION", "The number of the connection, within one run of the daemon."),
    ("MUSTER_GENERATION", "The generation of configuration and dataset that answered, or that a reload made."),
    ("MUSTER_DURATION_USEC", "How long it took, in microseconds."),
    ("MUSTER_ERROR", "The name of the error in the reply, or the reason in words."),
    ("MUSTER_RIGHT", "The right that a refused caller lacked, such as `access.manage`."),
    ("MUSTER_FILE", "The file of an export."),
    ("MUSTER_OUTCOME", "What became of an export: `written`, `unchanged`, `failed` or `busy`."),
    ("MUSTER_KEEP", "How many old versions of an export are kept."),
    ("MUSTER_LIMIT", "The limit that was reached, by its key in the configuration."),
    ("MUSTER_VALUE", "What that limit is."),
    ("MUSTER_REASON", "Why a connection was closed."),
    ("MUSTER_DETAIL", "More about that reason."),
    ("MUSTER_SUPPRESSED", "How many entries like this one were left out before it."),
    ("MUSTER_PROBLEMS", "How many problems kept a reload from its end."),
    ("MUSTER_VERSION", "The version of the daemon."),
    ("MUSTER_DATASET", "The dataset of a generation."),
    ("MUSTER_REVISION", "The digest of that dataset."),
    ("MUSTER_OBSERVATIONS", "How many observations it has."),
    ("MUSTER_REPORTS", "How many reports there are."),
    ("MUSTER_ACCOUNTS", "Users or groups that the configuration names and the system does not know."),
    ("MUSTER_ADDRESS", "Where the daemon listens."),
    ("MUSTER_DESCRIPTOR", "The number of an inherited socket."),
    ("MUSTER_CALLS", "How many calls were answered by the end."),
    ("MUSTER_RUNNING_CALLS", "How many calls ran when the daemon was told to stop."),
    ("MUSTER_SUM", "What the limits of memory come to, in bytes, where that is more than the daemon may have."),
    ("MUSTER_ALLOWED", "What it may have, in bytes, by its control groups or its limit of address space."),
    ("MUSTER_COUNT", "How many of what the message names."),
  ]
}
