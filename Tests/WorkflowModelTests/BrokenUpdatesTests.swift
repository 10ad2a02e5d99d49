import Testing

/// Faults of updates: kinds, paths, placeholders and fields written twice.
@Suite struct BrokenUpdatesTests {
    @Test(arguments: [
        BrokenFile(
            "no kind", Fixtures.workflow(inStage: "updates:\n  - {image: web}"),
            [
                "flow.yaml:8:9: error: an update needs one of `kustomization`, `application`, `application_set`, `helm_values`, `chart`, `manifest`, `flux`, `yaml`, `json`, `copy`, `template`",
            ]),
        BrokenFile(
            "two kinds", Fixtures.workflow(inStage: "updates:\n  - {kustomization: a.yaml, yaml: a.yaml, image: web, set: {a: b}}"),
            [
                "flow.yaml:8:33: error: an update is of one kind, not both `kustomization` and `yaml`",
            ]),
        BrokenFile(
            "kustomization without image", Fixtures.workflow(inStage: "updates:\n  - {kustomization: a.yaml}"),
            [
                "flow.yaml:8:9: error: an update needs `image` [the `name` of the entry under the kustomization's `images`]",
            ]),
        BrokenFile(
            "application without a field", Fixtures.workflow(inStage: "updates:\n  - {application: a.yaml}"),
            [
                "flow.yaml:8:9: error: an `application` update needs `target_revision`, `helm_parameters`, `helm_values` or `kustomize_images`",
            ]),
        BrokenFile(
            "application with an empty source", Fixtures.workflow(inStage: "updates:\n  - {application: a.yaml, target_revision: \"{version}\", source: {}}"),
            [
                "flow.yaml:8:69: error: `source` needs one of `repo_url`, `chart`, `name`, `index`",
            ]),
        BrokenFile(
            "application with a bad index", Fixtures.workflow(inStage: "updates:\n  - {application: a.yaml, target_revision: \"{version}\", source: {index: -1}}"),
            [
                "flow.yaml:8:77: error: `index` must be a whole number from 0, not `-1`",
            ]),
        BrokenFile(
            "yaml without set", Fixtures.workflow(inStage: "updates:\n  - {yaml: a.yaml}"),
            [
                "flow.yaml:8:9: error: this update needs `set`, a map of paths and texts",
            ]),
        BrokenFile(
            "set that is no map", Fixtures.workflow(inStage: "updates:\n  - {yaml: a.yaml, set: [a]}"),
            [
                "flow.yaml:8:29: error: `set` must be a map of paths and texts, not a list",
            ]),
        BrokenFile(
            "set with a list", Fixtures.workflow(inStage: "updates:\n  - {yaml: a.yaml, set: {a: [b]}}"),
            [
                "flow.yaml:8:33: error: `a` must be text, not a list",
            ]),
        BrokenFile(
            "set with a bad path", Fixtures.workflow(inStage: "updates:\n  - {yaml: a.yaml, set: {\"a[\": b}}"),
            [
                "flow.yaml:8:30: error: `a[` is no path: a key is missing",
            ]),
        BrokenFile(
            "misspelled key", Fixtures.workflow(inStage: "updates:\n  - {kustomization: a.yaml, imag: web}"),
            [
                "flow.yaml:8:9: error: an update needs `image` [the `name` of the entry under the kustomization's `images`]",
                "flow.yaml:8:33: error: unknown key `imag` in an update [did you mean `image`?]",
            ]),
        BrokenFile(
            "absolute path", Fixtures.workflow(inStage: "updates:\n  - {kustomization: /a.yaml, image: web}"),
            [
                "flow.yaml:8:25: error: the path `/a.yaml` must be relative to the repository",
            ]),
        BrokenFile(
            "path that leaves", Fixtures.workflow(inStage: "updates:\n  - {kustomization: a/../../b.yaml, image: web}"),
            [
                "flow.yaml:8:25: error: the path `a/../../b.yaml` must not leave its folder by `..`",
            ]),
        BrokenFile(
            "path into .git", Fixtures.workflow(inStage: "updates:\n  - {kustomization: .git/config, image: web}"),
            [
                "flow.yaml:8:25: error: the path `.git/config` must not enter `.git`",
            ]),
        BrokenFile(
            "unknown placeholder", Fixtures.workflow(inStage: "updates:\n  - {kustomization: \"{servce}.yaml\", image: web}"),
            [
                "flow.yaml:8:25: error: unknown placeholder `{servce}` [did you mean `{service}`?]",
            ]),
        BrokenFile(
            "unclosed placeholder", Fixtures.workflow(inStage: "updates:\n  - {kustomization: a.yaml, image: \"{service\"}"),
            [
                "flow.yaml:8:40: error: `{` without `}` in `{service`",
            ]),
        BrokenFile(
            "variable of another service", Fixtures.workflow(inStage: "updates:\n  - {kustomization: \"{service}.yaml\", image: \"{chart}\"}").replacing("[web]", with: "[web, {name: api, vars: {chart: shop}}]").replacing("{environment}/", with: "{environment}/{service}/"),
            [
                "flow.yaml:8:50: error: service `web` has no variable `chart` for the placeholder `{chart}`",
            ]),
        BrokenFile(
            "variable that leaves", Fixtures.workflow(inStage: "updates:\n  - {kustomization: \"{dir}/a.yaml\", image: web}").replacing("[web]", with: "[{name: web, vars: {dir: ..}}]"),
            [
                "flow.yaml:8:25: error: the path `../a.yaml`, expanded for service `web`, must not leave its folder by `..`",
            ]),
        BrokenFile(
            "variable that hides a placeholder", Fixtures.workflow(adding: "").replacing("[web]", with: "[{name: web, vars: {version: \"1\"}}]"),
            [
                "flow.yaml:3:31: error: the variable `version` would hide a placeholder of that name",
            ]),
        BrokenFile(
            "filters that name nothing", Fixtures.workflow(inStage: "updates:\n  - {kustomization: a.yaml, image: web, stages: [prd], for: [wbe, tier=1]}"),
            [
                "flow.yaml:8:54: error: unknown stage `prd` [did you mean `prod`?]",
                "flow.yaml:8:66: error: unknown service `wbe` [did you mean `web`?]",
                "flow.yaml:8:71: warning: no service has the label `tier=1`",
            ]),
        BrokenFile(
            "same field twice", Fixtures.workflow(inStage: "updates:\n  - {kustomization: a.yaml, image: web}\n  - {yaml: a.yaml, set: {\"images[name=web]\": x}}"),
            [
                "flow.yaml:9:30: error: `images[name=web]` of `a.yaml` is written twice in stage `dev`, first in line 8",
            ]),
        BrokenFile(
            "same field for two services", Fixtures.workflow(adding: "").replacing("[web]", with: "[web, api]"),
            [
                "flow.yaml:4:70: error: `images[name=web]` of `environments/dev/kustomization.yaml` is written for service `web` and for service `api` in stage `dev`",
            ]),
        BrokenFile(
            "same field in two stages", Fixtures.workflow(adding: "").replacing("{environment}/", with: ""),
            [
                "flow.yaml:4:56: warning: `images[name=web]` of `kustomization.yaml` is written in stage `dev` and in stage `prod`",
            ]),
        BrokenFile(
            "no update for a stage", "apiVersion: gradus/v1\nworkflow: shop\nservices: [web]\nstages: [{name: dev}]\n",
            [
                "flow.yaml:4:17: warning: no update applies in stage `dev`, so promotions into it are refused [`record_only: true` allows promotions that change nothing]",
            ]),
    ])
    func reportsEveryFaultAtItsPlace(broken: BrokenFile) {
        #expect(Fixtures.lines(Fixtures.read(broken.files).diagnostics) == broken.lines)
    }
}
