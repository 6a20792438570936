extension FaultCatalogue {
  /// The faults that this version knows.
  package static let standard = FaultCatalogue(types: [
    StatusFault.self, HeaderFault.self, BodyFault.self,
    DisconnectFault.self, ResetFault.self, EndFault.self, HangFault.self, LingerFault.self,
    TrailingFault.self,
    StallFault.self, TrickleFault.self, HoldFault.self,
    RechunkFault.self, CoalesceFault.self, GzipFault.self, FramingFault.self, InterimFault.self,
    BadChunkFault.self,
    NewlineFault.self, BOMFault.self, NoSpaceFault.self, SplitDataFault.self, CommentFault.self,
    FieldsFault.self, NoFinalBlankFault.self, BigFault.self,
    ErrorFault.self, DropFault.self, DuplicateFault.self, SwapFault.self, UnknownFault.self,
    PingFault.self, BadJSONFault.self, CutJSONFault.self, BadUTF8Fault.self, EmptyDataFault.self,
    DropTerminalFault.self,
    ChaosFault.self,
  ])
}
