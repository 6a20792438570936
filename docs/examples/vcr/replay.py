import json
import urllib.request

import vcr

asked = json.dumps({"model": "claude-haiku-4-5", "stream": True, "messages": []}).encode()
request = urllib.request.Request("https://api.anthropic.com/v1/messages", asked)
played = vcr.use_cassette("answer.yaml", record_mode="none", match_on=["method", "path"])
with played, urllib.request.urlopen(request) as answer:
    print(answer.read().decode())
