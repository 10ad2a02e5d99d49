/// One plan of several that become one commit.
struct TrainPart {
    /// As made on the tip, as if it were alone.
    let plan: EditPlan
    /// Makes the plan anew on another commit.
    let again: (_ commit: String) throws -> EditPlan

    init(plan: EditPlan, again: @escaping (_ commit: String) throws -> EditPlan) {
        self.plan = plan
        self.again = again
    }
}

extension Conductor {
    /// The files of each part, to be laid one over the other on `tip`.
    ///
    /// Edits are functions: parts that write the same file are made one after the other, each on what those before it made.
    /// Throws a conflict when one of them then comes to other values than alone.
    func composed(_ parts: [TrainPart], at tip: String) throws -> [[String: FileContent]] {
        var writers: [String: Int] = [:]
        for part in parts { for path in part.plan.files.keys { writers[path, default: 0] += 1 } }
        let shared = Set(writers.lazy.filter { $0.value > 1 }.map(\.key))
        var base = tip
        // What was written to shared files since `base`.
        var delta: [String: FileContent] = [:]
        var written: Set<String> = []
        return try parts.map { part in
            var files = part.plan.files
            if !shared.isEmpty, files.keys.contains(where: written.contains) {
                if !delta.isEmpty { base = try desired.staged(delta, on: base, at: pace.now) }
                delta = [:]
                let plan = try part.again(base)
                try checkSame(plan, part.plan)
                files = plan.files
            }
            for (path, content) in files where shared.contains(path) {
                delta[path] = content
                written.insert(path)
            }
            return files
        }
    }

    private func checkSame(_ plan: EditPlan, _ alone: EditPlan) throws {
        let wanted = Dictionary(alone.edits.map { ($0.file + "#" + $0.field, $0.new) }, uniquingKeysWith: { $1 })
        for edit in plan.edits {
            guard let value = wanted[edit.file + "#" + edit.field], value != edit.new else { continue }
            throw PromotionError(
                .conflict, "\(edit.file): \(edit.field) is written by two members of the train",
                causes: ["alone it becomes \(value ?? "nothing"), after the others \(edit.new ?? "nothing")"])
        }
    }
}
