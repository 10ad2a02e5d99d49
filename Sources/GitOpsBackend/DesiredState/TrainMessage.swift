import PromotionEngine
import WorkflowModel

/// The message of a train's commit: what goes, then trailers for each promotion and for the train (`design.md` section 4b).
///
/// The repository's template speaks of one service, so it is not used here.
enum TrainMessage {
    static func text(for deliveries: [Delivery]) -> String {
        guard let first = deliveries.first, let train = first.train else { return "" }
        let stage = first.intent.stage.name
        let count = "\(deliveries.count) service\(deliveries.count == 1 ? "" : "s")"
        var lines = [
            train.rollsBack.map { "Roll back \($0): \(count) in \(stage) (\(train.id))" } ?? "Promote \(count) to \(stage) (\(train.id))", "",
        ]
        lines += deliveries.map { "\($0.promotion.service) \($0.promotion.version)" }
        if let reason = first.promotion.reason { lines += ["", "Reason: \(reason)"] }
        return (lines.map(DeployMessage.oneLine) + [""] + trailers(deliveries, train)).joined(separator: "\n") + "\n"
    }

    private static func trailers(_ deliveries: [Delivery], _ train: TrainTicket) -> [String] {
        var lines: [String] = []
        for delivery in deliveries {
            lines += [
                "\(DeployTrailers.promotion): \(delivery.promotion.id)",
                "Gradus-Release: \(delivery.promotion.service) \(delivery.promotion.version)",
            ]
        }
        lines += once(deliveries) { delivery in
            ["Gradus-Stage: \(delivery.intent.from.isEmpty ? "" : "\(delivery.intent.from) -> ")\(delivery.intent.stage.name)"]
        }
        lines += once(deliveries) { ["Promoted-By: \($0.promotion.requester)"] }
        lines += once(deliveries) { ($0.promotion.admission?.approvedBy ?? []).map { "Approved-By: \($0)" } }
        lines += once(deliveries) { $0.promotion.ticket.map { ["Change-Ticket: \($0)"] } ?? [] }
        // Of a train the digest of the combination, which holds those of its members.
        return (lines + ["Gradus-Plan: \(train.digest)", "Gradus-Train: \(train.id)"]).map(DeployMessage.oneLine)
    }

    /// Each line once, in the order of the members.
    private static func once(_ deliveries: [Delivery], _ lines: (Delivery) -> [String]) -> [String] {
        var seen: Set<String> = []
        return deliveries.flatMap(lines).filter { seen.insert($0).inserted }
    }
}
