"""What goes wrong with a deck."""


class DeckError(RuntimeError):
    """A deck could not be started or asked; the text is what the program itself said, where it said something."""
