#!/usr/bin/env python3
"""Cuts published descriptions of forges down to what the tests of `Forges` check requests and answers by.

    scripts/trim-forge-descriptions.py FOLDER

FOLDER holds github.json (OpenAPI 3, from github/rest-api-description), gitea.json (Swagger 2 of Gitea 1.22) and
gitlab/get_merge_request.json (an answer as recorded in the tests of go-gitlab). Kept are the operations that Gradus uses, with names,
types, enumerations and what is required; texts and examples are left out. Writes to Tests/ForgesTests/Descriptions.
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent.parent / "Tests/ForgesTests/Descriptions"
GITHUB = """
GET /repos/{owner}/{repo}/pulls
POST /repos/{owner}/{repo}/pulls
GET /repos/{owner}/{repo}/pulls/{pull_number}
PATCH /repos/{owner}/{repo}/pulls/{pull_number}
PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge
GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews
POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers
GET /repos/{owner}/{repo}/issues/{issue_number}
POST /repos/{owner}/{repo}/issues/{issue_number}/comments
POST /repos/{owner}/{repo}/issues/{issue_number}/labels
POST /repos/{owner}/{repo}/issues/{issue_number}/assignees
GET /repos/{owner}/{repo}/commits/{ref}/status
GET /repos/{owner}/{repo}/commits/{ref}/check-runs
POST /repos/{owner}/{repo}/statuses/{sha}
GET /repos/{owner}/{repo}/branches/{branch}
GET /repos/{owner}/{repo}/deployments
POST /repos/{owner}/{repo}/deployments
GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses
POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses
POST /app/installations/{installation_id}/access_tokens
"""
GITEA = """
GET /repos/{owner}/{repo}/pulls
POST /repos/{owner}/{repo}/pulls
GET /repos/{owner}/{repo}/pulls/{index}
PATCH /repos/{owner}/{repo}/pulls/{index}
POST /repos/{owner}/{repo}/pulls/{index}/merge
GET /repos/{owner}/{repo}/pulls/{index}/reviews
POST /repos/{owner}/{repo}/pulls/{index}/requested_reviewers
POST /repos/{owner}/{repo}/issues/{index}/comments
POST /repos/{owner}/{repo}/issues/{index}/labels
GET /repos/{owner}/{repo}/labels
POST /repos/{owner}/{repo}/labels
GET /repos/{owner}/{repo}/commits/{ref}/status
POST /repos/{owner}/{repo}/statuses/{sha}
GET /repos/{owner}/{repo}/branches/{branch}
"""
DROPPED = {"description", "example", "examples", "summary", "externalDocs", "tags", "default", "title", "operationId", "links"}
KEYS_OF_NAMES = {"properties", "schemas", "responses", "parameters", "paths", "definitions", "headers"}


def bare(node, names=False):
    """Without texts. Below `properties` and the like the keys are names, whatever they read."""
    if isinstance(node, dict):
        return {
            k: bare(v, k in KEYS_OF_NAMES and isinstance(v, dict))
            for k, v in node.items()
            if names or (k not in DROPPED and not k.startswith("x-"))
        }
    return [bare(item) for item in node] if isinstance(node, list) else node


def references(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for item in node:
            yield from references(item)


def trimmed(document, wanted, source):
    result = {"info": {"title": document["info"]["title"], "source": source}, "paths": {}}
    for line in wanted.split("\n"):
        if not line:
            continue
        method, path = line.split(" ")
        item = document["paths"][path]
        operation = {k: v for k, v in bare(item[method.lower()]).items() if k in ("parameters", "requestBody", "responses")}
        shared = bare(item.get("parameters", []))
        if shared:
            operation["parameters"] = shared + operation.get("parameters", [])
        result["paths"].setdefault(path, {})[method.lower()] = operation
    pending = list(references(result))
    done = set()
    while pending:
        reference = pending.pop()
        if reference in done:
            continue
        done.add(reference)
        parts = reference.removeprefix("#/").split("/")
        source_node, target = document, result
        for part in parts[:-1]:
            source_node = source_node[part]
            target = target.setdefault(part, {})
        target[parts[-1]] = bare(source_node[parts[-1]])
        pending += references(target[parts[-1]])
    return result


def kind(value):
    names = {bool: "boolean", int: "integer", str: "string", float: "number", type(None): "null"}
    if isinstance(value, dict):
        return {k: kind(v) for k, v in sorted(value.items())}
    if isinstance(value, list):
        return [kind(value[0])] if value else []
    return names[type(value)]


def write(name, document):
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    (HERE / name).write_text(text + "\n")
    print(f"{name}: {len(text)} bytes")


folder = pathlib.Path(sys.argv[1])
HERE.mkdir(exist_ok=True)
write("github.json", trimmed(json.loads((folder / "github.json").read_text()), GITHUB, "github/rest-api-description"))
write("gitea.json", trimmed(json.loads((folder / "gitea.json").read_text()), GITEA, "Gitea 1.22, templates/swagger"))
recorded = json.loads((folder / "gitlab/get_merge_request.json").read_text())
write("gitlab-merge-request.json", {"source": "xanzy/go-gitlab testdata", "members": kind(recorded)})
