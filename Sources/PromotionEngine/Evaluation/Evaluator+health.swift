internal import WorkflowModel

extension Evaluator {
    /// Soak and stability: delivered there and continuously healthy that long with this release.
    func healthyTimeGate(_ draft: GateDraft, in place: Stage, atLeast span: TimeSpan) -> Gate {
        guard var stay = state.stay(of: release.version, in: place.name), !stay.isBaseline else {
            return draft.gate(.waiting, reason: "\(release.version) has not been delivered to \(place.name)")
        }
        if let cell = state.cells[place.name], cell.version == release.version, let rollout = cell.rollout {
            guard rollout.step.isLast else {
                return draft.gate(
                    .waiting, value: "step \(rollout.step)",
                    reason: "\(release.version) has not reached all of \(place.name); the time begins after the last step")
            }
            stay = cell.stayInStep
        }
        let staleAfter = place.health?.staleAfter
        let healthy = stay.healthyTime(at: now, staleAfter: staleAfter)
        if healthy >= span, stay.healthySince != nil {
            return draft.gate(
                .passed, value: healthy.description, reason: "healthy in \(place.name) for \(healthy)",
                source: source(of: stay), since: stay.healthySince)
        }
        if stay.until != nil {
            return draft.gate(
                .waiting, value: healthy.description,
                reason: "\(release.version) left \(place.name) after \(healthy) of health",
                source: source(of: stay), since: stay.healthySince)
        }
        let health = stay.health(at: now, staleAfter: staleAfter)
        guard health == .healthy else {
            let why = stay.observations.isEmpty
                ? "no health of \(release.version) is known in \(place.name)"
                : "\(release.version) is \(health.rawValue) in \(place.name); the time starts anew when it is Healthy"
            return draft.gate(
                .waiting, value: health.rawValue, reason: why, source: source(of: stay),
                since: stay.observations.last?.at, clearWith: healthCommand(in: place))
        }
        let rest = TimeSpan(seconds: span.seconds - healthy.seconds)
        return draft.gate(
            .waiting, value: healthy.description,
            reason: "healthy in \(place.name) for \(healthy) of \(span)", source: source(of: stay),
            since: stay.healthySince, nextCheck: now + rest)
    }

    func upstreamHealthGate(_ draft: GateDraft, in place: Stage) -> Gate {
        let stay = state.stay(of: release.version, in: place.name)
        return healthGate(draft, stay, in: place, subject: release.version)
    }

    /// What is in the stage now, whichever version it is.
    func targetHealthGate(_ draft: GateDraft) -> Gate {
        let cell = state.cells[stage.name]
        return healthGate(draft, cell?.stay, in: stage, subject: cell?.version ?? "the present version")
    }

    /// Another service runs such a version, healthy, in the named stage, or in the one that is entered.
    func dependencyGate(_ draft: GateDraft, _ dependency: Criterion.Dependency) -> Gate {
        let place = dependency.stage ?? stage.name
        let wanted = "\(dependency.service) \(dependency.version ?? "")"
        // The rules of a stage are those of all its services: the one that others wait for must not wait for itself.
        if dependency.service == service.name, place == stage.name {
            return draft.gate(.passed, reason: "\(service.name) does not wait for itself")
        }
        if place == stage.name, let version = joining[dependency.service] { return jointGate(draft, dependency, version) }
        guard let cell = others[dependency.service]?.cells[place] else {
            return draft.gate(
                .waiting, reason: "no release of \(dependency.service) is in \(place)",
                clearWith: "gradus promote \(dependency.service) --to \(place)")
        }
        if let text = dependency.version {
            guard let range = VersionRange(text) else {
                return draft.gate(.errored, value: cell.version, reason: "'\(text)' is no range of versions")
            }
            guard let version = SemanticVersion(cell.version) else {
                return draft.gate(
                    .errored, value: cell.version, reason: "\(dependency.service) \(cell.version) is no semantic version")
            }
            guard range.contains(version) else {
                return draft.gate(
                    .waiting, value: cell.version, reason: "\(place) has \(dependency.service) \(cell.version), not \(text)",
                    clearWith: "gradus promote \(dependency.service) --to \(place)")
            }
        }
        let health = cell.stay.health(at: now, staleAfter: workflow.stage(place)?.health?.staleAfter)
        let verdict: Verdict = health == .healthy ? .passed : health == .degraded ? .failed : .waiting
        return draft.gate(
            verdict, value: "\(cell.version) \(health.rawValue)",
            reason: "\(wanted) is \(health.rawValue) in \(place)", source: source(of: cell.stay),
            since: cell.stay.observations.last?.at,
            clearWith: verdict == .passed
                ? nil
                : "gradus report \(dependency.service) \(cell.version) --stage \(place) --health Healthy --revision \(cell.stay.commit)")
    }

    /// A dependency that comes with the same commit: its version decides, and its health there is not known yet.
    private func jointGate(_ draft: GateDraft, _ dependency: Criterion.Dependency, _ joining: String) -> Gate {
        let come = "\(dependency.service) \(joining)"
        let source = "the same train"
        guard let text = dependency.version else {
            return draft.gate(.passed, value: joining, reason: "\(come) comes with the same commit", source: source)
        }
        guard let range = VersionRange(text) else {
            return draft.gate(.errored, value: joining, reason: "'\(text)' is no range of versions")
        }
        guard let version = SemanticVersion(joining) else {
            return draft.gate(.errored, value: joining, reason: "\(come) is no semantic version")
        }
        guard range.contains(version) else {
            return draft.gate(
                .waiting, value: joining, reason: "the train brings \(come), not \(text)", source: source,
                clearWith: "gradus promote \(dependency.service) --to \(stage.name)")
        }
        return draft.gate(.passed, value: joining, reason: "\(come) comes with the same commit", source: source)
    }

    private func healthGate(_ draft: GateDraft, _ stay: Stay?, in place: Stage, subject: String) -> Gate {
        let health = stay?.health(at: now, staleAfter: place.health?.staleAfter) ?? .unknown
        let verdict: Verdict =
            switch health {
            case .healthy: .passed
            case .degraded: .failed
            case .progressing, .suspended, .missing, .unknown: .waiting
            }
        let version = subject.contains(" ") ? "VERSION" : subject
        return draft.gate(
            verdict, value: health.rawValue, reason: "\(subject) is \(health.rawValue) in \(place.name)",
            source: stay.flatMap(source(of:)), since: stay?.observations.last?.at,
            clearWith: verdict == .passed
                ? nil
                : "gradus report \(service.name) \(version) --stage \(place.name) --health Healthy --revision \(stay?.commit ?? "SHA")"
        )
    }

    private func source(of stay: Stay) -> String? {
        stay.observations.isEmpty ? nil : "health reports at \(stay.commit.prefix(10))"
    }
}

extension Stay {
    /// True for what no promotion brought; such a stay is never evidence (`design.md` section 4).
    var isBaseline: Bool { promotion == nil }
}
