internal import Patterns

extension ByteCursor {
  /// Takes a UUID: 8, 4, 4, 4 and 12 hexadecimal digits.
  mutating func takeUUID() -> Bool {
    all { cursor in
      guard cursor.take(count: 8, .hexadecimal) else { return false }
      for count in [4, 4, 4, 12] {
        guard cursor.take("-"), cursor.take(count: count, .hexadecimal) else {
          return false
        }
      }
      return true
    }
  }
}

// Dates and times.
extension ByteCursor {
  private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static let timeMarks = ByteSet("Tt ".utf8)
  private static let zuluMarks = ByteSet("Zz".utf8)
  private static let signs = ByteSet("+-".utf8)

  /// Takes a date, with a time where there is one.
  ///
  /// What stands behind a hyphen is no date of its own but the version of something, as in a
  /// model's name.
  mutating func takeDate() -> Bool {
    guard offset == 0 || !"-_".utf8.contains(text[offset - 1]) else { return false }
    return takeHTTPDate() || takeISODate() || takeBasicISODate()
  }

  /// Takes `Sun, 06 Nov 1994 08:49:37 GMT`, the day of the week and the zone as mail has them too.
  /// (RFC 9110, 5.6.7; RFC 5322, 3.3)
  private mutating func takeHTTPDate() -> Bool {
    all { cursor in
      let hasDay = Self.days.contains { cursor.take($0) }
      if hasDay, !cursor.take(", ") { return false }
      guard cursor.take(digits: 2, upTo: 31, from: 1), cursor.take(" "),
        Self.months.contains(where: { cursor.take($0) }), cursor.take(" "),
        cursor.take(digits: 4, upTo: 9999), cursor.take(" "), cursor.takeTime(), cursor.take(" ")
      else { return false }
      return cursor.take("GMT") || cursor.take("UTC") || cursor.takeOffset()
    }
  }

  /// Takes `2026-11-22`, and `T10:15:30.123Z` behind it. (RFC 3339, 5.6)
  private mutating func takeISODate() -> Bool {
    all { cursor in
      guard cursor.take(digits: 4, upTo: 9999), cursor.take("-"),
        cursor.take(digits: 2, upTo: 12, from: 1), cursor.take("-"),
        cursor.take(digits: 2, upTo: 31, from: 1)
      else { return false }
      _ = cursor.all { cursor in
        guard cursor.take(Self.timeMarks), cursor.takeTime() else { return false }
        if !cursor.take(Self.zuluMarks) { _ = cursor.takeOffset() }
        return true
      }
      return true
    }
  }

  /// Takes `20261122T101530Z`. (ISO 8601, basic format)
  private mutating func takeBasicISODate() -> Bool {
    all { cursor in
      guard cursor.take(digits: 4, upTo: 9999), cursor.take(digits: 2, upTo: 12, from: 1),
        cursor.take(digits: 2, upTo: 31, from: 1), cursor.take("T"),
        cursor.take(digits: 2, upTo: 23), cursor.take(digits: 2, upTo: 59),
        cursor.take(digits: 2, upTo: 60)
      else { return false }
      cursor.takeFraction()
      _ = cursor.take("Z") || cursor.takeOffset()
      return true
    }
  }

  /// Takes `08:49`, `08:49:37` or `08:49:37.123`.
  private mutating func takeTime() -> Bool {
    all { cursor in
      guard cursor.take(digits: 2, upTo: 23), cursor.takeColon(), cursor.take(digits: 2, upTo: 59)
      else { return false }
      let hasSeconds = cursor.all { $0.takeColon() && $0.take(digits: 2, upTo: 60) }
      if hasSeconds { cursor.takeFraction() }
      return true
    }
  }

  /// Takes a colon, as a query may have it too.
  private mutating func takeColon() -> Bool { take(":") || take("%3A") || take("%3a") }

  private mutating func takeFraction() {
    _ = all { cursor in
      (cursor.take(".") || cursor.take(",")) && !cursor.takeAll(.digits).isEmpty
    }
  }

  /// Takes `+01:00`, `+0100` or ` +0100`.
  private mutating func takeOffset() -> Bool {
    all { cursor in
      guard cursor.take(Self.signs), cursor.take(digits: 2, upTo: 23) else {
        return false
      }
      _ = cursor.takeColon()
      return cursor.take(digits: 2, upTo: 59)
    }
  }
}

// What providers call things.
extension ByteCursor {
  /// The words in front of identities, longest first where one begins with another.
  private static let prefixes = [
    // Anthropic
    "msgbatch_", "msg_bdrk_", "msg_vrtx_", "msg_", "toolu_bdrk_", "toolu_vrtx_", "srvtoolu_",
    "mcptoolu_", "toolu_", "req_", "file_", "container_",
    "compl_", "skillver_",
    // OpenAI, and those who follow it
    "chatcmpl-tool-", "chatcmpl-", "cmpl-", "call_00_", "call_01_", "call_", "resp_", "run_",
    "thread_", "asst_", "step_",
    "file-", "vsfb_", "vsfile_", "vs_", "fc_", "fco_", "rs_", "ws_", "ci_", "ig_", "fs_", "cu_",
    "ctc_", "mcpr_", "mcpl_", "mcpa_", "mcp_", "cntr_", "cfile_", "conv_", "batch_req_", "batch_",
    "item_", "evt_", "event_", "sess_", "ftjob-", "upload_", "part_", "gen-", "tool_call_",
  ]

  /// The least length of a tail, so that `call_1` of a test stays what it is.
  private static let leastTail = 8

  /// Takes an identity: a known prefix, and a UUID or a tail of letters and digits, of which one at
  /// the least is a digit.
  mutating func takeProviderID() -> Bool {
    all { cursor in
      guard Self.prefixes.contains(where: { cursor.take($0) }) else { return false }
      if cursor.takeUUID() { return true }
      let tail = cursor.takeAll(.alphanumerics)
      return tail.count >= Self.leastTail && tail.contains(where: ByteSet.digits.contains)
    }
  }
}
