import YAMLEdit

/// Finds fields that two updates write: in one stage an error, in two stages a warning.
///
/// Files and fields are compared with all placeholders expanded that are known before a release is; `{version}` and
/// the like stay as they are.
struct FieldCheck {
    let faults: FaultCollector
    /// The first writer in each stage.
    private var writers: [Field: [Writer]] = [:]
    /// A fault is reported once for a pair of declarations, not for every service and stage that shows it.
    private var reported = Set<[ObjectIdentifier]>()

    init(faults: FaultCollector) { self.faults = faults }

    private struct Field: Hashable {
        /// Nil: the target branch.
        var branch: String?
        var file: String
        var path: String
    }

    private struct Writer {
        var service: String
        var stage: String
        var node: YAMLNode
    }

    /// Adds what is written for one service in one stage; false when nothing is.
    mutating func add(_ declared: DeclaredService, in stage: DeclaredStage) -> Bool {
        let service = declared.service
        let updates = (declared.updates ?? stage.updates).filter {
            $0.update.applies(to: service, stage: stage.stage.name)
        }
        for update in updates {
            guard let file = stage.stage.expanding(update.file.text, for: service) else { continue }
            checkPath(file, of: update, service)
            for field in update.fields {
                guard let path = stage.stage.expanding(field.text, for: service) else { continue }
                add(
                    Field(branch: stage.stage.branch, file: file, path: path),
                    Writer(service: service.name, stage: stage.stage.name, node: field.node))
            }
        }
        return !updates.isEmpty
    }

    private mutating func checkPath(_ file: String, of update: DeclaredUpdate, _ service: Service) {
        guard RepositoryPath.complaint(about: RepositoryPath.normalized(update.file.text)) == nil,
            let complaint = RepositoryPath.complaint(about: file),
            reported.insert([ObjectIdentifier(update.file.node)]).inserted
        else { return }
        faults.error("the path `\(file)`, expanded for service `\(service.name)`, \(complaint)", at: update.file.node)
    }

    private mutating func add(_ field: Field, _ writer: Writer) {
        let earlier = writers[field] ?? []
        // One earlier writer is enough to report. One in the same stage is worse than one in another.
        let sameStage = earlier.first { $0.stage == writer.stage }
        if let other = sameStage ?? earlier.first { report(field, writer, other) }
        if sameStage == nil { writers[field] = earlier + [writer] }
    }

    private mutating func report(_ field: Field, _ writer: Writer, _ other: Writer) {
        guard reported.insert([ObjectIdentifier(other.node), ObjectIdentifier(writer.node)]).inserted else { return }
        let what = "`\(field.path)` of `\(field.file)`"
        if other.stage != writer.stage {
            faults.warning("\(what) is written in stage `\(other.stage)` and in stage `\(writer.stage)`", at: writer.node)
        } else if other.service != writer.service {
            faults.error(
                "\(what) is written for service `\(other.service)` and for service `\(writer.service)` "
                    + "in stage `\(writer.stage)`",
                at: writer.node)
        } else {
            faults.error(
                "\(what) is written twice in stage `\(writer.stage)`, first in line \(faults.line(other.node))",
                at: writer.node)
        }
    }
}
