"""What the live server says, as pure functions: messages, dialects and times, and no input or output."""
