import GitKit
import GitOpsBackend
import HistoryIndex
import PromotionEngine
import WorkflowModel

extension Session {
    /// The index of this repository's ledger, brought up to the ledger's end.
    ///
    /// One file per repository or mirror below the cache's folder; a first build of a long ledger says how far it is.
    func history() throws -> HistoryIndex {
        let name = Digest.sha256(location.authority.repository.commonDirectory).prefix(32)
        let index = try HistoryIndex(
            LedgerArchive(location), path: "\(settings.cache)/history/\(name).sqlite", warn: console.warn)
        let progress = Progress("Indexing the ledger", isQuiet: settings.quiet)
        defer { progress.end() }
        try index.update { progress.show("\($0) records") }
        return index
    }

    /// Who answers as of a moment: files, rules and ledger as they were then. Without a moment, as they are.
    ///
    /// Throws a usage error for a moment that is still to come.
    func conductor(at moment: Instant?) throws -> Conductor {
        guard let moment else { return conductor }
        guard moment <= WallPace.current else {
            throw PromotionError(.usage, "\(moment) is still to come", hint: "look back with a time such as 2026-10-15T12:00:00Z")
        }
        let past = Conductor(
            ledger: PastLedger(location.authority, endingAt: try history().end(at: moment)?.place),
            desired: GitDesiredState(location, at: moment, landings: try landings(before: moment), warn: console.warn), pace: PastPace(moment),
            initiator: conductor.initiator, zones: ZoneFolder(), warn: console.warn)
        past.pseudonymsNow = try conductor.pseudonyms()
        return past
    }
}

/// The clock as it was: it stands still.
final class PastPace: PacePort {
    let now: Instant

    init(_ now: Instant) { self.now = now }

    func pause(afterAttempt attempt: Int) {}

    func wait(_ span: TimeSpan) {}
}
