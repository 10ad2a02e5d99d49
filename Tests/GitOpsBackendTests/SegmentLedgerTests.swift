import GitKit
import GitOpsBackend
import PromotionEngine
import TestSupport
import Testing

/// The ledger on branches, with segments and checkpoints small enough to see many of them.
@Suite struct SegmentLedgerTests {
    @Test func segmentsFillUpAndLinkAndNumbersRunOn() throws {
        let scratch = try Scratch()
        try scratch.append(Scratch.facts(40), to: try scratch.ledger())
        let records = try scratch.records()
        #expect(records.map(\.seq) == Array(1...records.count))
        #expect(records.filter { $0.fact.service != nil }.map(\.fact) == Scratch.facts(40))
        let segments = try scratch.segments
        #expect(segments.count >= 4 && segments[3] == "refs/heads/gradus/ledger/000004")
        for (position, segment) in segments.enumerated() {
            let commits = try scratch.git.commits(segment, in: scratch.path)
            #expect(commits.count <= 12)
            let last = try scratch.git.message(of: segment, in: scratch.path)
            #expect(last.contains("Gradus-Record: segment.sealed") == (position + 1 < segments.count))
            let first = try scratch.git.git("log", "-1", "--format=%s|%P", commits[0], in: scratch.path)
            #expect(first == (position == 0 ? "The ledger begins|" : "Segment \(position + 1) of the ledger begins|"))
        }
        let report = try scratch.audit()
        #expect(report.fault == nil && report.segments == segments.count && report.records == records.count)
        #expect(report.checkpoints > segments.count)
        #expect(try scratch.git.attempt("fsck", "--strict", in: scratch.path).status == 0)
    }

    @Test(arguments: [1, 2, 5, 11, 12, 13, 23, 40])
    func whoComesAnewReadsWhatTheWholeFoldSays(_ count: Int) throws {
        let scratch = try Scratch()
        try scratch.append(Scratch.facts(count), to: try scratch.ledger())
        let folded = try scratch.folded()
        let all = try scratch.ledger().load(LedgerScope(allReleases: true))
        #expect(all.state == folded)
        #expect(all.seq == (try scratch.records().last?.seq))
        for name in folded.services.keys {
            let part = try scratch.ledger().load(LedgerScope(services: [name], allReleases: true))
            #expect(part.state.services == [name: folded.service(name)])
        }
    }

    @Test func aPartialLoadHasTheReleasesThatWereAskedFor() throws {
        let scratch = try Scratch()
        try scratch.append(Scratch.facts(60), to: try scratch.ledger())
        let whole = try scratch.folded().service("service-1")
        let part = try scratch.ledger().load(.service("service-1", version: "1.0.1")).state.service("service-1")
        #expect(part.releases["1.0.1"] == whole.releases["1.0.1"] && part.releases["1.0.1"] != nil)
        #expect(part.cells == whole.cells && part.open == whole.open && part.recentVersions == whole.recentVersions)
        for (version, release) in part.releases { #expect(whole.releases[version] == release) }
        #expect(part.releases.count < whole.releases.count, "everything was loaded")
    }

    /// Wherever the last checkpoint stands: the records after it may be the yanks.
    @Test(arguments: 4...16)
    func theReleaseBeforeTheYankedOnesIsKnown(_ count: Int) throws {
        let scratch = try Scratch()
        let release = { (number: Int) in Fact.releaseRegistered(Release(service: "web", version: "1.0.\(number)", workflow: "w", authors: ["sam"])) }
        let evidence = Fact.evidencePosted(EvidencePosted(service: "web", version: "1.0.3", stage: nil, values: ["smoke_tests": "pass"]))
        let yanks = [3, 2].map { Fact.releaseYanked(ReleaseYanked(service: "web", version: "1.0.\($0)", reason: "broken")) }
        let before = (0..<3).map { release($0 + 1) } + Array(repeating: evidence, count: count - 3)
        try scratch.append(before + yanks, to: try scratch.ledger())
        let part = try scratch.ledger().load(LedgerScope(services: ["web"])).state.service("web")
        #expect(part.newestVersion == "1.0.1")
        #expect(try part.releases["1.0.1"] == scratch.folded().service("web").releases["1.0.1"] && part.releases["1.0.1"] != nil)
    }

    @Test func aLedgerThatGoesOnReadsWhatOthersAppended() throws {
        let scratch = try Scratch()
        let (first, second) = (try scratch.ledger(), try scratch.ledger())
        for (position, fact) in Scratch.facts(30).enumerated() {
            try scratch.append([fact], to: position % 4 == 0 ? first : second)
        }
        let folded = try scratch.folded()
        #expect(try first.load(LedgerScope(allReleases: true)).state == folded)
        #expect(try second.load(LedgerScope(allReleases: true)).state == folded)
    }

    @Test func ofTwoRivalsOneLosesAndCanAppendAfterALook() throws {
        let scratch = try Scratch()
        let facts = Scratch.facts(26)
        let (first, second) = (try scratch.ledger(), try scratch.ledger())
        for position in stride(from: 0, to: 26, by: 2) {
            let (mine, theirs) = (try first.load(LedgerScope()), try second.load(LedgerScope()))
            guard case .appended = try scratch.append([facts[position]], first, mine) else {
                Issue.record("the first one lost")
                return
            }
            guard case .lost = try scratch.append([facts[position + 1]], second, theirs) else {
                Issue.record("both won")
                return
            }
            try scratch.append([facts[position + 1]], to: second)
        }
        #expect(try scratch.records().filter { $0.fact.service != nil }.map(\.fact) == facts)
        #expect(try scratch.audit().fault == nil)
    }

    @Test func whatIsKnownTogetherIsOneMoveAndKeepsItsOrder() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        let empty = try ledger.load(LedgerScope())
        #expect(empty.seq == 0 && empty.head == nil && empty.state == LedgerState())
        guard case .appended(let records, let head) = try scratch.append(Scratch.facts(8), ledger, empty) else {
            Issue.record("lost")
            return
        }
        #expect(records.map(\.seq) == Array(2...9))
        #expect(try scratch.git.git("rev-parse", "gradus/ledger/000001", in: scratch.path) == head)
        // They do not fit in what is left, so the segment is sealed and all go into the next.
        let snapshot = try ledger.load(LedgerScope())
        guard case .appended(let next, _) = try scratch.append(Scratch.facts(8), ledger, snapshot) else {
            Issue.record("lost")
            return
        }
        #expect(next.map(\.seq) == Array(12...19))
        #expect(try scratch.segments.count == 2 && scratch.audit().fault == nil)
    }

    /// A process that dies between sealing a segment and opening the next one.
    @Test func whoComesNextOpensTheSegmentThatIsMissing() throws {
        let scratch = try Scratch()
        let ledger = try scratch.ledger()
        var count = 0
        while try scratch.segments.count < 2 {
            try scratch.append([Scratch.facts(30)[count]], to: ledger)
            count += 1
        }
        try scratch.git.git("update-ref", "-d", "refs/heads/gradus/ledger/000002", in: scratch.path)
        // The record of the dead one was not answered for, so it is asked for again.
        try scratch.append([Scratch.facts(30)[count - 1]], to: try scratch.ledger())
        #expect(try scratch.segments.count == 2)
        #expect(try scratch.records().filter { $0.fact.service != nil }.map(\.fact) == Array(Scratch.facts(30)[..<count]))
        #expect(try scratch.audit().fault == nil)
    }

    @Test func aSealedLedgerIsReadAsItIs() throws {
        let scratch = try Scratch()
        try scratch.append(Scratch.facts(20), to: try scratch.ledger())
        for segment in try scratch.segments.dropFirst() { try scratch.git.git("update-ref", "-d", segment, in: scratch.path) }
        #expect(try scratch.ledger().load(LedgerScope(allReleases: true)).state == scratch.folded())
        #expect(try scratch.audit().fault == nil)
    }

    @Test(arguments: [
        ("refs/heads/gradus/ledger/000003", "000003"), ("refs/heads/gradus/ledger/notes", "notes"),
        ("refs/heads/gradus/ledger/2", "ledger/2"), ("refs/heads/gradus/ledger/0000002", "0000002"),
    ])
    func aSegmentThatDoesNotLinkIsNamed(_ reference: String, _ part: String) throws {
        let scratch = try Scratch()
        try scratch.append(Scratch.facts(3), to: try scratch.ledger())
        try scratch.git.git("update-ref", reference, "gradus/ledger/000001", in: scratch.path)
        let error = try #require(throws: PromotionError.self) { try scratch.ledger().load(LedgerScope()) }
        #expect(error.kind == .error && error.message.contains(part), "\(error)")
        #expect(try scratch.audit().fault?.contains(part) == true)
    }

    @Test func aMissingFirstSegmentIsNamed() throws {
        let scratch = try Scratch()
        try scratch.append(Scratch.facts(20), to: try scratch.ledger())
        try scratch.git.git("update-ref", "-d", "refs/heads/gradus/ledger/000001", in: scratch.path)
        let error = try #require(throws: PromotionError.self) { try scratch.ledger().load(LedgerScope()) }
        #expect(error.message.contains("000001"), "\(error)")
        #expect(try scratch.audit().fault?.contains("000001") == true)
    }

    @Test func aBranchNamedGradusIsNamed() throws {
        let scratch = try Scratch()
        try scratch.git.git("branch", "gradus", "main", in: scratch.path)
        let error = try #require(throws: PromotionError.self) { try scratch.ledger().load(LedgerScope()) }
        #expect(error.message.contains("branch named 'gradus'"))
    }
}
