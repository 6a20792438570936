"""What a command behind `--` sees."""

PRINT_ENVIRONMENT = "import json, os; print(json.dumps(dict(os.environ)))"
KEYS = ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"]
