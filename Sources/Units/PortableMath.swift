/// Functions that the libraries of systems round differently, made of steps that IEEE 754 rounds
/// alike everywhere (clause 5.4.1), so that a seed gives the same schedule and the same plan on
/// every machine.
///
/// Each is right to a few units in the last place.
package enum PortableMath {
  /// The natural logarithm of a finite number above 0.
  package static func logarithm(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var significand = x.significand
    // To both sides of 1, so that the series is short, and exact near 1.
    if significand > 1.414_213_562_373_095 {
      significand /= 2
      exponent += 1
    }
    // ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...), where |s| is below 0.172.
    let s = (significand - 1) / (significand + 1)
    let square = s * s
    var sum = 0.0
    for odd in stride(from: 23, through: 3, by: -2) {
      sum = (sum + 1 / Double(odd)) * square
    }
    return exponent * ln2Upper + (2 * s + (2 * s * sum + exponent * ln2Lower))
  }

  /// The exponential function.
  package static func exponential(_ x: Double) -> Double {
    guard x > -745 else { return 0 }
    guard x < 709 else { return .infinity }
    let halvings = (x / (ln2Upper + ln2Lower)).rounded()
    let rest = (x - halvings * ln2Upper) - halvings * ln2Lower
    // The series of Taylor, where |rest| is below 0.347.
    var sum = 1.0
    for term in stride(from: 16, through: 1, by: -1) {
      sum = 1 + sum * rest / Double(term)
    }
    return Double(sign: .plus, exponent: Int(halvings), significand: sum)
  }

  /// ln 2 in two parts, of which the upper has few enough bits that its products are exact.
  private static let ln2Upper = 0x1.62e42fee00000p-1
  private static let ln2Lower = 0x1.a39ef35793c76p-33
}
