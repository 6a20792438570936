/// Made-up secrets of every shape, and texts that look like some and are none.
package enum SecretSamples {
  private static let letters =
    "aB3dE5gH7jK9mN1pQ2sT4vW6yZ8xC0bF5hJ7lM9nP1rS3tU5wX7zA9cD1eF3gH5iJ7kL9mN1oP3"

  package static let secrets: [String] = older + pairs.map(\.secret)

  private static let older: [String] = [
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

  /// A secret of a kind, and a text that begins like it and is none.
  package struct Pair: Sendable {
    package let secret: String
    package let nearMiss: String

    /// A secret of a prefix and so many letters and digits, or so many hexadecimal digits.
    init(_ prefix: String, _ nearMiss: String, letters: Int = 70, digits: Int = 0) {
      let alphabet = digits > 0 ? SecretSamples.hex : SecretSamples.letters
      secret = prefix + String(alphabet.prefix(digits > 0 ? digits : letters))
      self.nearMiss = nearMiss
    }
  }

  private static let hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

  package static let pairs: [Pair] = [
    Pair("ABSKQmVkcm9ja0FQSUtleS1", "ABSKEY of the album"),
    Pair("bedrock-api-key-YmVkcm9jay5h", "bedrock-api-key-rotation-policy"),
    Pair("dapi", "dapifoo0123456789", digits: 32),
    Pair("vck_", "vck_feedback"),
    Pair("vcp_", "vcp_of_texts"),
    Pair("vercel_blob_rw_", "vercel_blob_rw_x"),
    Pair("ek_", "ek_balam", letters: 32),
    Pair("sess-", "sess-1234", letters: 40),
    Pair("lsv2_pt_", "lsv2_pt_example", digits: 32),
    Pair("pcsk_", "pcsk_value"),
    Pair("tvly-", "tvly-key", letters: 32),
    Pair("sbp_", "sbp_high", digits: 40),
    Pair("sb_secret_", "sb_secret_x", letters: 31),
    Pair("lin_api_", "lin_api_version", letters: 40),
    Pair("lin_oauth_", "lin_oauth_url", letters: 40),
    Pair("ntn_", "ntn_frequency", letters: 46),
    Pair("secret_", "secret_of_the_old_clock", letters: 43),
    Pair("dop_v1_", "dop_v1_x", digits: 64),
    Pair("dp.st.prd.", "dp.st.x"),
    Pair("dp.pt.", "dp.pt.12", letters: 43),
    Pair("glc_eyJv", "glc_levels"),
    Pair("sntrys_eyJpYXQi", "sntrys_x"),
    Pair("sntryu_", "sntryu_of", digits: 64),
    Pair("glrt-", "glrt-short", letters: 20),
    Pair("rubygems_", "rubygems_org", digits: 48),
    Pair("figd_", "figd_layer", letters: 40),
    Pair("NRAK-", "NRAK-1", letters: 27),
    Pair("PMAK-", "PMAK-x"),
    Pair("pscale_tkn_", "pscale_tkn_name"),
    Pair("jina_", "jina_embeddings_v3", letters: 60),
    Pair("rpa_", "rpa_bot"),
    Pair("e2b_", "e2b_sandbox", digits: 40),
    Pair("sk_", "sk_learn_model", digits: 48),
    Pair("xkeysib-", "xkeysib-x", digits: 64),
    Pair("key-", "key-value", digits: 32),
    Pair("AGE-SECRET-KEY-1", "AGE-SECRET-KEY-FILE", letters: 58),
    Pair("sha256~", "sha256~abc", letters: 43),
    Pair("re_", "re_compile", letters: 33),
    Pair("discord.com/api/webhooks/1234567890/", "discord.com/api/webhooks/"),
    Pair("wandb_v1_", "wandb_v1_docs"),
    Pair("hvb.", "hvb.de"),
    Pair("phx_", "phx_airport", letters: 43),
    Pair("LTAI", "LTAIR", letters: 20),
    Pair("MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.", "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe", letters: 38),
    Pair("ODkwMTIzNDU2Nzg5MDEyMzQ1Njc.X1y2Z3.", "ODkwMTIzNDU2Nzg5MDEyMzQ1Njc.doc", letters: 27),
    Pair("AQVN", "AQVNxyz", letters: 37),
    Pair("sk.eyJ1Ijoi", "sk.eyJ1", letters: 70),
    Pair("tfp_", "tfp_response", letters: 44),
    Pair("aio_", "aio_pika_of_python", letters: 28),
    Pair("EAAB", "EAABackwards"),
    Pair("patAbCdEfGhIjKl12.", "patAbCdEfGhIjKl1.0123456789abcdef", digits: 64),
    Pair("napi_", "napi_create_external_arraybuffer", letters: 64),
    Pair("ak-", "ak-standard-of-the-house", letters: 22),
    Pair("as-", "as-internationalization", letters: 22),
    Pair("duffel_live_", "duffel_live_mode", letters: 43),
  ]

  package static let harmless: [String] = olderHarmless + pairs.map(\.nearMiss)

  private static let olderHarmless: [String] = [
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
    "Basic understanding", "Basic dXNlcm5hbWU=", "git-lfs sha256:AAAAB3NzaC1yc2EAAAADAQABAAABgQC",
  ]

  package static func stars(_ text: String) -> String {
    String(repeating: "*", count: text.utf8.count)
  }
}
