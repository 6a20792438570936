"""What guidellm's benchmark uses of torch for prompts of text: torch itself is a gigabyte."""

from . import utils as utils


class Generator:
    def manual_seed(self, seed):
        return self
