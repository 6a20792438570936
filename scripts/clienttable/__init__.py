"""What the real Python SDKs do with each fault: the cases, the calls, what came of it, the page."""
