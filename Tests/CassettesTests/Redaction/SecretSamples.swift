/// Made-up secrets of every shape, and texts that look like some and are none.
enum SecretSamples {
  private static let letters =
    "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8xC0bF5hJ7lM9nP1rS3tU5wX7zA9cD1eF3gH5iJ7kL9mN1oP3"

  static let secrets: [String] = [
    "sk-ant-api03-" + letters, "sk-ant-0123456789abcdef", "sk-proj-" + letters + "_-" + letters,
    "sk-or-v1-0123456789abcdef0123456789abcdef", "sk-abcdefghijklmnopqrst",
    "sk-svcacct-" + letters, "sk-lf-12345678-9abc-def0-1234-56789abcdef0",
    "AIza" + letters.prefix(35), "AKIA" + "ABCDEFGH01234567", "ASIA" + "ZYXWVUTS76543210",
    "ghp_" + letters.prefix(36), "gho_" + letters.prefix(36), "ghu_" + letters.prefix(36),
    "ghs_" + letters.prefix(36), "ghr_" + letters.prefix(36),
    "github_pat_" + letters.prefix(22) + "_" + letters,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    "xoxb-123456789012-123456789012-" + letters.prefix(24), "gsk_" + letters.prefix(52),
    "hf_" + letters.prefix(34), "glpat-" + letters.prefix(20), "xai-" + letters.prefix(70),
    "ya29.a0AfH6SMB-" + letters, "1//0" + letters, "AQ.Ab8RN6" + letters,
    "GOCSPX-" + letters.prefix(28), "IQoJb3JpZ2lu" + letters + "/+" + letters + "==",
    "FwoGZXIvYXdzE" + letters, "xoxe-" + letters, "xoxc-" + letters, "xoxd-" + letters,
    "hooks.slack.com/services/T00000000/B00000000/" + letters.prefix(24),
    "rk_live_" + letters.prefix(24), "sk_live_" + letters.prefix(24), "whsec_" + letters.prefix(32),
    "gldt-" + letters.prefix(20), "npm_" + letters.prefix(36), "pypi-AgEIcHlwaS5vcmc" + letters,
    "dckr_pat_" + letters.prefix(27), "SG." + letters.prefix(22) + "." + letters.prefix(43),
    "SK0123456789abcdef0123456789abcdef", "csk-" + letters.prefix(48), "fw_" + letters.prefix(24),
    "tgp_v1_" + letters.prefix(43), "glsa_" + letters.prefix(32) + "_0123abcd",
    "shpat_" + letters.prefix(32), "hvs." + letters, "ATATT3xFfGF0" + letters,
  ]

  static let harmless: [String] = [
    "sk-learn", "use sk-learn for this", "risk-averse-investors-of-the-world-unite",
    "https://sk-learn-tutorial-for-beginners.example/", "task-ant-0123456789abcdef0123",
    "sk-ant-short", "sk-ant-...", "sk-", "the desk-ant-colony-of-1234567890", "sk-SK",
    "sk-toggleable-label-arrow-before", "AIzawa", "AKIAABC", "AKIA" + "ABCDEFGH0123456789",
    "akia" + "abcdefgh01234567", "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9.not.a-token",
    "eyJhbGciOiJIUzI1NiJ9.eyJ", "ghp_short", "high_priority", "hf_hub_download_of_a_model_file",
    "xoxo-with-love-and-kisses-from", "gsk_tiny", "keyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3",
    "Bearer of good news", "Bearer authentication-is-what-they-use", "SKILLS", "SG.1", "AQ.a",
    "-----BEGIN CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----MIIB", "npm_config_registry_of_mine",
    "hooks.slack.com/services/", "SK0123456789abcdef", "fw_bold", "1//0", "GOCSPX-short",
    "prefsk-abcdefghijklmnopqrstuvwxyz", "0sk-ant-0123456789abcdef0123456789",
  ]

  static func stars(_ text: String) -> String { String(repeating: "*", count: text.utf8.count) }
}
