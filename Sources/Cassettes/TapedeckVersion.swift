/// The version of this program and library.
public enum TapedeckVersion {
  /// The version, as `major.minor.patch`.
  public static let current = "0.1.0"
}
