#!/usr/bin/env python3
"""Writes a bare monorepo for the benchmarks: services x 4 stages x (kustomization, Application, base).

    generate.py OUT.git --services 1000 --folder 1000 --commits 1

`--folder` is how many services share a folder; `--commits` how long the history of the target branch is. The content is a
function of these numbers alone, so two runs write the same commits.
"""
import argparse
import subprocess
import sys

STAGES = ["dev", "qa", "staging", "prod"]

WORKFLOW = """\
apiVersion: gradus/v1
workflow: fleet
services: {from: "environments/dev/{group}/{service}/kustomization.yaml"}
updates:
  - kustomization: "{environment}/{group}/{service}/kustomization.yaml"
    image: "registry.example/{service}"
  - application: "{environment}/applications/{group}/{service}.yaml"
    target_revision: "{version}"
stages:
  - {name: dev, next_stage: qa}
  - {name: qa, next_stage: staging}
  - {name: staging, next_stage: prod}
  - {name: prod}
"""

KUSTOMIZATION = """\
# {service} in {stage}
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../../../../base/{stage}/{group}/{service}.yaml
images:
  - name: registry.example/{service}
    newTag: "1.0.0" # written by promotions
"""

APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: {service}-{stage}
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://charts.example/{group}
    chart: {service}
    targetRevision: 1.0.0
  destination:
    server: https://kubernetes.default.svc
    namespace: {stage}
"""

BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {service}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: main
          image: registry.example/{service}
"""


def files(services, folder):
    yield "workflows/fleet.yaml", WORKFLOW
    for number in range(services):
        group, service = f"g{number // folder:03}", f"svc-{number:05}"
        for stage in STAGES:
            names = {"service": service, "stage": stage, "group": group}
            yield f"environments/{stage}/{group}/{service}/kustomization.yaml", KUSTOMIZATION.format(**names)
            yield f"environments/{stage}/applications/{group}/{service}.yaml", APPLICATION.format(**names)
            yield f"base/{stage}/{group}/{service}.yaml", BASE.format(**names)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--folder", type=int, default=1000)
    parser.add_argument("--commits", type=int, default=1)
    given = parser.parse_args()
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", given.out], check=True)
    importer = subprocess.Popen(
        ["git", "-C", given.out, "fast-import", "--quiet", "--depth=10"], stdin=subprocess.PIPE)
    write = importer.stdin.write

    def data(text):
        raw = text.encode()
        write(b"data %d\n%s\n" % (len(raw), raw))

    for number in range(given.commits):
        time = 1_700_000_000 + number * 60
        write(b"commit refs/heads/main\ncommitter Generator <generator@example.com> %d +0000\n" % time)
        data(f"change {number}")
        if number == 0:
            for path, text in files(given.services, given.folder):
                write(f"M 100644 inline {path}\n".encode())
                data(text)
        else:
            # History that changes files that no update names.
            write(f"M 100644 inline notes/{number % 100}.md\n".encode())
            data(f"note {number}\n")
    importer.stdin.close()
    if importer.wait() != 0:
        sys.exit("git fast-import failed")


if __name__ == "__main__":
    main()
