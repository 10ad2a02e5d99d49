"""The way of a Python tool: GitPython for the clone, ruamel.yaml for edits that keep comments.

    promote.py CLONE GROUP SERVICE VERSION
"""
import sys

from git import Repo
from ruamel.yaml import YAML


def edit(path, change):
    yaml = YAML()
    yaml.preserve_quotes = True
    with open(path) as file:
        document = yaml.load(file)
    change(document)
    with open(path, "w") as file:
        yaml.dump(document, file)


def main():
    clone, group, service, version = sys.argv[1:]
    repo = Repo(clone)
    repo.heads.main.checkout()
    repo.remotes.origin.pull("main")
    overlay = f"environments/dev/{group}/{service}/kustomization.yaml"
    application = f"environments/dev/applications/{group}/{service}.yaml"

    def exchange_tag(document):
        for image in document["images"]:
            if image["name"] == f"registry.example/{service}":
                image["newTag"] = version

    def exchange_revision(document):
        document["spec"]["source"]["targetRevision"] = version

    edit(f"{clone}/{overlay}", exchange_tag)
    edit(f"{clone}/{application}", exchange_revision)
    repo.index.add([overlay, application])
    repo.index.commit(f"feat: promote {service} to dev\n\nVersion: {version}\n")
    for result in repo.remotes.origin.push("main"):
        if result.flags & result.ERROR:
            sys.exit(result.summary)


if __name__ == "__main__":
    main()
