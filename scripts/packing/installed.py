"""What an installed Tapedeck consists of below a prefix like /usr: the archive holds it, and the Debian package too."""

from packing import manual
from packing.archives import tar_gz, tree
from packing.commit import ROOT
from packing.program import said

COMPLETIONS = {
    "bash": "share/bash-completion/completions/tapedeck",
    "zsh": "share/zsh/site-functions/_tapedeck",
    "fish": "share/fish/vendor_completions.d/tapedeck.fish",
}
DOCUMENTS = ["LICENSE", "CHANGELOG.md", "llms.txt"]


def laid_out(packing):
    """Makes the tree, and gives its folder."""
    folder = packing.work / "installed"
    put(folder / "bin" / "tapedeck", packing.program.read_bytes(), 0o755)
    for name, text in manual.pages(packing.program, packing.version, packing.epoch):
        put(folder / "share" / "man" / "man1" / name, text.encode())
    for shell, name in COMPLETIONS.items():
        put(folder / name, said(packing.program, "--generate-completion-script", shell).encode())
    documents = folder / "share" / "doc" / "tapedeck"
    for name in DOCUMENTS:
        put(documents / name, (ROOT / name).read_bytes())
    put(documents / "THIRD-PARTY-NOTICES", packing.notices.encode())
    return folder


def archive(packing):
    """Writes the archive: one folder, so that it can be unpacked anywhere, or below /usr/local without that folder."""
    name = f"tapedeck-{packing.version}-{packing.platform.name}"
    return packing.write(f"{name}.tar.gz", tar_gz(tree(packing.installed, name), packing.epoch))


def put(path, data, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)
