/// The version of this program and library.
package enum TapedeckVersion {
  /// The version, as `major.minor.patch`.
  package static let current = "0.1.0"
}
