import typing

T = typing.TypeVar("T")


class DataLoader(typing.Generic[T]):
    def __init__(self, dataset, collate_fn, **options):
        self.dataset, self.collate_fn = dataset, collate_fn

    def __iter__(self):
        return (self.collate_fn([item]) for item in self.dataset)
