internal import LosslessJSON

extension JSONPointer {
  /// A key as a pointer has it: `~` as `~0`, `/` as `~1`.
  package static func escaped(_ key: String) -> String {
    key.replacing("~", with: "~0").replacing("/", with: "~1")
  }
}
