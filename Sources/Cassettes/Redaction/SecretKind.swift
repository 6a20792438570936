/// What kind of secret stands somewhere.
public enum SecretKind: String, CaseIterable, Sendable {
  /// `sk-ant-…`
  case anthropicKey
  /// `sk-…`, of OpenAI and of the many services that took over its shape.
  case secretKey
  /// `AIza…`
  case googleKey
  /// `ya29.…`
  case googleToken
  /// `ghp_…` and its kin, `github_pat_…`
  case githubToken
  /// `glpat-…`
  case gitlabToken
  /// `AKIA…` and `ASIA…`
  case awsKey
  /// A JSON web token. (RFC 7519)
  case jsonWebToken
  /// `xoxb-…` and its kin.
  case slackToken
  /// `gsk_…`, `hf_…`, `xai-…`, `pplx-…`, `nvapi-…`, `r8_…`
  case providerKey
  /// The value of a header that carries credentials.
  case credentialHeader
  /// The value of a query parameter that carries credentials.
  case credentialParameter
  /// A user name or a password in a URL.
  case userInformation

  /// The kind in words, with its article.
  public var words: String {
    switch self {
    case .anthropicKey: "an Anthropic key"
    case .secretKey: "a secret key (sk-)"
    case .googleKey: "a Google API key"
    case .googleToken: "a Google access token"
    case .githubToken: "a GitHub token"
    case .gitlabToken: "a GitLab token"
    case .awsKey: "an AWS access key"
    case .jsonWebToken: "a JSON web token"
    case .slackToken: "a Slack token"
    case .providerKey: "a provider's API key"
    case .credentialHeader: "the value of a credential header"
    case .credentialParameter: "the value of a credential parameter"
    case .userInformation: "a user name or password"
    }
  }
}
