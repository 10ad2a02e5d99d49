internal import WorkflowModel

extension ReleaseState {
    /// Whether a post would tell nothing new: each of its values is the latest that counts, wherever it counts.
    ///
    /// What was posted since for one stage alone makes a repeated post for all stages a new attempt, and the other way round.
    func holds(_ posted: EvidencePosted, by person: String, _ workflow: Workflow) -> Bool {
        posted.values.allSatisfy { key, value in
            let attempts = evidence.filter { $0.key == key && workflow.readsTogether($0.stage, posted.stage) }
            let own = attempts.lastIndex { $0.stage == posted.stage && $0.part == posted.part && $0.run == posted.run }
            guard let own else { return false }
            let latest = attempts[own]
            guard latest.value == value, latest.postedBy == person, latest.ciURL == posted.ciURL,
                latest.file?.sha256 == posted.files.first(where: { $0.key == key })?.sha256
            else { return false }
            // The other parts of the same run count together with it. Without an id, a part that came again began another run.
            let since = attempts[(own + 1)...]
            let isOneRun = posted.run != nil || Set(since.compactMap { $0.part?.number }).count == since.count
            return isOneRun && since.allSatisfy { other in
                other.part != nil && other.part?.count == posted.part?.count && other.run == posted.run && other.stage == posted.stage
            }
        }
    }
}

extension Workflow {
    /// The stages for which evidence may be posted that the entry gates of a stage take; a last stage takes its own too.
    func evidenceStages(entering stage: Stage) -> Set<String> {
        Set(upstream(of: stage).map(\.name) + (downstream(of: stage).isEmpty ? [stage.name] : []))
    }

    /// Whether some gate takes evidence posted for either, nil: for all stages, so that the later one counts.
    fileprivate func readsTogether(_ left: String?, _ right: String?) -> Bool {
        guard let left, let right, left != right else { return true }
        return stages.contains { evidenceStages(entering: $0).isSuperset(of: [left, right]) }
    }
}
