import YAMLEdit

/// Decodes `pull_request` of a stage, or as a workflow's default.
struct PullRequestDecoder {
    let faults: FaultCollector

    /// Nil where the key is left out.
    func policy(of reader: inout MappingReader) -> PullRequestPolicy? {
        guard let node = reader.value("pull_request"), var inner = MappingReader(node, WorkflowSchema.pullRequest, faults) else { return nil }
        let title = inner.text("title")
        let policy = PullRequestPolicy(
            title: title?.text, labels: texts(&inner, "labels"), reviewers: texts(&inner, "reviewers"),
            assignees: texts(&inner, "assignees"), method: inner.choice("merge_method") ?? .merge,
            deployments: inner.bool("deployments") ?? false)
        inner.finish()
        if let title { check(title) }
        return policy
    }

    private func texts(_ reader: inout MappingReader, _ key: String) -> [String] {
        (reader.texts(key) ?? []).map(\.text)
    }

    private func check(_ title: LocatedText) {
        do {
            _ = try PlaceholderTemplate(title.text).expanded { ["service", "version", "stage"].contains($0) ? "" : nil }
        } catch {
            faults.error("`title` may use `{service}`, `{version}` and `{stage}`, not `{\(error.name)}`", at: title.node)
        }
    }
}
