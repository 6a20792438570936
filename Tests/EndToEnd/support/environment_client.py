"""A client as a user would write it: base URLs and keys come from the environment alone."""

import sys

import anthropic
import openai
from google import genai

PROMPT = [{"role": "user", "content": "text: How does a tape deck keep its speed?"}]

with anthropic.Anthropic().messages.stream(model="claude-haiku-4-5", max_tokens=1024, messages=PROMPT) as stream:
    sys.stdout.write(stream.get_final_text())

chat = openai.OpenAI().chat.completions.create(
    model="gpt-4o-mini", messages=PROMPT, stream=True, stream_options={"include_usage": True}
)
for chunk in chat:
    sys.stdout.write((chunk.choices[0].delta.content or "") if chunk.choices else "")

with openai.OpenAI().responses.stream(model="gpt-4o-mini", input=PROMPT[0]["content"]) as stream:
    sys.stdout.write(stream.get_final_response().output_text)

# The client closes its connections where nobody holds it any more.
gemini = genai.Client()
for part in gemini.models.generate_content_stream(model="gemini-2.5-flash", contents=PROMPT[0]["content"]):
    sys.stdout.write(part.text or "")
