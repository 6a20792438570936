internal import Units

/// Numbers drawn by a seed one after another, as many as it takes: what arrivals are drawn from.
///
/// xoshiro256** (Blackman, Vigna, 2018), its state filled by SplitMix64 as its authors advise. What
/// is computed of the bits is made of steps that IEEE 754 rounds alike on every machine.
package struct SequentialDraws: Hashable, Sendable {
  private var a: UInt64
  private var b: UInt64
  private var c: UInt64
  private var d: UInt64
  private var spareNormal: Double?

  /// Begins the sequence of a seed.
  package init(_ draws: Draws) {
    a = draws.value(at: 0)
    b = draws.value(at: 1)
    c = draws.value(at: 2)
    d = draws.value(at: 3)
  }

  /// 64 bits of chance.
  package mutating func next() -> UInt64 {
    let product = b &* 5
    let result = (product << 7 | product >> 57) &* 9
    let shifted = b << 17
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = d << 45 | d >> 19
    return result
  }

  /// A number above 0, up to 1.
  package mutating func fraction() -> Double { Draws.fraction(next()) }

  /// A number of the exponential distribution with mean 1.
  package mutating func exponential() -> Double { -PortableMath.logarithm(fraction()) }

  /// A number of the normal distribution with mean 0 and deviation 1. (Marsaglia's polar method)
  package mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let x = 2 * fraction() - 1
      let y = 2 * fraction() - 1
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      let factor = (-2 * PortableMath.logarithm(square) / square).squareRoot()
      spareNormal = y * factor
      return x * factor
    }
  }

  /// A number of the gamma distribution of a shape above 0, with scale 1. (Marsaglia, Tsang, 2000)
  package mutating func gamma(shape: Double) -> Double {
    guard shape >= 1 else {
      // Their section 6: a number of the next shape, times a power of a uniform one.
      let power = PortableMath.exponential(PortableMath.logarithm(fraction()) / shape)
      return gamma(shape: shape + 1) * power
    }
    let d = shape - 1 / 3.0
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let bound = 0.5 * x * x + d - d * v + d * PortableMath.logarithm(v)
      if PortableMath.logarithm(fraction()) < bound { return d * v }
    }
  }
}
