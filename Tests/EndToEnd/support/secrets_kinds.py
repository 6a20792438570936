"""Made-up secrets of every kind, drawn anew from a seed, so that no file holds one.

`KINDS` are those that are known by their shape wherever they stand, `NAMELESS` those that are known only by
the field, parameter or member that they stand in.
"""

import base64
import json
import random
import string
from dataclasses import dataclass

LOWER_HEX = "0123456789abcdef"
ALPHANUMERIC = string.ascii_letters + string.digits
WORD = ALPHANUMERIC + "_"
BASE64 = ALPHANUMERIC + "+/"
# So long a part of a secret is found nowhere else by chance.
TELLTALE = 8

chance = random.Random(20261122)


@dataclass(frozen=True)
class Kind:
    """One secret: what anybody may know of it, and what must never be seen."""

    name: str
    value: str
    hidden: tuple[str, ...]

    def parts(self):
        """Every part of what must not be seen that is long enough to tell."""
        for hidden in self.hidden:
            for start in range(len(hidden) - TELLTALE + 1):
                yield hidden[start : start + TELLTALE]


def drawn(letters, count):
    return "".join(chance.choices(letters, k=count - 3)) + chance.choice("ghjk") + "7Q"


def kind(name, prefix, letters, count, suffix=""):
    hidden = drawn(letters, count)
    return Kind(name, prefix + hidden + suffix, (hidden,))


def hexadecimal(name, prefix, count):
    hidden = "".join(chance.choices(LOWER_HEX, k=count))
    return Kind(name, prefix + hidden, (hidden,))


def upper(name, prefix, count):
    hidden = "".join(chance.choices(string.ascii_uppercase + string.digits, k=count))
    return Kind(name, prefix + hidden, (hidden,))


def encoded(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def web_token():
    payload = encoded({"sub": drawn(ALPHANUMERIC, 30)})
    signature = drawn(WORD, 43)
    return Kind("jwt", f"{encoded({'alg': 'HS256'})}.{payload}.{signature}", (payload[3:], signature))


def two_parts(name, prefix, first, between, second):
    parts = drawn(ALPHANUMERIC, first), drawn(ALPHANUMERIC, second)
    return Kind(name, prefix + between.join(parts), parts)


def private_key(name, label, block=""):
    lines = [drawn(BASE64, 64) for _ in range(3)]
    text = "\\n".join(
        [f"-----BEGIN {label}PRIVATE KEY{block}-----", *lines, f"-----END {label}PRIVATE KEY{block}-----"]
    )
    return Kind(name, text, tuple(lines))


KINDS = [
    kind("anthropic api", "sk-ant-api03-", WORD + "-", 95),
    kind("anthropic oauth", "sk-ant-oat01-", WORD + "-", 95),
    kind("openai project", "sk-proj-", WORD + "-", 120),
    kind("openai service account", "sk-svcacct-", WORD, 60),
    kind("openai legacy", "sk-", ALPHANUMERIC, 48),
    kind("openrouter", "sk-or-v1-", LOWER_HEX, 64),
    kind("google api", "AIza", WORD + "-", 35),
    kind("google api, new", "AQ.", WORD + "-", 50),
    kind("google access", "ya29.", WORD + "-", 120),
    kind("google refresh", "1//0", WORD + "-", 60),
    kind("google client secret", "GOCSPX-", WORD + "-", 28),
    kind("github personal", "ghp_", ALPHANUMERIC, 36),
    kind("github oauth", "gho_", ALPHANUMERIC, 36),
    kind("github server", "ghs_", ALPHANUMERIC, 36),
    two_parts("github fine-grained", "github_pat_", 22, "_", 59),
    kind("gitlab", "glpat-", WORD + "-", 20),
    two_parts("slack bot", "xoxb-1234567890-", 12, "-", 24),
    two_parts("slack user", "xoxp-1234567890-", 12, "-", 24),
    two_parts("slack webhook", "https://hooks.slack.com/services/T00000000/", 11, "/", 24),
    upper("aws key", "AKIA", 16),
    upper("aws temporary key", "ASIA", 16),
    kind("aws session", "IQoJb3JpZ2luX2VjE", BASE64, 300, "=="),
    kind("hugging face", "hf_", ALPHANUMERIC, 34),
    kind("groq", "gsk_", ALPHANUMERIC, 52),
    kind("perplexity", "pplx-", ALPHANUMERIC, 48),
    kind("replicate", "r8_", ALPHANUMERIC, 37),
    kind("xai", "xai-", ALPHANUMERIC, 80),
    kind("nvidia", "nvapi-", WORD + "-", 64),
    kind("cerebras", "csk-", ALPHANUMERIC, 48),
    kind("npm", "npm_", ALPHANUMERIC, 36),
    kind("pypi", "pypi-AgEIcHlwaS5vcmc", WORD + "-", 150),
    two_parts("sendgrid", "SG.", 22, ".", 43),
    kind("stripe secret", "sk_live_", ALPHANUMERIC, 24),
    kind("stripe restricted", "rk_live_", ALPHANUMERIC, 24),
    kind("stripe webhook", "whsec_", ALPHANUMERIC, 32),
    hexadecimal("twilio", "SK", 32),
    kind("vault", "hvs.", WORD, 90),
    kind("bedrock", "ABSK", BASE64, 100, "="),
    kind("bedrock, short-lived", "bedrock-api-key-", BASE64, 120),
    hexadecimal("databricks", "dapi", 32),
    kind("vercel gateway", "vck_", ALPHANUMERIC, 40),
    kind("openai ephemeral", "ek_", ALPHANUMERIC, 32),
    kind("openai session", "sess-", ALPHANUMERIC, 40),
    hexadecimal("langsmith", "lsv2_pt_", 40),
    kind("pinecone", "pcsk_", WORD, 60),
    kind("tavily", "tvly-", ALPHANUMERIC, 32),
    hexadecimal("supabase", "sbp_", 40),
    kind("supabase secret", "sb_secret_", WORD, 31),
    kind("linear", "lin_api_", ALPHANUMERIC, 40),
    kind("notion", "ntn_", ALPHANUMERIC, 46),
    kind("notion, older", "secret_", ALPHANUMERIC, 43),
    hexadecimal("digitalocean", "dop_v1_", 64),
    kind("doppler", "dp.pt.", ALPHANUMERIC, 43),
    hexadecimal("sentry", "sntryu_", 64),
    kind("telegram bot", "123456789:AA", WORD, 33),
    kind("opaque bearer", "Bearer ", WORD + "-.~", 43),
    web_token(),
    private_key("pkcs8", ""),
    private_key("rsa", "RSA "),
    private_key("openpgp", "PGP ", " BLOCK"),
]

NAMELESS = [
    hexadecimal("azure openai", "", 32),
    kind("aws secret access key", "", BASE64, 40),
    kind("cohere", "", ALPHANUMERIC, 40),
    hexadecimal("twilio auth", "", 32),
    kind("password", "", WORD + "!$", 20),
]


def leaks(content, kinds=None):
    """The names of the secrets of which something stands in some bytes."""
    text = content if isinstance(content, str) else content.decode("utf-8", "replace")
    found = KINDS + NAMELESS if kinds is None else kinds
    return [kind.name for kind in found if any(part in text for part in kind.parts())]
