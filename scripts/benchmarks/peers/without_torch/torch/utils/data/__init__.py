from .dataset import IterableDataset as IterableDataset


def get_worker_info():
    return None
