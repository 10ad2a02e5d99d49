#!/usr/bin/env bash
# The way of a shell script: git commands and sed in a clone that is there already.
#
#   promote.sh CLONE GROUP SERVICE VERSION
set -euo pipefail
cd "$1"
group=$2 service=$3 version=$4
branch=promote-$service-to-dev-$version

git checkout -q main
git pull -q origin main
git checkout -q -b "$branch"

overlay=environments/dev/$group/$service/kustomization.yaml
application=environments/dev/applications/$group/$service.yaml
sed -i.bak "s/newTag: \"[^\"]*\"/newTag: \"$version\"/" "$overlay"
sed -i.bak "s/targetRevision: .*/targetRevision: $version/" "$application"
rm -f "$overlay.bak" "$application.bak"

git add "$overlay" "$application"
git commit -q -m "feat: promote $service to dev

Version: $version
Timestamp: $(date -u +%Y-%m-%dT%H:%M:%SZ)"
git push -q origin "$branch:main"
