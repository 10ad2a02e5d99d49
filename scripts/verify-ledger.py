#!/usr/bin/env python3
"""Verifies a ledger from the output of git alone, by the format of docs/ledger.md. Needs no gradus and no package.

usage: verify-ledger.py REPOSITORY [--since-checkpoint FILE] [--refs PREFIX]

Checks the hash chain, numbers, trailers, parents, links between segments, that every checkpoint is the tree that its record
names, and that deploy commits exist. Does not fold states again and does not read YAML: `gradus audit verify` does.
"""
import argparse
import hashlib
import json
import re
import subprocess
import sys


class Fault(Exception):
    pass


def git(repository, *arguments, text=None):
    done = subprocess.run(["git", "-C", repository, *arguments], input=text, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def commits(repository, ref):
    """Id, tree, parents and message of each commit of a segment, oldest first."""
    ids = git(repository, "rev-list", "--reverse", "--first-parent", ref).split()
    stream = git(repository, "cat-file", "--batch", text=b"\n".join(ids) + b"\n")
    position = 0
    for _ in ids:
        end = stream.index(b"\n", position)
        name, kind, size = stream[position:end].split()
        content = stream[end + 1:end + 1 + int(size)]
        position = end + 2 + int(size)
        head, _, message = content.partition(b"\n\n")
        lines = head.decode(errors="replace").split("\n")
        tree = lines[0].split()[1]
        parents = [line.split()[1] for line in lines if line.startswith("parent ")]
        yield name.decode(), tree, parents, message.decode()


def check(record, body, message, state, name, tree, parents, number):
    if hashlib.sha256((state["hash"] + body).encode()).hexdigest() != trailer(message, "Gradus-Hash"):
        raise Fault("its hash is not that of its content after the record before it")
    if record["seq"] != state["seq"] + 1:
        raise Fault(f"it has number {record['seq']}")
    if trailer(message, "Gradus-Seq") != str(record["seq"]) or trailer(message, "Gradus-Record") != record["type"]:
        raise Fault("its trailers are not the record's")
    # RFC 8785 on texts, whole numbers, booleans, lists and maps: sorted keys, no space, shortest escapes.
    if json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False) != body:
        raise Fault("it is not canonical JSON")
    if state["new_segment"]:
        link = record.get("previous") or {}
        expected = (state["commit"], state["hash"], state["seq"]) if state["commit"] else (None, None, None)
        if parents or record["type"] != "segment.opened" or record["segment"] != number:
            raise Fault("a segment does not begin with its opening")
        if (link.get("commit"), link.get("hash"), link.get("seq")) != expected:
            raise Fault("it does not link to the end of the segment before")
        if state["commit"] and state["type"] != "segment.sealed":
            raise Fault("the segment before is not sealed")
    elif parents != [state["commit"]]:
        raise Fault("its parent is not the record before it")
    mark = record.get("checkpoint")
    if mark and (mark["digest"] != tree or mark["seq"] != state["seq"]):
        raise Fault("its tree is not the checkpoint that it names")
    if not mark and tree != state["tree"]:
        raise Fault("its tree changed without a checkpoint")


def trailer(message, name):
    found = [line[len(name) + 2:] for line in message.rstrip("\n").split("\n\n")[-1].split("\n") if line.startswith(name + ": ")]
    return found[-1] if found else None


def main():
    parser = argparse.ArgumentParser(description="verifies a ledger of gradus with git and nothing else")
    parser.add_argument("repository")
    parser.add_argument("--since-checkpoint", metavar="FILE")
    parser.add_argument("--refs", default="refs/heads/gradus/ledger/", metavar="PREFIX")
    options = parser.parse_args()
    saved = None
    if options.since_checkpoint:
        with open(options.since_checkpoint, encoding="utf-8") as file:
            document = json.load(file)
        saved = document.get("chain_head", document)

    refs = git(options.repository, "for-each-ref", "--format=%(refname)", options.refs).decode().split()
    state = {"hash": "0" * 64, "seq": 0, "commit": None, "tree": None, "type": None, "new_segment": True}
    deliveries = []
    for number, ref in enumerate(sorted(refs), 1):
        if not re.fullmatch(re.escape(options.refs) + f"{number:06d}", ref):
            sys.exit(f"{ref} is not segment {number}")
        state["new_segment"] = True
        for name, tree, parents, message in commits(options.repository, ref):
            try:
                body = message.split("\n")[2]
                record = json.loads(body)
                check(record, body, message, state, name, tree, parents, number)
                claimed = trailer(message, "Gradus-Hash")
                if saved and saved["seq"] == record["seq"] and saved["hash"] != claimed:
                    raise Fault("the saved checkpoint names another hash: this or an earlier record was written anew")
            except (Fault, KeyError, IndexError, TypeError, ValueError) as fault:
                sys.exit(f"record {state['seq'] + 1} (commit {name} of {ref}): {fault}")
            if record["type"] == "delivered":
                deliveries.append((record["seq"], record["commit"]))
            state = {"hash": claimed, "seq": record["seq"], "commit": name, "tree": tree, "type": record["type"], "new_segment": False}
    if not state["seq"]:
        sys.exit(f"{options.repository} has no ledger below {options.refs}")
    if saved and saved["seq"] > state["seq"]:
        sys.exit(f"the ledger ends with record {state['seq']}, but the saved checkpoint names record {saved['seq']}: its end was cut off")

    wanted = sorted({commit for _, commit in deliveries})
    stream = git(options.repository, "cat-file", "--batch-check", text="\n".join(wanted).encode() + b"\n").decode().split("\n") if wanted else []
    missing = {line.split()[0] for line in stream if line.endswith(" missing")}
    for seq, commit in deliveries:
        if commit in missing:
            sys.exit(f"record {seq}: its deploy commit {commit} does not exist")
    print(f"{state['seq']} records in {len(refs)} segments, {len(deliveries)} deploy commits, the chain ends in {state['hash']}")


if __name__ == "__main__":
    main()
