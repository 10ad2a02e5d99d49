import GitKit
import Manifests
import PromotionEngine
import WorkflowModel

extension GitDesiredState {
    /// The files that the intent's `template` updates make, in the order of the updates.
    func renderedFiles(_ intent: EditIntent) throws -> [(file: String, bytes: [UInt8])] {
        let resolution = UpdateResolution(intent: intent, strictness: .writing)
        return try intent.updates.compactMap { update in
            guard case .template(let source, let parameters, let set) = update.kind else { return nil }
            let file = try resolution.file(of: update)
            let own = resolution.aimed(at: update.target)
            let values = ManifestTemplate.Values(
                service: own.intent.service, stage: intent.stage, release: intent.release,
                parameters: try own.filled(parameters), set: try own.filled(set))
            return (file, try manifestTemplate(source).rendered(values, for: file))
        }
    }

    /// Templates decide what is written, so they are read where the rules are: at the tip of the target branch.
    func manifestTemplate(_ path: String) throws -> ManifestTemplate {
        guard let bytes = try bytes(of: path, onBranch: nil) else {
            throw PromotionError(.usage, "\(path) does not exist on \(branch)", hint: "mend `template` under `updates:`, or add the file")
        }
        return try ManifestTemplate(String(decoding: bytes, as: UTF8.self), path: path)
    }

    /// The release whose rendering the files are; nil when they are that of none.
    func renderedVersion(_ intent: EditIntent, known: [Release], inTree tree: ObjectID) throws -> String? {
        let templates = intent.updates.filter { if case .template = $0.kind { true } else { false } }
        guard !templates.isEmpty else { return nil }
        for release in known.reversed() {
            let files = try renderedFiles(intent.keeping(templates, for: release))
            let stand = try files.allSatisfy { file, bytes in
                guard let entry = try repository.entry(at: file, inTree: tree), entry.mode.isFile else { return false }
                return try repository.blob(entry.id) == bytes
            }
            if stand { return release.version }
        }
        return nil
    }
}
