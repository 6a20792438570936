extension SecretShape {
  /// Every shape; of two that begin alike, the longer prefix stands first.
  static let all: [SecretShape] =
    (models + clouds + repositories + services + discord + words)
    .sorted { $0.prefix.count > $1.prefix.count }

  /// Services that run models, and what is built around them.
  private static let models: [SecretShape] = [
    SecretShape(.anthropicKey, "sk-ant-", .atLeast(16, .word), isSpecific: true),
    SecretShape(.secretKey, "sk-proj-", .atLeast(14, .word), isSpecific: true),
    SecretShape(.secretKey, "sk-svcacct-", .atLeast(12, .word), isSpecific: true),
    SecretShape(.secretKey, "sk-or-v1-", .atLeast(14, .word), isSpecific: true),
    SecretShape(.secretKey, "sk-", .unlikeWords(20)),
    SecretShape(.secretKey, "ek_", .atLeast(24, .alphanumeric)),
    SecretShape(.secretKey, "sess-", .atLeast(30, .alphanumeric)),
    SecretShape(.secretKey, "esecret_", .atLeast(20, .alphanumeric)),
    SecretShape(.secretKey, "sk_", .atLeast(40, .alphanumeric)),
    SecretShape(.providerKey, "gsk_", .atLeast(30, .alphanumeric)),
    SecretShape(.providerKey, "hf_", .atLeast(30, .alphanumeric)),
    SecretShape(.providerKey, "api_org_", .atLeast(30, .alphanumeric)),
    SecretShape(.providerKey, "xai-", .atLeast(40, .alphanumeric)),
    SecretShape(.providerKey, "pplx-", .atLeast(40, .alphanumeric)),
    SecretShape(.providerKey, "nvapi-", .atLeast(40, .word)),
    SecretShape(.providerKey, "r8_", .atLeast(30, .alphanumeric)),
    SecretShape(.providerKey, "csk-", .atLeast(40, .alphanumeric)),
    SecretShape(.providerKey, "fw_", .atLeast(20, .alphanumeric)),
    SecretShape(.providerKey, "tgp_v1_", .atLeast(30, .word), isSpecific: true),
    SecretShape(.providerKey, "jina_", .atLeast(40, .word)),
    SecretShape(.providerKey, "pa-", .unlikeWords(40)),
    SecretShape(.providerKey, "rpa_", .atLeast(30, .alphanumeric)),
    SecretShape(.providerKey, "e2b_", .atLeast(32, .hexadecimal)),
    SecretShape(.providerKey, "fc-", .atLeast(32, .hexadecimal)),
    SecretShape(.providerKey, "lsv2_pt_", .atLeast(30, .word), isSpecific: true),
    SecretShape(.providerKey, "lsv2_sk_", .atLeast(30, .word), isSpecific: true),
    SecretShape(.providerKey, "ls__", .atLeast(32, .hexadecimal)),
    SecretShape(.providerKey, "pcsk_", .atLeast(40, .word), isSpecific: true),
    SecretShape(.providerKey, "tvly-", .atLeast(20, .word)),
    SecretShape(.providerKey, "phx_", .atLeast(40, .alphanumeric)),
    SecretShape(.providerKey, "key_", .atLeast(40, .hexadecimal)),
    SecretShape(.providerKey, "sgp_", .atLeast(32, .word)),
    SecretShape(.providerKey, "wandb_v1_", .atLeast(30, .word), isSpecific: true),
    SecretShape(.providerKey, "ak-", .atLeast(22, .alphanumeric)),
    SecretShape(.providerKey, "as-", .atLeast(22, .alphanumeric)),
  ]

  /// Clouds and what runs on them.
  private static let clouds: [SecretShape] = [
    SecretShape(.googleKey, "AIza", .atLeast(35, .word)),
    SecretShape(.googleKey, "AQ.", .atLeast(40, .word)),
    SecretShape(.googleKey, "GOCSPX-", .atLeast(20, .word), isSpecific: true),
    SecretShape(.googleToken, "ya29.", .atLeast(30, .dotted)),
    SecretShape(.googleToken, "1//0", .atLeast(40, .word)),
    SecretShape(.awsKey, "AKIA", .exactly(16)),
    SecretShape(.awsKey, "ASIA", .exactly(16)),
    SecretShape(.awsKey, "IQoJb3JpZ2lu", .atLeast(60, .base64)),
    SecretShape(.awsKey, "FwoGZXIvYXdz", .atLeast(60, .base64)),
    SecretShape(.awsKey, "ABSK", .atLeast(40, .base64)),
    SecretShape(.awsKey, "bedrock-api-key-", .atLeast(40, .base64)),
    SecretShape(.awsKey, "amzn1.oa2-cs.v1.", .atLeast(30, .alphanumeric)),
    SecretShape(.providerKey, "dapi", .atLeast(32, .hexadecimal)),
    SecretShape(.providerKey, "dop_v1_", .atLeast(40, .hexadecimal), isSpecific: true),
    SecretShape(.providerKey, "doo_v1_", .atLeast(40, .hexadecimal), isSpecific: true),
    SecretShape(.providerKey, "dor_v1_", .atLeast(40, .hexadecimal), isSpecific: true),
    SecretShape(.providerKey, "LTAI", .atLeast(16, .alphanumeric)),
    SecretShape(.providerKey, "AKID", .atLeast(32, .alphanumeric)),
    SecretShape(.providerKey, "vck_", .atLeast(24, .alphanumeric)),
    SecretShape(.providerKey, "vcp_", .atLeast(24, .alphanumeric)),
    SecretShape(.providerKey, "vci_", .atLeast(24, .alphanumeric)),
    SecretShape(.providerKey, "vca_", .atLeast(24, .alphanumeric)),
    SecretShape(.providerKey, "vcr_", .atLeast(24, .alphanumeric)),
    SecretShape(.providerKey, "vercel_blob_rw_", .atLeast(20, .word), isSpecific: true),
    SecretShape(.providerKey, "nfp_", .atLeast(30, .alphanumeric)),
    SecretShape(.providerKey, "rnd_", .atLeast(24, .alphanumeric)),
    SecretShape(.providerKey, "fm2_", .atLeast(60, .base64)),
    SecretShape(.providerKey, "fo1_", .atLeast(40, .word)),
    SecretShape(.providerKey, "HRKU-", .atLeast(30, .word), isSpecific: true),
    SecretShape(.providerKey, "sbp_", .atLeast(40, .hexadecimal)),
    SecretShape(.providerKey, "sb_secret_", .atLeast(20, .word), isSpecific: true),
    SecretShape(.providerKey, "pscale_tkn_", .atLeast(30, .word), isSpecific: true),
    SecretShape(.providerKey, "pscale_pw_", .atLeast(30, .word), isSpecific: true),
    SecretShape(.providerKey, "pscale_oauth_", .atLeast(30, .word), isSpecific: true),
    SecretShape(.providerKey, "mdb_sa_sk_", .atLeast(30, .word), isSpecific: true),
    SecretShape(.providerKey, ".atlasv1.", .atLeast(60, .word)),
    SecretShape(.providerKey, "hvs.", .atLeast(24, .word)),
    SecretShape(.providerKey, "hvb.", .atLeast(60, .word)),
    SecretShape(.providerKey, "hvr.", .atLeast(60, .word)),
    SecretShape(.providerKey, "dp.pt.", .atLeast(40, .dotted)),
    SecretShape(.providerKey, "dp.st.", .atLeast(40, .dotted)),
    SecretShape(.providerKey, "dp.ct.", .atLeast(40, .dotted)),
    SecretShape(.providerKey, "dp.sa.", .atLeast(40, .dotted)),
    SecretShape(.providerKey, "pul-", .atLeast(40, .hexadecimal)),
    SecretShape(.providerKey, "sha256~", .atLeast(40, .word)),
    SecretShape(.providerKey, "AQVN", .atLeast(35, .word)),
    SecretShape(.providerKey, "sk.eyJ", .atLeast(60, .dotted)),
    SecretShape(.providerKey, "napi_", .atLeast(40, .alphanumeric)),
  ]

  /// Where code and packages are kept, and built.
  private static let repositories: [SecretShape] =
    ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map {
      SecretShape(.githubToken, $0, .atLeast(20, .alphanumeric), isSpecific: true)
    }
    + [
      "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "gloas-",
      "glsoat-", "glffct-",
    ].map { SecretShape(.gitlabToken, $0, .atLeast(20, .word), isSpecific: true) }
    + [
      SecretShape(.githubToken, "github_pat_", .atLeast(20, .word), isSpecific: true),
      SecretShape(.registryToken, "npm_", .atLeast(36, .alphanumeric)),
      SecretShape(.registryToken, "pypi-", .atLeast(50, .word), isSpecific: true),
      SecretShape(.registryToken, "rubygems_", .atLeast(40, .hexadecimal), isSpecific: true),
      SecretShape(.registryToken, "dckr_pat_", .atLeast(20, .word), isSpecific: true),
      SecretShape(.registryToken, "dckr_oat_", .atLeast(20, .word), isSpecific: true),
      SecretShape(.registryToken, "AKCp", .atLeast(60, .alphanumeric)),
      SecretShape(.providerKey, "ATATT3", .atLeast(60, .base64)),
      SecretShape(.providerKey, "CCIPAT_", .atLeast(30, .word), isSpecific: true),
      SecretShape(.providerKey, "bkua_", .atLeast(40, .hexadecimal)),
      SecretShape(.providerKey, "sqp_", .atLeast(40, .hexadecimal)),
      SecretShape(.providerKey, "squ_", .atLeast(40, .hexadecimal)),
      SecretShape(.providerKey, "sqa_", .atLeast(40, .hexadecimal)),
    ]

  /// What else has keys of its own shape.
  private static let services: [SecretShape] =
    ["xoxa-", "xoxb-", "xoxc-", "xoxd-", "xoxe-", "xoxp-", "xoxr-", "xoxs-", "xapp-"].map {
      SecretShape(.slackToken, $0, .atLeast(20, .word), isSpecific: true)
    }
    + ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "sk_prod_"].map {
      SecretShape(.secretKey, $0, .atLeast(20, .alphanumeric))
    }
    + ["shpat_", "shpss_", "shpca_", "shppa_"].map {
      SecretShape(.providerKey, $0, .atLeast(30, .alphanumeric), isSpecific: true)
    }
    + [
      SecretShape(.providerKey, "pat", .numbered(14, 64)),
      SecretShape(.slackToken, "hooks.slack.com/services/", .atLeast(20, .path)),
      SecretShape(.providerKey, "discord.com/api/webhooks/", .atLeast(40, .path)),
      SecretShape(.providerKey, "discordapp.com/api/webhooks/", .atLeast(40, .path)),
      SecretShape(.providerKey, ":AA", .botToken),
      SecretShape(.secretKey, "whsec_", .atLeast(24, .base64)),
      SecretShape(.providerKey, "lin_api_", .atLeast(30, .alphanumeric), isSpecific: true),
      SecretShape(.providerKey, "lin_oauth_", .atLeast(30, .alphanumeric), isSpecific: true),
      SecretShape(.providerKey, "ntn_", .atLeast(40, .alphanumeric)),
      SecretShape(.providerKey, "secret_", .atLeast(40, .alphanumeric)),
      SecretShape(.providerKey, "SG.", .atLeast(40, .dotted)),
      SecretShape(.providerKey, "SK", .atLeast(32, .hexadecimal)),
      SecretShape(.providerKey, "glsa_", .atLeast(30, .word), isSpecific: true),
      SecretShape(.providerKey, "glc_", .atLeast(32, .base64)),
      SecretShape(.providerKey, "sntrys_", .atLeast(40, .base64), isSpecific: true),
      SecretShape(.providerKey, "sntryu_", .atLeast(40, .hexadecimal), isSpecific: true),
      SecretShape(.providerKey, "dt0c01.", .atLeast(60, .dotted)),
      SecretShape(.providerKey, "NRAK-", .atLeast(27, .alphanumeric), isSpecific: true),
      SecretShape(.providerKey, "PMAK-", .atLeast(40, .word), isSpecific: true),
      SecretShape(.providerKey, "figd_", .atLeast(30, .word)),
      SecretShape(.providerKey, "re_", .unlikeWords(28)),
      SecretShape(.providerKey, "key-", .atLeast(32, .hexadecimal)),
      SecretShape(.providerKey, "xkeysib-", .atLeast(60, .word), isSpecific: true),
      SecretShape(.providerKey, "pat-na1-", .atLeast(32, .word), isSpecific: true),
      SecretShape(.providerKey, "pat-eu1-", .atLeast(32, .word), isSpecific: true),
      SecretShape(.providerKey, "sq0atp-", .atLeast(20, .word), isSpecific: true),
      SecretShape(.providerKey, "sq0csp-", .atLeast(40, .word), isSpecific: true),
      SecretShape(.providerKey, "rdme_", .atLeast(60, .alphanumeric)),
      SecretShape(.providerKey, "rzp_live_", .atLeast(14, .alphanumeric), isSpecific: true),
      SecretShape(.providerKey, "ops_eyJ", .atLeast(100, .word)),
      SecretShape(.providerKey, "CFPAT-", .atLeast(40, .word), isSpecific: true),
      SecretShape(.providerKey, "tfp_", .atLeast(40, .word)),
      SecretShape(.providerKey, "aio_", .atLeast(28, .alphanumeric)),
      SecretShape(.providerKey, "EAAB", .atLeast(60, .alphanumeric)),
      SecretShape(.providerKey, "EZAK", .atLeast(54, .alphanumeric)),
      SecretShape(.providerKey, "duffel_live_", .atLeast(40, .word), isSpecific: true),
      SecretShape(.providerKey, "access-production-", .atLeast(36, .word)),
      SecretShape(.providerKey, "sl.", .unlikeWords(100)),
    ]

  /// The first bytes of a number in base64, with which the tokens of Discord's bots begin.
  private static let discord: [SecretShape] = "MNO".flatMap { first in
    "DTjz".map { SecretShape(.providerKey, "\(first)\($0)", .discordToken) }
  }

  /// What is the same for all.
  private static let words: [SecretShape] =
    [
      SecretShape(.jsonWebToken, "eyJ", .jsonWebToken),
      SecretShape(.bearerToken, "Bearer ", .bearer(20)),
      SecretShape(.bearerToken, "bearer ", .bearer(20)),
      SecretShape(.basicCredentials, "Basic ", .basic),
      SecretShape(.privateKey, "AGE-SECRET-KEY-1", .atLeast(50, .alphanumeric), isSpecific: true),
    ]
    + [
      "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY",
      "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK",
    ].map {
      SecretShape(.privateKey, "-----BEGIN \($0)-----", .block, isSpecific: true)
    }

  /// The shapes that begin with each byte.
  static let byFirstByte: [[SecretShape]] = (UInt8.min...UInt8.max).map { byte in
    all.filter { $0.prefix.first == byte }
  }
}
