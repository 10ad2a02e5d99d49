import PromotionEngine
import WorkflowModel

extension SimulatedProcess: DesiredStatePort {
    var branch: String { "main" }

    func refresh() throws -> String {
        try call()
        seenTip = world.branch.tip
        return world.branch.tip
    }

    func rules(of services: Set<String>?) throws -> Rules { RulesVariant(world.branch.head?.rules ?? 0).rules }

    func rulesID() throws -> String? { world.branch.commits[seenTip ?? ""].map { "rules-\($0.rules)" } }

    func places(of intent: EditIntent) throws -> [String] { [SimulatedRules.file(intent.service.name, intent.stage.name)] }

    func changedFiles(from old: String, to new: String) throws -> ChangedFiles? {
        guard let before = world.branch.commits[old]?.files, let after = world.branch.commits[new]?.files else { return nil }
        return ChangedFiles(paths: before.keys.filter { before[$0] != after[$0] }, cameOrWent: false)
    }

    func checkDeliverable(_ files: [String], for stage: Stage) throws { try call() }

    func rules(ofFiles files: [String: String]) throws -> Rules? {
        files[SimulatedRules.path].flatMap(RulesVariant.init(blob:))?.rules
    }

    func ruleCommits(since commit: String, to tip: String) throws -> [RuleCommit] {
        // Rules that are again what they were are settled.
        if try world.branch.find(commit).rules == world.branch.find(tip).rules { return [] }
        let known = Set(world.branch.history(of: commit).map(\.id))
        return world.branch.history(of: tip).reversed().filter { !known.contains($0.id) }.compactMap { commit in
            guard let before = commit.parent.flatMap({ world.branch.commits[$0] }), before.rules != commit.rules else { return nil }
            return RuleCommit(
                commit: commit.id, author: commit.author, before: RulesVariant(before.rules).rules, after: RulesVariant(commit.rules).rules)
        }
    }

    /// The simulated environments all live on the one branch.
    func tip(of branch: String) throws -> String { throw PromotionError(.usage, "no branch \(branch)") }

    func plan(_ intent: EditIntent, at commit: String) throws -> EditPlan {
        let (name, version) = (intent.service.name, intent.release.version)
        let path = SimulatedRules.file(name, intent.stage.name)
        guard let text = try world.branch.find(commit).files[path], let old = SimulatedFile.value(of: name, in: text) else {
            throw PromotionError(.usage, "\(path): no \(name)")
        }
        var new = SimulatedFile.setting(name, to: version, in: text)
        var edits = [FieldEdit(file: path, field: name, old: old, new: version)]
        if let weight = Self.weight(intent) {
            let field = SimulatedRules.weight(name)
            edits.append(FieldEdit(file: path, field: field, old: SimulatedFile.value(of: field, in: text), new: weight))
            new = SimulatedFile.setting(field, to: weight, in: new)
        }
        return EditPlan(base: commit, edits: edits, files: new == text ? [:] : [path: .bytes(Array(new.utf8))])
    }

    /// What the intent's step sets in a stage with steps.
    private static func weight(_ intent: EditIntent) -> String? {
        for case .yaml(let set, _) in intent.updates.map(\.kind) { if let weight = set.first(where: { $0.key == "weight" }) { return weight.value } }
        return nil
    }

    func observe(_ intent: EditIntent, known: [Release], at commit: String) throws -> ObservedCell {
        let path = SimulatedRules.file(intent.service.name, intent.stage.name)
        let value = world.value(intent.service.name, intent.stage.name, at: try world.branch.find(commit))
        var fields = [FieldEdit(file: path, field: intent.service.name, old: value, new: value)]
        if intent.stage.rollout != nil {
            let field = SimulatedRules.weight(intent.service.name)
            let weight = SimulatedFile.value(of: field, in: try world.branch.find(commit).files[path])
            fields.append(FieldEdit(file: path, field: field, old: weight, new: weight))
        }
        return ObservedCell(version: value, mixed: false, digest: nil, fields: fields)
    }

    func parent(of commit: String) throws -> String? { world.branch.commits[commit]?.parent }

    /// As the real one does: whole files where nobody else has touched them, else line by line, as far as that goes.
    func restore(
        _ fields: [FieldEdit], from source: String, written: String, isWhole: Bool, at commit: String
    ) throws -> Restoration {
        let branch = world.branch
        let (before, after, now) = try (branch.find(source), branch.find(written), branch.find(commit))
        var edits: [FieldEdit] = []
        var obstacles: [Restoration.Obstacle] = []
        var files: [String: FileContent] = [:]
        for path in Set(fields.map(\.file)).sorted() {
            let (present, former) = (now.files[path], before.files[path])
            var restored = isWhole && after.files[path] == present ? former ?? "" : present ?? ""
            for name in fields.filter({ $0.file == path }).map(\.field) {
                let values = [present, after.files[path], former].map { SimulatedFile.value(of: name, in: $0) }
                let edit = FieldEdit(file: path, field: name, old: values[0], new: values[2])
                if let goal = values[2], values[0] == goal || values[0] == values[1] {
                    restored = SimulatedFile.setting(name, to: goal, in: restored)
                    edits.append(edit)
                } else {
                    obstacles.append(.init(edit, written: values[1], cause: values[0] == nil ? .gone : .changed))
                }
            }
            if restored != present { files[path] = .bytes(Array(restored.utf8)) }
        }
        return Restoration(plan: EditPlan(base: commit, edits: edits, files: files), obstacles: obstacles)
    }

    func staged(_ files: [String: FileContent], on commit: String, at: Instant) throws -> String {
        var texts: [String: String] = [:]
        for case (let path, .bytes(let bytes)) in files { texts[path] = String(decoding: bytes, as: UTF8.self) }
        return world.branch.commit(on: try world.branch.find(commit), files: texts, author: "gradus")
    }

    func deployCommit(of promotion: String, from base: String, to tip: String, edits: [FieldEdit]) throws -> String? {
        try call()
        let before = Set(world.branch.history(of: base).map(\.id))
        return world.branch.history(of: tip).filter { !before.contains($0.id) }.first { $0.promotions.contains(promotion) && stand(edits, in: $0) }?.id
    }

    func commitBringing(_ edits: [FieldEdit], intent: EditIntent, from base: String, to tip: String) throws -> String {
        guard let commits = world.branch.between(base, tip) else { return tip }
        if stand(edits, in: try world.branch.find(base)) { return base }
        return commits.first { stand(edits, in: $0) }?.id ?? tip
    }

    func changes(of fields: [FieldEdit], since commit: String, to tip: String) throws -> [OutsideCommit] {
        try call()
        let commits = try world.branch.between(commit, tip) ?? [world.branch.find(tip)]
        var known = fields
        var outside: [OutsideCommit] = []
        for commit in commits {
            let now = known.map {
                FieldEdit(
                    file: $0.file, field: $0.field, old: $0.new, new: SimulatedFile.value(of: $0.field, in: commit.files[$0.file]))
            }
            guard now.contains(where: \.changes) else { continue }
            outside.append(
                OutsideCommit(commit: commit.id, author: commit.author, promotions: commit.promotions, edits: now))
            known = now
        }
        return outside
    }

    func land(_ deliveries: [Delivery], on tip: String, at: Instant) throws -> Landing {
        world.watch.willLand(deliveries, self)
        hasReadSinceLanding = false
        let world = world
        return try effect(lost: .lost) { world.land(deliveries, on: tip) }
    }

    func revision(_ revision: String, carries edits: [FieldEdit], of commit: String) throws -> Bool {
        if revision == commit { return true }
        guard world.branch.between(commit, revision) != nil else { return false }
        return stand(edits, in: try world.branch.find(revision))
    }

    private func stand(_ edits: [FieldEdit], in commit: SimulatedBranch.Commit) -> Bool {
        edits.allSatisfy { SimulatedFile.value(of: $0.field, in: commit.files[$0.file]) == $0.new }
    }
}
