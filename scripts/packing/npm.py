"""The npm packages: tapedeck, and the program for one platform, as `npm pack` would make them."""

import json

from packing.archives import tar_gz, tree
from packing.commit import ROOT, copied

SOURCE = ROOT / "packages" / "npm"
SCOPE = "@tapedeck/"
# What npm packs whatever a package says.
ALWAYS = ("package.json", "README.md", "LICENSE")


def npm(packing):
    """Writes both tarballs."""
    return [cli(packing), library(packing)]


def cli(packing):
    """The program, in a package that npm installs on its platform only."""
    system, machine = packing.platform.npm.split("-")
    folder = copied(SOURCE / "cli", packing.work / "npm-cli")
    manifest = read(folder)
    manifest |= {
        "name": f"{SCOPE}cli-{packing.platform.npm}",
        "version": packing.version,
        "description": f"The program of the package tapedeck, for {system} {machine}",
        "os": [system],
        "cpu": [machine],
        "files": ["bin/tapedeck", "THIRD-PARTY-NOTICES"],
    }
    if packing.platform.is_linux:
        manifest["libc"] = ["glibc"]
    else:
        manifest.pop("libc", None)
    (folder / "bin").mkdir(exist_ok=True)
    program = folder / "bin" / "tapedeck"
    program.write_bytes(packing.program.read_bytes())
    program.chmod(0o755)
    (folder / "THIRD-PARTY-NOTICES").write_text(packing.notices, encoding="utf-8")
    return packed(folder, manifest, packing)


def library(packing):
    """The package that people name; it finds the program in the other one."""
    folder = copied(SOURCE / "tapedeck", packing.work / "npm-tapedeck")
    manifest = read(folder) | {"version": packing.version}
    optional = manifest.get("optionalDependencies", {})
    manifest["optionalDependencies"] = {
        name: packing.version if name.startswith(SCOPE) else range for name, range in optional.items()
    }
    manifest["files"] = [*manifest["files"], "llms.txt"]
    (folder / "llms.txt").write_bytes((ROOT / "llms.txt").read_bytes())
    return packed(folder, manifest, packing)


def read(folder):
    return json.loads((folder / "package.json").read_text(encoding="utf-8"))


def packed(folder, manifest, packing):
    """Writes the tarball of a folder: the files that its manifest lists, below `package`."""
    (folder / "package.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    (folder / "LICENSE").write_bytes((ROOT / "LICENSE").read_bytes())
    listed = [*ALWAYS, *(name.removeprefix("./").rstrip("/") for name in manifest["files"])]
    entries = [
        entry
        for entry in tree(folder, "package")
        if any((entry[0] + "/").startswith(f"package/{name}/") for name in listed)
    ]
    name = manifest["name"].removeprefix("@").replace("/", "-")
    return packing.write(f"{name}-{packing.version}.tgz", tar_gz(entries, packing.epoch))
