import Testing

/// One row: a recording, the faults asked for, and the plan that they make of it.
struct FaultPlanRow: CustomTestStringConvertible {
  var recording: String
  var faults: [String]
  var plan: String

  var testDescription: String { faults.joined(separator: " ") }

  /// The rows of a table: a recording stands at the head of what is done to it, a plan is indented.
  static func rows(_ table: String) -> [FaultPlanRow] {
    var recording = ""
    var rows: [FaultPlanRow] = []
    for line in table.split(separator: "\n") {
      if line.hasPrefix("head@") {
        recording = String(line)
      } else if line.hasPrefix(" "), let last = rows.indices.last {
        let text = line.trimmingPrefix { $0 == " " }
        rows[last].plan += (rows[last].plan.isEmpty ? "" : " ") + text
      } else {
        let faults = line.split(separator: " ").map(String.init)
        rows.append(FaultPlanRow(recording: recording, faults: faults, plan: ""))
      }
    }
    return rows
  }

  /// Each fault alone; event 2 begins in the first chunk and ends with the second.
  static let single = rows(
    #"""
    head@10 | [data: {}\n\nda]@20 | [ta: [1]\n\n]@30 | [data: é\r\n\r\n]@40 | complete@50
    disconnect@byte:5
        10 head, 20 "data", 20 disconnect
    disconnect@after:event:1
        10 head, 20 "data: {}\n\n", 20 disconnect
    disconnect@event:2,mid-chunk
        10 head, 20 "data: {}\n\n", 20 disconnect
    reset@event:2
        10 head, 20 "data: {}\n\n", 20 reset
    reset
        10 head, 20 "data: {}\n\nda", 30 "ta: ", 30 reset
    end@in:event:3
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: ", 40 complete
    hang@after:head
        10 head, hang
    hang:5us@event:3
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 45 disconnect
    hang@head
        hang
    linger
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", hang
    trailing:3B
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 "xxx",
        50 complete
    bad-chunk@event:3
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 disconnect
    stall:7us@event:2
        10 head, 20 "data: {}\n\n", 27 "da", 37 "ta: [1]\n\n", 47 "data: é\r\n\r\n", 57 complete
    stall:15us,burst@event:2
        10 head, 20 "data: {}\n\n", 35 "da", 35 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    stall:7us@head
        17 head, 27 "data: {}\n\nda", 37 "ta: [1]\n\n", 47 "data: é\r\n\r\n", 57 complete
    stall:7us@in:head
        10 head, 17 head, 27 "data: {}\n\nda", 37 "ta: [1]\n\n", 47 "data: é\r\n\r\n",
        57 complete
    stall:7us@end
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 57 complete
    trickle:100KiB%2Fs@event:3
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    hold:10us
        10 head, 30 "data: {}\n\ndata: [1]\n\n", 50 "data: é\r\n\r\n", 50 complete
    hold:20B
        10 head, 30 "data: {}\n\ndata: [1]\n\n", 50 "data: é\r\n\r\n", 50 complete
    hold:1s@event:3
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 50 "data: é\r\n\r\n", 50 complete
    rechunk:16
        10 head, 30 "data: {}\n\ndata: ", 40 "[1]\n\ndata: é\r\n\r", 40 "\n", 50 complete
    rechunk:random@event:3
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    rechunk:utf8
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: �", 40 "�\r\n\r\n",
        50 complete
    rechunk:crlf@event:3
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r", 40 "\n\r", 40 "\n",
        50 complete
    coalesce:2
        10 head, 30 "data: {}\n\ndata: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    coalesce:2@event:2
        10 head, 20 "data: {}\n\n", 30 "data: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    framing
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    framing:length
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    framing:length-short
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 disconnect
    interim
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    header:x-a=b
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    newline:crlf
        10 head, 20 "data: {}\r\n\r\n", 30 "data: [1]\r\n\r\n", 40 "data: é\r\n\r\n",
        50 complete
    newline:cr
        10 head, 20 "data: {}\r\r", 30 "data: [1]\r\r", 40 "data: é\r\r", 50 complete
    newline:mixed
        10 head, 20 "data: {}\n\r\n", 30 "data: [1]\r\r\n", 40 "data: é\r\n\r", 50 complete
    bom
        10 head, 20 "﻿data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    no-space
        10 head, 20 "data:{}\n\n", 30 "data:[1]\n\n", 40 "data:é\r\n\r\n", 50 complete
    no-space@event:2
        10 head, 20 "data: {}\n\n", 30 "data:[1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    split-data
        10 head, 20 "data: {\ndata: }\n\n", 30 "data: [\ndata: 1]\n\n", 40 "data: é\r\n\r\n",
        50 complete
    split-data@event:2
        10 head, 20 "data: {}\n\n", 30 "data: [\ndata: 1]\n\n", 40 "data: é\r\n\r\n",
        50 complete
    comment@event:2
        10 head, 20 "data: {}\n\n", 30 ": tapedeck\n\ndata: [1]\n\n", 40 "data: é\r\n\r\n",
        50 complete
    fields@event:2
        10 head, 20 "data: {}\n\n", 30 "id: 2\nretry: 3000\nx-tapedeck: 1\ndata: [1]\n\n",
        40 "data: é\r\n\r\n", 50 complete
    no-final-blank
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n", 50 complete
    big:4B@event:2
        10 head, 20 "data: {}\n\n", 30 ":  \ndata: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    error:x@event:3
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n",
        40 "event: error\ndata: {"type":"error","error":{"type":"x","message":"tapedeck: x"}}\n\n",
        40 complete
    drop@event:2
        10 head, 20 "data: {}\n\n", 40 "data: é\r\n\r\n", 50 complete
    duplicate@event:2
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: [1]\n\n",
        40 "data: é\r\n\r\n", 50 complete
    swap@event:2
        10 head, 20 "data: {}\n\n", 30 "data: é\r\n\r\n", 40 "data: [1]\n\n", 50 complete
    unknown@event:2
        10 head, 20 "data: {}\n\n",
        20 "event: tapedeck_unknown\ndata: {"type":"tapedeck_unknown"}\n\n", 20 "da",
        30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    ping@event:2
        10 head, 20 "data: {}\n\n", 20 "event: ping\ndata: {"type": "ping"}\n\n", 20 "da",
        30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    bad-json@event:2
        10 head, 20 "data: {}\n\n", 30 "data: {[1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    cut-json@event:2
        10 head, 20 "data: {}\n\n", 30 "data: [\n\n", 40 "data: é\r\n\r\n", 50 complete
    bad-utf8@event:2
        10 head, 20 "data: {}\n\n", 30 "data: [�1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    empty-data@event:2
        10 head, 20 "data: {}\n\n", 30 "data: \n\n", 40 "data: é\r\n\r\n", 50 complete
    body:html
        10 head, 10 "<!doctype html><title>tapedeck</title><p>This is no stream.</p>\n",
        10 complete
    body:json
        10 head, 10 "{"tapedeck":"this is no stream"}", 10 complete
    chaos:1,from=ping
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n",
        40 "event: ping\ndata: {"type": "ping"}\n\n", 40 "data: é\r\n\r\n", 50 complete
    chaos:0
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    drop,on=2
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    head@10 | [event: a\ndata: {}\n\n]@20 | [event: message_stop\ndata: {}\n\n]@30 | complete@40
    drop-terminal
        10 head, 20 "event: a\ndata: {}\n\n", 40 complete
    end@type:message_stop
        10 head, 20 "event: a\ndata: {}\n\n", 30 complete
    reset@time:25us
        10 head, 20 "event: a\ndata: {}\n\n", 30 reset
    head@10 | [data: {}\n\n]@20 | [data: [1]\n\n]@30 | timeout@90
    stall:5us@end
        10 head, 20 "data: {}\n\n", 30 "data: [1]\n\n", hang
    disconnect@end
        10 head, 20 "data: {}\n\n", 30 "data: [1]\n\n", 90 disconnect
    error:x@event:2
        10 head, 20 "data: {}\n\n",
        30 "event: error\ndata: {"type":"error","error":{"type":"x","message":"tapedeck: x"}}\n\n",
        30 complete
    trailing:1B
        10 head, 20 "data: {}\n\n", 30 "data: [1]\n\n", 90 "x", hang
    hold:20us
        10 head, 40 "data: {}\n\ndata: [1]\n\n", hang
    reset@event:2
        10 head, 20 "data: {}\n\n", 30 reset
    """#)

  /// Faults together: places stay true through every edit.
  static let together = rows(
    #"""
    head@10 | [data: {}\n\nda]@20 | [ta: [1]\n\n]@30 | [data: é\r\n\r\n]@40 | complete@50
    reset@event:2 ping@event:2
        10 head, 20 "data: {}\n\n", 20 "event: ping\ndata: {"type": "ping"}\n\n", 20 reset
    fields@event:2 disconnect@in:event:2
        10 head, 20 "data: {}\n\n", 30 "id: 2\nretry: 3000\nx-", 30 disconnect
    comment@event:1 reset@after:event:1
        10 head, 20 ": tapedeck\n\ndata: {}\n\n", 20 reset
    drop@event:2 reset@after:event:2
        10 head, 20 "data: {}\n\n", 20 reset
    stall:5us@event:2 coalesce:2@event:2 end@event:3
        10 head, 20 "data: {}\n\n", 35 "data: [1]\n\n", 45 complete
    swap@event:1 reset@event:2
        10 head, 20 "data: [1]\n\n", 30 reset
    newline:crlf end@byte:13
        10 head, 20 "data: {}\r\n\r\n", 30 "dat", 30 complete
    bad-json@event:2 ping@event:2
        10 head, 20 "data: {}\n\n", 30 "event: ping\ndata: {"type": "ping"}\n\n",
        30 "data: {[1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    ping@event:2 bad-json@event:2
        10 head, 20 "data: {}\n\n", 20 "event: ping\ndata: {"type": "ping"}\n\n",
        30 "data: {[1]\n\n", 40 "data: é\r\n\r\n", 50 complete
    comment unknown@event:2
        10 head, 20 ": tapedeck\n\ndata: {}\n\n",
        20 "event: tapedeck_unknown\ndata: {"type":"tapedeck_unknown"}\n\n",
        30 ": tapedeck\n\ndata: [1]\n\n", 40 ": tapedeck\n\ndata: é\r\n\r\n", 50 complete
    duplicate@event:1 coalesce:9
        10 head, 40 "data: {}\n\ndata: {}\n\ndata: [1]\n\ndata: é\r\n\r\n", 50 complete
    end@end trailing:2B
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 "xx",
        50 complete
    trailing:2B reset@end
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 "data: é\r\n\r\n", 50 "xx", 50 reset
    body:json stall:5us@head
        15 head, 15 "{"tapedeck":"this is no stream"}", 15 complete
    chaos:1,from=drop chaos:1,from=drop
        10 head, 20 "data: {}\n\n", 40 "data: é\r\n\r\n", 50 complete
    error:x@event:1 rechunk:80
        10 head,
        20 "event: error\ndata: {"type":"error","error":{"type":"x","message":"tapedeck: x"}}",
        20 "\n\n", 20 complete
    no-final-blank unknown@event:3
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n",
        40 "event: tapedeck_unknown\ndata: {"type":"tapedeck_unknown"}\n\n", 40 "data: é\r\n",
        50 complete
    disconnect@event:2,on=2 reset@event:3,on=1
        10 head, 20 "data: {}\n\nda", 30 "ta: [1]\n\n", 40 reset
    """#)
}
