internal import WorkflowModel

extension Conductor {
    /// Which approvals of the release are signed by the keys of those who gave them; empty where no rule of the stage asks.
    func signatures(of release: ReleaseState, for stage: Stage, _ people: People) -> ApprovalSignatures {
        guard stage.approvals.contains(where: \.authenticated) else { return ApprovalSignatures() }
        guard let signatures else { return ApprovalSignatures(fault: "this ledger keeps no signatures") }
        do {
            var verified: Set<Int> = []
            for approval in release.approvals where approval.stage == stage.name {
                guard let record = approval.seq else { continue }
                if try signatures.isAuthenticated(record: record, by: approval.person, people: people) { verified.insert(record) }
            }
            return ApprovalSignatures(verified: verified)
        } catch let error as PromotionError {
            return ApprovalSignatures(fault: error.message)
        } catch {
            return ApprovalSignatures(fault: "\(error)")
        }
    }

    /// Throws `notPermitted` when no approval without a signature would count and this process makes none.
    func checkSigning(for stage: Stage, _ service: Service) throws {
        let isAsked = !stage.approvals.isEmpty && stage.approvals.allSatisfy(\.authenticated)
        guard isAsked, signatures?.isSigning != true else { return }
        throw PromotionError(
            .notPermitted, "approvals of \(stage.name) must be signed, and this one would not be",
            hint: "name your key with GRADUS_SIGNING_KEY; its public half belongs under `people:` in workflows/groups.yaml")
    }

    /// Whether the person's standing approval does not count because its record is not signed, although this one would be.
    func needsSignature(_ release: ReleaseState, _ stage: Stage, _ people: People) -> Bool {
        guard signatures?.isSigning == true, stage.approvals.contains(where: \.authenticated) else { return false }
        let verified = signatures(of: release, for: stage, people).verified
        return release.approvals.contains { approval in
            approval.person == initiator.id && approval.stage == stage.name && !(approval.seq.map(verified.contains) ?? false)
        }
    }
}
