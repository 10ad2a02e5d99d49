#!/usr/bin/env bash
# The way of a CI job: a shallow clone of its own, sed, commit, push.
#
#   shallow.sh URL FOLDER GROUP SERVICE VERSION      FOLDER is made, and removed again
set -euo pipefail
url=$1 folder=$2 group=$3 service=$4 version=$5
git clone -q --depth 1 "$url" "$folder"
cd "$folder"
overlay=environments/dev/$group/$service/kustomization.yaml
application=environments/dev/applications/$group/$service.yaml
sed -i "s/newTag: \"[^\"]*\"/newTag: \"$version\"/" "$overlay"
sed -i "s/targetRevision: .*/targetRevision: $version/" "$application"
git commit -q -a -m "feat: promote $service to dev"
git push -q origin HEAD:main
cd /
rm -rf "$folder"
