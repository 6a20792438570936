"""Follows a Dockerfile in a Debian system: as much of its language as this project's file has."""

import json
import re
import shlex
import shutil
from dataclasses import dataclass, field

MOUNT = re.compile(r"--mount=type=bind,target=(\S+)\s+")


@dataclass
class Image:
    """A system in which the instructions were followed, and how a container of it starts."""

    system: object
    base: str = ""
    env: dict = field(default_factory=dict)
    user: str = "root"
    folder: str = "/"
    ports: list = field(default_factory=list)
    health: list = field(default_factory=list)
    entry: list = field(default_factory=list)
    command: list = field(default_factory=list)

    def words(self, *command):
        """What a container runs: the entry point with these arguments, or with those of the image."""
        return [*self.entry, *(command or self.command)]

    def settings(self, **env):
        """The environment, user and folder of a container, which may be given more variables."""
        return {"env": {**self.env, **env}, "user": self.user, "folder": self.folder}


def built(path, context, system):
    """Follows the instructions of a Dockerfile in a system, with a folder as the context."""
    image = Image(system)
    for word, rest in instructions(path.read_text(encoding="utf-8")):
        FOLLOW[word](image, rest, context)
    return image


def instructions(text):
    """The instructions as pairs of word and arguments, without comments and with lines joined."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    joined = re.sub(r"\\\n\s*", "", lines)
    return [line.strip().split(None, 1) for line in joined.splitlines() if line.strip()]


def run(image, rest, context):
    mounted = MOUNT.match(rest)
    command = rest[mounted.end() :] if mounted else rest
    if mounted:
        place = image.system.root / mounted[1].lstrip("/")
        shutil.copytree(context, place)
    image.system.does("sh", "-c", command, **image.settings())
    if mounted:
        shutil.rmtree(place)


def set_variables(image, rest, _):
    image.env.update(pair.split("=", 1) for pair in shlex.split(rest))


def set_user(image, rest, _):
    # A user by number has the group of that number's line in /etc/passwd.
    image.user = image.system.does("id", "-u", rest).strip() + ":" + image.system.does("id", "-g", rest).strip()


def set_folder(image, rest, _):
    (image.system.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
    image.folder = rest


def set_health(image, rest, _):
    image.health = json.loads(rest[rest.index("[") :])


FOLLOW = {
    "FROM": lambda image, rest, _: setattr(image, "base", rest),
    "RUN": run,
    "ENV": set_variables,
    "USER": set_user,
    "WORKDIR": set_folder,
    "EXPOSE": lambda image, rest, _: image.ports.append(rest),
    "HEALTHCHECK": set_health,
    "ENTRYPOINT": lambda image, rest, _: setattr(image, "entry", json.loads(rest)),
    "CMD": lambda image, rest, _: setattr(image, "command", json.loads(rest)),
}
