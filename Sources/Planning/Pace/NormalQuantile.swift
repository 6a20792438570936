internal import Units

/// Where a standard normal variable is below with a given probability.
///
/// (Wichura, Algorithm AS 241: the percentage points of the normal distribution, PPND16)
enum NormalQuantile {
  /// The quantile of a probability, which is neither 0 nor 1: the same bits on every machine.
  static func of(_ probability: Double) -> Double {
    let q = probability - 0.5
    if abs(q) <= 0.425 {
      let r = 0.180625 - q * q
      return q * polynomial(Central.numerator, r) / polynomial(Central.denominator, r)
    }
    let tail = (-PortableMath.logarithm(q < 0 ? probability : 1 - probability)).squareRoot()
    let magnitude =
      tail <= 5
      ? polynomial(Near.numerator, tail - 1.6) / polynomial(Near.denominator, tail - 1.6)
      : polynomial(Far.numerator, tail - 5) / polynomial(Far.denominator, tail - 5)
    return q < 0 ? -magnitude : magnitude
  }

  private static func polynomial(_ coefficients: [Double], _ x: Double) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }

  private enum Central {
    static let numerator = [
      2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
      13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
    ]
    static let denominator = [
      5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
      5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1,
    ]
  }

  private enum Near {
    static let numerator = [
      7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177,
      1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959,
      1.42343711074968357734,
    ]
    static let denominator = [
      1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
      0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187,
      1,
    ]
  }

  private enum Far {
    static let numerator = [
      2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386,
      0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699,
      6.6579046435011037772,
    ]
    static let denominator = [
      2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
      7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531,
      0.59983220655588793769, 1,
    ]
  }
}
