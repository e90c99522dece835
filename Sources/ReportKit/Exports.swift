// What a plugin author sees of a dataset beside ReportKit's own words: of Model what the dataset is about, of Query the
// questions that may be asked of its numbers and the answers. The engine behind them, the files and what reads them stay
// out of sight.

@_exported public import enum Model.AggregationRule
@_exported public import struct Model.CalendarDay
@_exported public import struct Model.Caveat
@_exported public import struct Model.CodeList
@_exported public import struct Model.CodeSet
@_exported public import class Model.DatasetModel
@_exported public import struct Model.Dimension
@_exported public import struct Model.Discrepancy
@_exported public import struct Model.Hierarchy
@_exported public import enum Model.IncompleteSums
@_exported public import struct Model.Measure
@_exported public import struct Model.MissingReason
@_exported public import struct Model.ObservationKey
@_exported public import enum Model.ObservedValue
@_exported public import struct Model.PrintedTable
@_exported public import enum Model.Role
@_exported public import struct Model.Scheme
@_exported public import struct Model.Selection
@_exported public import struct Model.StatedTotal
@_exported public import struct Model.UnknownName
@_exported public import struct Model.Validity
@_exported public import struct Query.Aggregate
@_exported public import struct Query.AggregateQuery
@_exported public import struct Query.Aggregation
@_exported public import enum Query.AggregationError
@_exported public import struct Query.CorrectionCandidate
@_exported public import struct Query.Observation
@_exported public import struct Query.ObservationBatch
@_exported public import struct Query.ObservationQuery
@_exported public import protocol Query.ObservationStream
@_exported public import struct Query.PartAggregate
@_exported public import protocol Query.QueryEngine
@_exported public import struct Query.ReconciledContradiction
@_exported public import struct Query.ReconciledTotal
@_exported public import struct Query.Reconciliation
@_exported public import struct Query.ReconciliationQuery
@_exported public import enum Query.ReconciliationStatus
@_exported public import enum Query.Slip
