"""A client as any other: it knows of no deck."""

import anthropic


def ask(question):
    """The whole answer to a question."""
    with anthropic.Anthropic().messages.stream(
        model="claude-haiku-4-5",
        max_tokens=1024,
        messages=[{"role": "user", "content": question}],
    ) as stream:
        return stream.get_final_text()
