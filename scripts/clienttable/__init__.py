"""What the real Python SDKs do with each fault: the matrix, the calls, what they did, and the page of it."""
