import YAMLEdit

/// A Kubernetes ConfigMap that holds a workflow under `data."workflow.yaml"`.
struct ConfigMapEnvelope {
    static let dataKey = "workflow.yaml"

    private let file: YAMLFile
    private let root: YAMLNode

    /// Nil when the document is no ConfigMap.
    init?(_ root: YAMLNode, in file: YAMLFile) {
        guard root.resolved.value(forKey: "kind")?.resolved.scalarText == "ConfigMap" else { return nil }
        self.root = root.resolved
        self.file = file
    }

    /// `metadata.name`, which names the workflow.
    var name: String? {
        root["metadata"]?.resolved["name"]?.resolved.scalarText
    }

    /// The workflow's text as a file of its own.
    ///
    /// Of a literal block everything around the text is blanked out and the text keeps its place, so every line and
    /// column is that of the ConfigMap. A text in quotes has no such place: there lines count from its own start.
    func workflowFile() throws(YAMLError) -> YAMLFile {
        guard let text = root["data"]?.resolved[Self.dataKey]?.resolved, let content = text.scalarText else {
            throw YAMLError(
                code: .notFound, operation: "read", subject: file.path,
                diagnostics: [
                    file.diagnostic(
                        .error, "a ConfigMap needs `data.\"\(Self.dataKey)\"` with the workflow as text", at: root)
                ])
        }
        guard text.style == .literal else {
            return try YAMLFile(bytes: Array(content.utf8), path: "\(file.path)[\(Self.dataKey)]")
        }
        return try YAMLFile(bytes: blanked(around: text), path: file.path)
    }

    private func blanked(around text: YAMLNode) -> [UInt8] {
        let newline = UInt8(ascii: "\n")
        // The block's header is in its first line.
        let start = file.bytes[text.range].firstIndex(of: newline) ?? text.range.upperBound
        var bytes = file.bytes.indices.map { index -> UInt8 in
            let byte = file.bytes[index]
            let isKept = (start..<text.range.upperBound).contains(index) || byte == newline || byte == UInt8(ascii: "\r")
            return isKept ? byte : UInt8(ascii: " ")
        }
        blankMarker(in: &bytes, from: start)
        return bytes
    }

    /// A `---` before the first content is no document marker once it is indented.
    private func blankMarker(in bytes: inout [UInt8], from start: Int) {
        var lineStart = start
        while lineStart < bytes.count {
            let lineEnd = bytes[(lineStart + 1)...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let content = bytes[lineStart..<lineEnd].drop { " \n\r".utf8.contains($0) }
            if content.starts(with: "---".utf8), content.dropFirst(3).allSatisfy({ " \r".utf8.contains($0) }) {
                for index in content.startIndex..<content.startIndex + 3 { bytes[index] = UInt8(ascii: " ") }
                return
            }
            guard content.isEmpty || content.first == UInt8(ascii: "#") else { return }
            lineStart = lineEnd
        }
    }
}
