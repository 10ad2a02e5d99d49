public import WorkflowModel

/// How long `promote` stays with its promotion.
public enum PromotionWait: String, Sendable {
    /// Until the values stand on the target branch.
    case delivered
    /// Until the release is verified there, or failed.
    case verified
}

extension Conductor {
    /// Brings a release to a stage, as far as it may go now.
    ///
    /// One request is one promotion: who waits goes on with the one that was opened or found first, and ends with it when
    /// somebody closes it. Throws `PromotionError`; a refused or waiting promotion is no error but a report.
    public func promote(
        _ target: PromotionTarget, _ request: PromotionRequest, wait: PromotionWait? = nil,
        waitTimeout: TimeSpan = .minutes(30)
    ) throws -> PromotionReport {
        try TextLimit.check(reason: request.reason, ticket: request.ticket)
        let start = pace.now
        var target = target
        var watched: PromotionReport?
        var told = ""
        defer { awaiting(nil) }
        while true {
            defer { tellOthers([target.service]) }
            var report = try promoteOnce(target, request, watched)
            // What another promotion took the place of is not verified any more.
            if wait == .verified, report.phase == .delivered { (report.phase, report.result) = (.superseded, .superseded) }
            let settled =
                switch wait {
                case nil: true
                case .delivered: report.result != .pending
                case .verified: report.result != .pending && report.phase != .verifying
                }
            if settled || report.problem != nil { return report }
            let isFirst = watched == nil
            watched = report
            awaiting(report.id)
            target.version = report.version
            // What was delivered just now has not been looked at yet.
            if isFirst, report.phase == .verifying { continue }
            let closed = report.gates.filter { $0.verdict != .passed && !$0.isSkipped }.map { "\($0.id) (\($0.reason))" }.joined(separator: "; ")
            if report.result == .pending, !closed.isEmpty, closed != told {
                waitingFor("\(report.service) \(report.version) waits to enter \(target.stage): \(closed)")
                told = closed
            }
            guard pace.now - start < waitTimeout else {
                report.problem = PromotionError(
                    .timedOut, "\(target.service) to \(target.stage) is still \(report.phase.rawValue) after \(waitTimeout)",
                    hint: "see why with `gradus explain \(target.service) --to \(target.stage)`; the promotion goes on with `gradus reconcile`")
                return report
            }
            pace.wait(.seconds(2))
        }
    }
}
