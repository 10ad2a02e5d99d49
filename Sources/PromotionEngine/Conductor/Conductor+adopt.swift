internal import WorkflowModel

/// What `adopt` found in each cell and recorded.
public struct AdoptionReport: Sendable {
    public enum Result: String, Sendable {
        /// Recorded now.
        case adopted
        /// On record with the same version.
        case unchanged
        /// A promotion has been there: what the files hold is no baseline.
        case promoted
        /// The files name no version.
        case unknown
        case errored
    }

    public struct Cell: Sendable {
        public let service: String
        public let stage: String
        public let version: String?
        public let floating: Bool
        /// All versions where the fields disagree.
        public let mixed: [String]
        public let result: Result
        /// Why nothing was recorded.
        public let reason: String?
    }

    public internal(set) var cells: [Cell] = []
    /// A dry run: what would be recorded.
    public internal(set) var isPlanned = false

    public var hasErrors: Bool { cells.contains { $0.result == .errored } }

    public var json: JSONValue {
        [
            "apiVersion": "gradus/v1", "kind": "Adoption",
            "result": .string(cells.contains { $0.result == .adopted } ? (isPlanned ? "planned" : "recorded") : "unchanged"),
            "cells": .array(
                cells.map { cell in
                    [
                        "service": .string(cell.service), "stage": .string(cell.stage), "version": .optional(cell.version),
                        "floating": .bool(cell.floating), "mixed": .array(cell.mixed.map(JSONValue.string)),
                        "result": .string(cell.result.rawValue), "reason": .optional(cell.reason),
                    ]
                }),
        ]
    }
}

extension Conductor {
    /// Records what the files hold as the baseline of every cell, or of those named, that no promotion has been in.
    ///
    /// Throws `notPermitted` when the person may not adopt one of them, a usage error for unknown services and stages.
    public func adopt(
        service: String? = nil, stage: String? = nil, reason: String, dryRun: Bool = false
    ) throws -> AdoptionReport {
        try racing("adopt") {
            let context = try context(for: service.map { [$0] })
            let cells = try selectedCells(service: service, stage: stage, context.rules)
            let names = Set(cells.map(\.1.name))
            var snapshot = try decidableState(LedgerScope(services: names))
            var report = AdoptionReport()
            report.isPlanned = dryRun
            var facts: [Fact] = []
            for (workflow, service, stage) in cells {
                guard try authorize(.adopt, workflow, service, stage, version: nil, context, &snapshot, dryRun: dryRun) else {
                    return nil
                }
                let state = snapshot.state.service(service.name)
                let (cell, fact) = baseline(workflow, service, stage, state, context, reason)
                report.cells.append(cell)
                if let fact { facts.append(fact) }
            }
            if !dryRun, try append(facts, to: &snapshot) == nil { return nil }
            return report
        }
    }

    func selectedCells(
        service: String?, stage: String?, _ rules: Rules
    ) throws -> [(Workflow, Service, Stage)] {
        if let service, let stage { return [try locate(service, stage, in: rules)] }
        if let service {
            let (workflow, declared) = try locate(service, in: rules)
            return workflow.stages.map { (workflow, declared, $0) }
        }
        let stages = rules.workflows.flatMap { $0.stages.map(\.name) }
        if let stage, !stages.contains(stage) {
            throw PromotionError(
                .usage, "no workflow has a stage '\(stage)'",
                hint: "stages: \(Set(stages).sorted().joined(separator: ", "))\(suggestion(stage, stages))")
        }
        return rules.workflows.flatMap { workflow in
            workflow.services.flatMap { service in
                workflow.stages.filter { stage == nil || $0.name == stage }.map { (workflow, service, $0) }
            }
        }
    }

    private func baseline(
        _ workflow: Workflow, _ service: Service, _ stage: Stage, _ state: ServiceState, _ context: Context,
        _ reason: String
    ) -> (AdoptionReport.Cell, Fact?) {
        func cell(
            _ result: AdoptionReport.Result, _ observed: ObservedCell? = nil, because reason: String? = nil
        ) -> AdoptionReport.Cell {
            AdoptionReport.Cell(
                service: service.name, stage: stage.name, version: observed?.version,
                floating: observed?.version.map(VersionName.isFloating) ?? false,
                mixed: observed?.mixed == true ? observed?.versions ?? [] : [], result: result, reason: reason)
        }
        let recorded = state.cells[stage.name]
        if let recorded, !recorded.adopted {
            return (cell(.promoted, because: "\(recorded.version) was promoted there"), nil)
        }
        if let open = state.beingDelivered(stage.name) {
            return (cell(.promoted, because: "\(open.id) is being delivered; `gradus reconcile` finishes it"), nil)
        }
        let release = Release(service: service.name, version: "0", workflow: workflow.name)
        let intent = EditIntent(workflow: workflow, service: service, stage: stage, release: release)
        do {
            let tip = try tip(of: stage, context)
            let known = state.releases.values.map(\.release).sorted { $0.version < $1.version }
            let observed = try desired.observe(intent, known: known, at: tip)
            guard let version = observed.version else {
                return (cell(.unknown, because: "its updates find no version in the files"), nil)
            }
            let mixed = observed.mixed ? observed.versions : []
            if let recorded, recorded.version == version, recorded.mixed == mixed, recorded.isOutright {
                return (cell(.unchanged, observed), nil)
            }
            let fact = BaselineAdopted(
                service: service.name, version: version, stage: stage.name, workflow: workflow.name,
                digest: observed.digest, commit: tip, floating: VersionName.isFloating(version), mixed: mixed, reason: reason)
            return (cell(.adopted, observed), .baselineAdopted(fact))
        } catch let error as PromotionError {
            return (cell(.errored, because: ([error.message] + error.causes).joined(separator: ": ")), nil)
        } catch {
            return (cell(.errored, because: "\(error)"), nil)
        }
    }
}
