import GitKit
import Manifests
import PromotionEngine
public import WorkflowModel

/// Checks that every declared update finds its file and fields, before any promotion needs them.
public struct OverlayCheck {
    /// The bytes of a file of the repository; nil when there is none.
    private let read: (String) throws -> [UInt8]?

    public init(read: @escaping (String) throws -> [UInt8]?) { self.read = read }

    /// One message per update that cannot run, each with its places rendered.
    public func faults(in rules: Rules) throws -> [String] {
        var faults = try templateFaults()
        var files: [String: ManifestFile?] = [:]
        for workflow in rules.workflows {
            for service in workflow.services {
                for stage in workflow.stages {
                    let release = Release(service: service.name, version: "0", workflow: workflow.name)
                    let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release)
                    for resolved in try UpdateResolution(intent: intent, strictness: .reading).resolved() {
                        do {
                            let file = try files[resolved.file] ?? load(resolved.file)
                            files[resolved.file] = file
                            guard let file else {
                                faults.append(missing(resolved.file, workflow, service, stage))
                                continue
                            }
                            for (update, _) in resolved.updates { _ = try file.read(update) }
                        } catch let error as ManifestError {
                            faults.append(
                                error.description + "\n\(workflow.path): note: declared for \(service.name) in \(stage.name)")
                        }
                    }
                }
            }
        }
        return faults
    }

    private func templateFaults() throws -> [String] {
        guard let bytes = try read(DeployMessage.templatePath) else { return [] }
        do {
            _ = try DeployMessage(template: String(decoding: bytes, as: UTF8.self))
            return []
        } catch let error as PromotionError {
            return error.faults
        }
    }

    private func load(_ path: String) throws -> ManifestFile? {
        try read(path).map { try ManifestFile(bytes: $0, path: path) }
    }

    private func missing(_ path: String, _ workflow: Workflow, _ service: Service, _ stage: Stage) -> String {
        "\(path): error: the file does not exist\n\(workflow.path): note: declared for \(service.name) in \(stage.name)"
    }
}

extension GitDesiredState {
    /// The bytes of a file at the tip; nil when there is none.
    public func file(_ path: String) throws -> [UInt8]? {
        let tree = try repository.commit(try currentTip()).tree
        guard let entry = try repository.entry(at: path, inTree: tree), entry.mode == .blob || entry.mode == .executable else {
            return nil
        }
        return try repository.blob(entry.id)
    }

    /// The files of `workflows/` at the tip, for checking them without stopping at the first fault.
    public func ruleFiles() throws -> [RuleFile] {
        try RulesLoader(repository: repository).files(at: try currentTip(), branch: branch)
    }
}
