import YAMLEdit

/// An item of `services` that finds services instead of naming them.
struct DeclaredDiscovery {
    /// Of the pattern.
    var node: YAMLNode
    var pattern: DiscoveryPattern
    var text: String
    /// What every found service gets; captures stand in its texts as placeholders.
    var owner: String?
    var labels: [String: String]
    var vars: [String: String]
    var updates: [DeclaredUpdate]?
}

/// Finds the services that a pattern names in the trees of the repository (`design.md` section 5, discovery).
struct ServiceDiscovery {
    let faults: FaultCollector
    let stages: [DeclaredStage]
    let trees: any TreeSource
    /// Look for these only; nil: for all.
    var wanted: Set<String>?

    /// More would be a pattern that fits everything.
    private static let largest = 20_000

    /// The services found, without those in `named`, which say themselves what they are; and the matches left out.
    func services(
        _ declared: DeclaredDiscovery, named: Set<String>
    ) -> (services: [DeclaredService], skipped: [SkippedMatch]) {
        do {
            return try found(declared, named)
        } catch {
            faults.error("services cannot be looked for: \(error)", at: declared.node)
            return ([], [])
        }
    }

    private func found(
        _ declared: DeclaredDiscovery, _ named: Set<String>
    ) throws -> (services: [DeclaredService], skipped: [SkippedMatch]) {
        // Services begin in the first stage, so that is where they are looked for.
        let branch = stages.first?.stage.branch
        guard let tree = try trees.tree(ofBranch: branch) else {
            faults.error("services are looked for on branch `\(branch ?? "")`, which does not exist", at: declared.node)
            return ([], [])
        }
        let matches = try matches(declared.pattern, in: tree)
        guard matches.count <= Self.largest else {
            faults.error("`\(declared.text)` fits \(matches.count) paths; at most \(Self.largest) are read", at: declared.node)
            return ([], [])
        }
        var services: [DeclaredService] = []
        var skipped: [SkippedMatch] = []
        var paths: [String: String] = [:]
        for match in matches {
            let name = match.captures["service"] ?? ""
            guard !named.contains(name) else { continue }
            guard NameRule.service.allows(name) else {
                skipped.append(SkippedMatch(path: match.path, reason: NameRule.service.complaint(about: name)))
                continue
            }
            let service = service(declared, match, name: name)
            guard try isPromotable(service) else {
                skipped.append(SkippedMatch(path: match.path, reason: "none of the files that its updates name exists"))
                continue
            }
            if let earlier = paths[name] {
                faults.error("service `\(name)` is found twice: at \(earlier) and at \(match.path)", at: declared.node)
                continue
            }
            paths[name] = match.path
            services.append(service)
        }
        if services.isEmpty, wanted == nil { reportNone(declared, tree, skipped) }
        return (services, skipped)
    }

    private func matches(_ pattern: DiscoveryPattern, in tree: some PathLister) throws -> [DiscoveryPattern.Match] {
        guard let wanted else { return try pattern.matches(in: tree) }
        // What is no name of a service would be part of a path here.
        return try wanted.sorted().filter(NameRule.service.allows).flatMap { try pattern.matches(in: tree, service: $0) }
    }

    private func reportNone(_ declared: DeclaredDiscovery, _ tree: any PathLister, _ skipped: [SkippedMatch]) {
        let reason = skipped.isEmpty ? "nothing fits it" : "no match has a file that an update names"
        faults.error(
            "`\(declared.text)` finds no service: \(reason)", at: declared.node,
            hint: skipped.first.map { "\($0.path): \($0.reason)" })
    }

    private func service(_ declared: DeclaredDiscovery, _ match: DiscoveryPattern.Match, name: String) -> DeclaredService {
        var vars = match.captures
        vars["service"] = nil
        vars.merge(declared.vars.mapValues { filled($0, match) }) { $1 }
        return DeclaredService(
            service: Service(
                name: name, owner: declared.owner.map { filled($0, match) },
                labels: declared.labels.mapValues { filled($0, match) }, vars: vars,
                updates: declared.updates.map { $0.map(\.update) }),
            node: declared.node, updates: declared.updates)
    }

    /// Captures take their values; other braces stay for the promotion to fill in.
    private func filled(_ text: String, _ match: DiscoveryPattern.Match) -> String {
        PlaceholderTemplate(text).filled { match.captures[$0] }
    }

    /// True when a file exists that an update of the service names in some stage. Without any updates all are.
    private func isPromotable(_ declared: DeclaredService) throws -> Bool {
        var hasUpdates = false
        for stage in stages {
            let updates = (declared.updates ?? stage.updates).filter {
                $0.update.applies(to: declared.service, stage: stage.stage.name)
            }
            guard !updates.isEmpty, let tree = try trees.tree(ofBranch: stage.stage.branch) else { continue }
            hasUpdates = true
            for update in updates {
                guard let file = stage.stage.expanding(update.file.text, for: declared.service), !file.contains("{") else {
                    // A path that the version is part of cannot be looked up before there is a release.
                    return true
                }
                if try tree.holds(file, orFolder: true) { return true }
            }
        }
        return !hasUpdates
    }
}

extension Stage {
    /// A path with everything filled in that is known before a release is; what a release gives stays in braces.
    ///
    /// Nil for an unknown placeholder, which is reported elsewhere.
    func expanding(_ text: String, for service: Service) -> String? {
        do {
            let expanded = try PlaceholderTemplate(text).expanded { placeholder in
                switch placeholder {
                case "service": service.name
                case "stage": name
                case "environment": environment
                default: service.vars[placeholder] ?? (Placeholder.isBuiltIn(placeholder) ? "{\(placeholder)}" : nil)
                }
            }
            return RepositoryPath.normalized(expanded)
        } catch {
            return nil
        }
    }
}
