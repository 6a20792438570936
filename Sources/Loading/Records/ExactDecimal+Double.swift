internal import Planning

extension ExactDecimal {
  /// The nearest floating-point number.
  var double: Double { Double(digits) / Double(scale) }
}
