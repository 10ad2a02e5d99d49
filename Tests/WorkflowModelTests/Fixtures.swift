import WorkflowModel
import YAMLEdit

/// Files as text, read as if they stood in `workflows/`.
enum Fixtures {
    static func read(_ files: [String: String], isComplete: Bool = true) -> (rules: Rules, diagnostics: [Diagnostic]) {
        RulesReader.read(
            files.map { RuleFile(path: "workflows/\($0.key)", bytes: Array($0.value.utf8), blobID: "blob-\($0.key)") },
            isComplete: isComplete)
    }

    /// The first line of every diagnostic, with its hint in brackets, and without the folder.
    static func lines(_ diagnostics: [Diagnostic]) -> [String] {
        diagnostics.map { diagnostic in
            let place = diagnostic.position.map { ":\($0.line):\($0.column)" } ?? ""
            let name = diagnostic.path.dropFirst("workflows/".count)
            let hint = diagnostic.hint.map { " [\($0)]" } ?? ""
            return "\(name)\(place): \(diagnostic.severity.rawValue): \(diagnostic.message)\(hint)"
        }
    }

    static let groups = "groups:\n  platform-team: [olga, pavel]\n  cab: [carla]\n"

    /// A workflow in the full form whose stages are given, with one update for all of them.
    ///
    /// The stages begin in line 5.
    static func workflow(_ stages: String) -> String {
        """
        apiVersion: gradus/v1
        workflow: shop
        services: [web]
        updates: [{kustomization: "{environment}/kustomization.yaml", image: web}]
        \(stages)
        """ + "\n"
    }

    /// The workflow with more keys at its end, of the last stage when indented by 4, which then begin in line 8.
    static func workflow(adding keys: String) -> String {
        workflow("stages:\n  - {name: dev, next_stage: prod}\n  - name: prod\n\(keys)")
    }

    /// The workflow with one first stage and more keys in it, which then begin in line 7.
    static func workflow(inStage keys: String) -> String {
        workflow("stages:\n  - name: dev\n" + indented(keys, by: 4) + "\n    next_stage: prod\n  - {name: prod}")
    }

    static func indented(_ text: String, by count: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String(repeating: " ", count: count) + $0 }.joined(separator: "\n")
    }

    /// The workflow of the seed document, as it stands there.
    static let seed = """
        stages:
          - name: development
            auto_promote: true
            promotion_criteria:
              - test_pass_rate: 100
              - code_coverage: 80
              - security_scan: pass
            next_stage: staging
            
          - name: staging
            auto_promote: true
            promotion_criteria:
              - smoke_tests: pass
              - performance_baseline: met
              - integration_tests: pass
              - soak_duration: 24h
            next_stage: production
            approval_required: false
            
          - name: production
            auto_promote: false
            promotion_criteria:
              - staging_stable: 48h
              - change_advisory: approved
              - runbook_updated: true
            approval_required: true
            approvers:
              - platform-team
              - service-owner
        """ + "\n"

    static func configMap(_ workflow: String) -> String {
        """
        # Promotion Pipeline ConfigMap
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: promotion-workflow
          namespace: argocd
        data:
          workflow.yaml: |
        """ + "\n" + indented(workflow, by: 4) + "\n"
    }
}

extension String {
    /// Every occurrence of `text` replaced, for turning a good file into a broken one.
    func replacing(_ text: String, with other: String) -> String {
        var result = ""
        var rest = self[...]
        while let found = rest.firstRange(of: text) {
            result += rest[..<found.lowerBound] + other
            rest = rest[found.upperBound...]
        }
        return result + rest
    }
}
