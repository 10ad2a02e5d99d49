#!/usr/bin/env bash
# How long `gradus validate` takes for many services in four stages, each with a kustomization and an Application.
# GRADUS_BIN names the binary (a release build); SERVICES and ROUNDS may be given.
set -euo pipefail
gradus=$(realpath -- "${GRADUS_BIN:-$(dirname "${BASH_SOURCE[0]}")/../.build/release/gradus}")
services=${SERVICES:-1000} rounds=${ROUNDS:-5}

place=$(mktemp -d "${TMPDIR:-/tmp}/gradus-validate.XXXXXX")
trap 'rm -rf "$place"' EXIT
export HOME=$place/home XDG_CACHE_HOME=$place/cache GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
mkdir -p "$HOME" "$place/work/workflows"
cd "$place/work"

cat >workflows/fleet.yaml <<'END'
apiVersion: gradus/v1
workflow: fleet
services: {from: "environments/dev/{service}/kustomization.yaml"}
updates:
  - kustomization: "{environment}/{service}/kustomization.yaml"
    image: "registry.example/{service}"
  - application: "{environment}/applications/{service}.yaml"
    helm_parameters: {global.imageTag: "{version}"}
stages:
  - {name: dev, auto_promote: true, next_stage: qa}
  - {name: qa, auto_promote: true, next_stage: staging}
  - {name: staging, next_stage: prod}
  - {name: prod, approval_required: true}
END
for stage in dev qa staging prod; do
    mkdir -p "environments/$stage/applications"
    for ((number = 1; number <= services; number++)); do
        name=service-$number
        mkdir "environments/$stage/$name"
        printf 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../base/%s]\nimages:\n  - name: registry.example/%s\n    newTag: 1.0.0\n' \
            "$name" "$name" >"environments/$stage/$name/kustomization.yaml"
        printf 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: %s-%s\nspec:\n  source:\n    repoURL: https://charts.example\n    chart: %s\n    targetRevision: 1.0.0\n    helm:\n      parameters:\n        - name: global.imageTag\n          value: 1.0.0\n' \
            "$name" "$stage" "$name" >"environments/$stage/applications/$name.yaml"
    done
done
git init -q -b main
git add -A
git -c user.name=Bench -c user.email=bench@example.com commit -q -m start
git clone -q --bare . "$place/bare.git"

measure() {
    local label=$1 round start end best=
    shift
    for ((round = 0; round < rounds; round++)); do
        start=$(date +%s%N)
        "$gradus" "$@" >/dev/null
        end=$(date +%s%N)
        if [[ -z $best ]] || ((end - start < best)); then best=$((end - start)); fi
    done
    printf '%-44s %6d ms (best of %d)\n' "$label" $((best / 1000000)) "$rounds"
}

echo "$services services x 4 stages, $((services * 8)) files"
measure 'validate, work tree' validate --repo "$place/work"
measure 'validate, tip of a bare repository' validate --repo "$place/bare.git"
measure 'validate --resolved -o json, work tree' validate --resolved -o json --repo "$place/work"
