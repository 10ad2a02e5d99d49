# Single files, as the pages about edits and evidence name them.
source "$PROJECT/scripts/doc-scenes/sample.sh"
mkdir -p apps
printf 'image:\n  tag: "1.9"\nenv:\n  - name: LOG\n    value: info\n' > values.yaml
printf 'kind: Kustomization\nimages:\n  - name: registry.example/web\n    newTag: "1.9"\n' > kustomization.yaml
cat > deployment.yaml <<'END'
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          image: registry.example/web:1.9
END
printf 'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  source:\n    repoURL: https://git.example/web\n    path: .\n    targetRevision: v1.9\n' > apps/web.yaml
printf '<testsuite tests="2" failures="0"><testcase name="a"/><testcase name="b"/></testsuite>' > results.xml
cp results.xml it.xml
cp results.xml shard.xml
printf '<coverage line-rate="0.914" lines-valid="1000" lines-covered="914"/>' > coverage.xml
printf '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "scan"}}, "results": []}]}' > scan.sarif
export INDEX=1 TOTAL=2
gradus release create checkout 1.4.2 --actor ci >/dev/null 2>&1
