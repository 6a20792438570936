/// What kind of secret stands somewhere.
package enum SecretKind: String, CaseIterable, Sendable {
  /// `sk-ant-…`
  case anthropicKey
  /// `sk-…`, of OpenAI and of the many services that took over its shape.
  case secretKey
  /// `AIza…`, `AQ.…`, `GOCSPX-…`
  case googleKey
  /// `ya29.…`, `1//0…`
  case googleToken
  /// `ghp_…` and its kin, `github_pat_…`
  case githubToken
  /// `glpat-…`
  case gitlabToken
  /// `AKIA…` and `ASIA…`, and session tokens.
  case awsKey
  /// A JSON web token. (RFC 7519)
  case jsonWebToken
  /// `xoxb-…` and its kin.
  case slackToken
  /// `gsk_…`, `hf_…`, `xai-…`, `pplx-…`, `nvapi-…`, `r8_…`, `SG.…` and others.
  case providerKey
  /// `npm_…`, `pypi-…`, `dckr_pat_…`
  case registryToken
  /// What stands behind `Bearer `. (RFC 6750)
  case bearerToken
  /// A private key in PEM. (RFC 7468)
  case privateKey
  /// The string of a JSON member whose name says that it is a credential.
  case credentialMember
  /// The value of a header that carries credentials.
  case credentialHeader
  /// The value of a query parameter that carries credentials.
  case credentialParameter
  /// A user name or a password in a URL.
  case userInformation
  /// What stands behind `Basic `. (RFC 7617)
  case basicCredentials
  /// The value of a variable whose name says that it is a credential, as in `API_KEY=…`.
  case credentialVariable
  /// What follows, in the next event, a secret that was covered as far as one event showed it.
  case restOfSecret

  /// The kind in words, with its article.
  package var words: String {
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
    case .registryToken: "a token of a package registry"
    case .bearerToken: "a bearer token"
    case .privateKey: "a private key"
    case .credentialMember: "the value of a credential member"
    case .credentialHeader: "the value of a credential header"
    case .credentialParameter: "the value of a credential parameter"
    case .userInformation: "a user name or password"
    case .basicCredentials: "a user name and password in base64"
    case .credentialVariable: "the value of a credential variable"
    case .restOfSecret: "the rest of a secret"
    }
  }
}
