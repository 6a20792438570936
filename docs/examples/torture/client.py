import anthropic

client = anthropic.Anthropic()
messages = [{"role": "user", "content": "Hi"}]
with client.messages.stream(model="claude-haiku-4-5", max_tokens=99, messages=messages) as stream:
    for text in stream.text_stream:
        print(text, end="", flush=True)
