import anthropic
import tapedeck

MESSAGES = [{"role": "user", "content": "Hi"}]


def client(base_url):
    """Yields the answer; what it raises is a failure that it reports."""
    anthropic_client = anthropic.Anthropic(base_url=base_url)
    with anthropic_client.messages.stream(model="claude-haiku-4-5", max_tokens=99, messages=MESSAGES) as stream:
        yield from stream.text_stream
        return stream.get_final_message().stop_reason


report = tapedeck.torture(client, sample=True, case="anthropic-text/cut/end/*")
print(report)
