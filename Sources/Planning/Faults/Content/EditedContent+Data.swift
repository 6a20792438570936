extension EditedContent {
  /// Changes the data of an event.
  ///
  /// - Throws: where the event is not there any more, or has no data.
  mutating func changeData(
    ofEvent event: Int, for fault: String, _ change: ([UInt8]) -> [UInt8]
  ) throws(DirectiveError) {
    var block = EventBlock(try bytes(ofEvent: event), isFirst: event == 0)
    let data = block.data
    guard !data.isEmpty else {
      throw DirectiveError("\(fault): the data of event \(event + 1) is empty")
    }
    block.replaceData(with: change(data))
    try replace(event: event, with: block.bytes)
  }
}
