"""Judges edits with PyYAML's parser, which shares no code with the one that made them.

Reads a file of JSON lines {before, after, document, path, value} and prints one line for each: "ok", or what is wrong.
The parse of `after` must be the parse of `before` with the text at `path` replaced, and must read it as a string if
`string` says so.
"""
import json
import sys

import yaml


class Loader(yaml.SafeLoader):
    """The pure Python loader: yaml.CSafeLoader would be libyaml again."""


def tree(node, seen):
    """A node as plain lists, with tags; a node that several aliases share is one object in all of them."""
    if id(node) in seen:
        return seen[id(node)]
    if isinstance(node, yaml.ScalarNode):
        made = ["scalar", node.tag, node.value]
    elif isinstance(node, yaml.SequenceNode):
        made = ["sequence", node.tag, [tree(item, seen) for item in node.value]]
    else:
        made = ["mapping", node.tag, [[tree(key, seen), tree(value, seen)] for key, value in node.value]]
    seen[id(node)] = made
    return made


def documents(text):
    return [tree(node, {}) for node in yaml.compose_all(text, Loader=Loader) if node is not None]


def find(made, path):
    for step in path:
        if isinstance(step, int):
            made = made[2][step]
        else:
            made = next(value for key, value in made[2] if key[2] == step)
    return made


def judge(case):
    before = documents(case["before"])
    after = documents(case["after"])
    target = find(before[case["document"]], case["path"])
    found = find(after[case["document"]], case["path"])
    if found[2] != case["value"]:
        return "reads %r" % (found[2],)
    if case["string"] and found[1] in ("tag:yaml.org,2002:" + name for name in ("int", "float", "bool", "null", "timestamp")):
        return "is no string but %s" % found[1]
    target[1], target[2] = found[1], found[2]
    return "ok" if before == after else "something else changed"


for line in open(sys.argv[1], encoding="utf-8"):
    try:
        print(judge(json.loads(line)))
    except yaml.YAMLError as error:
        print("cannot be parsed: %s" % str(error).replace("\n", " "))
    except (StopIteration, IndexError, KeyError, TypeError) as error:
        print("has no such place: %r" % error)
