public import PromotionEngine

extension Change {
    /// The whole change as a document.
    public var json: JSONValue {
        .compact([
            "id": .string(id), "origin": .string(origin.rawValue), "service": .string(service), "stage": .string(stage),
            "workflow": .optional(workflow), "version": .string(version), "previous_version": .optional(previousVersion),
            "requester": .string(requester), "automatic": .bool(isAutomatic), "requested_at": .optional(requestedAt?.description),
            "reason": .optional(reason), "ticket": .optional(ticket), "registered_at": .optional(registeredAt?.description),
            "registered_by": .optional(registeredBy), "authors": .array(authors.map(JSONValue.string)),
            "source_commit": .optional(sourceCommit), "ci_url": .optional(ciURL), "images": .array(images.map(\.json)),
            "evidence": .array(evidence.map(\.json)),
            "gates": .array(
                gates.map {
                    .compact([
                        "id": .string($0.id), "verdict": .string($0.verdict.rawValue), "value": .optional($0.value),
                        "threshold": .optional($0.threshold), "source": .optional($0.source),
                    ])
                }),
            "approvals": .array(
                approvals.map {
                    .compact([
                        "person": .string($0.person), "name": .optional($0.name), "at": .string($0.at.description),
                        "reason": .optional($0.reason), "authenticated": .bool($0.isAuthenticated),
                    ])
                }),
            "separation": .string(separation.rawValue), "plan_digest": .optional(planDigest),
            "rules": .object(rules.mapValues(JSONValue.string)), "admitted_at": .optional(admittedAt?.description),
            "delivered_at": .string(deliveredAt.description), "commit": .string(commit), "edits": .array(edits.map(\.json)),
            "late": .bool(isLate), "outcome": .string(outcome.rawValue), "ended_at": .optional(endedAt?.description),
            "outcome_reason": .optional(outcomeReason), "break_glass": .array(brokenGlass.map(JSONValue.string)),
            "recorded": .bool(isRecorded), "records": .array(records.map(JSONValue.int)),
            "exceptions": .array(exceptions.map { .string($0.rawValue) }),
        ])
    }
}

extension Change.Evidence {
    var json: JSONValue {
        .compact([
            "key": .string(key), "stage": .optional(stage),
            "attempts": .array(
                attempts.map {
                    .compact([
                        "value": .string($0.value), "at": .string($0.at.description), "by": .string($0.by), "url": .optional($0.url),
                        "sha256": .optional($0.sha256),
                    ])
                }),
        ])
    }
}

extension Release.Image {
    var json: JSONValue { .compact(["name": .string(name), "tag": .optional(tag), "digest": .optional(digest)]) }
}
