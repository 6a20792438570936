"""The messages that the live server sends, whole: each scenario's, whatever the dialect."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """A tool call: the function's name, and its arguments as the model wrote them, in JSON."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Message:
    """What a client should have in hand when a stream has come to its end."""

    text: str
    thinking: str = ""
    signature: str = ""
    tool: Tool | None = None


TEXT = """A tape deck pulls the tape past its heads at one steady speed. The capstan, a polished
steel shaft, does that work: a rubber roller presses the tape against it, and as it turns, the tape
follows. The reels only keep the slack away. If the capstan wavers, you hear it at once: slow wavering is
called wow, and fast wavering is called flutter. Time is a part of the recording, just as the sound is."""

SCENARIOS = {
    "text": Message(text=TEXT),
    "tool": Message(
        text="""I will look up the weather in Zürich for you, and as you asked for the whole week, I will
take the hourly forecast with it, in metric units.""",
        tool=Tool(
            name="get_weather",
            arguments='{"location": "Zürich, Switzerland", "unit": "celsius", '
            '"days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "hourly": true, '
            '"note": "quotes \\" and backslashes \\\\ survive"}',
        ),
    ),
    "thinking": Message(
        thinking="""The question is how many seconds a C90 cassette plays. C90 means ninety minutes in
all, forty-five on each side. Ninety minutes of sixty seconds each are five thousand and four hundred
seconds. I should mention the sides.""",
        signature="EqQBCkYIBxgCKkBz0nZ4cJ7sWq3mUe1vXb8yRk2hTfLpD9oGwVtCiNxA5uQjE6lMrYdHgBzKsPaFe7wOi4SnRvXc1TqU8LmJ"
        "Egx3b2JrTnVyWmRQa1UaDGdLc0ZhVmJYcEpIZSIwY0R1bVdxT3RpQnlLbG5Nc1hhRnZQZ0pyVHpoU2VDb1l1R3dOZEk5eDc9"
        "KhQ1bXlBZ2hVdkxyZVFqVGtXb0JzGAE=",
        text="""A C90 cassette plays for 5,400 seconds: ninety minutes, of which each side holds
forty-five, or 2,700 seconds.""",
    ),
    "multibyte": Message(
        text="""Café au lait ☕️, naïve façade, Zürich, smörgåsbord. 日本語の文字は三バイトです。 録音と再生。
中文字符也是三个字节。 한국어도 마찬가지입니다. Emoji take four: 🎧 🎙️ 📼 🎛️ 🔁 👩🏽‍🚀 👨‍👩‍👧‍👦 🏳️‍🌈 🇨🇭.
Combining marks: e\u0301 a\u030a o\u0308 n\u0303 Z\u0351\u036b\u0343. العربية, עברית, ไทย हिन्दी.
Mathematics: ∀x∈ℝ: ⌈x⌉ = −⌊−x⌋, 𝛼 ≠ 𝛽, 𝔘𝔫𝔦𝔠𝔬𝔡𝔢. The end — “quoted” …"""
    ),
    "overloaded": Message(text=TEXT),
    "cut": Message(text=TEXT),
}
"""The message of each scenario. `overloaded` refuses once before it; `cut` never comes to its end."""
