// A plugin depends on ReportKit alone and still speaks of snapshots, selections and aggregates.
@_exported public import Dataset
