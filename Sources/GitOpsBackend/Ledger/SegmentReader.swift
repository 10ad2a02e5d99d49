import GitKit
import PromotionEngine

/// Reads the end of the ledger from Git and checks that it holds together.
struct SegmentReader {
    let authority: any Authority

    var repository: Repository { authority.repository }

    /// The newest end; nil for an empty ledger. `known` is an end read before: only what came after it is read.
    ///
    /// Throws `PromotionError` naming the reference or record that is wrong.
    func end(after known: SegmentEnd?) throws -> SegmentEnd? {
        // Only the active segment is read: a fresh machine does not fetch those that are sealed.
        let references = try authority.listing(withPrefix: LedgerNames.prefix)
        if references.isEmpty {
            guard try authority.target(of: LedgerNames.blocking) == nil else {
                throw fault(
                    "a branch named 'gradus' stands where the ledger must be",
                    hint: "rename it: `git branch -m gradus SOMETHING-ELSE` in \(authority.name)")
            }
            return nil
        }
        for reference in references where LedgerNames.number(of: reference.name) == nil {
            throw unlinked(reference.name, "its name is not that of a segment")
        }
        let active = references[references.count - 1]
        let segment = LedgerNames.number(of: active.name) ?? 0
        try authority.provide(active.name, target: active.target)
        let end = try known.flatMap { $0.head == active.target ? $0 : nil }
            ?? read(active.target, segment: segment, after: known)
        guard end.mark.segment == segment else {
            throw unlinked(active.name, "it holds segment \(end.mark.segment)")
        }
        let before = references.dropLast().last
        guard end.mark.previousCommit == before?.target.hex, before.map({ $0.name == LedgerNames.segment(segment - 1) }) ?? (segment == 1)
        else {
            throw unlinked(
                active.name,
                "it follows \(end.mark.previousCommit ?? "nothing"), but \(LedgerNames.segment(segment - 1)) is \(before?.target.hex ?? "missing")")
        }
        return end
    }

    /// Walks back to the last checkpoint, or to what is known.
    func read(_ head: ObjectID, segment: Int, after known: SegmentEnd?) throws -> SegmentEnd {
        var messages: [(commit: Commit, message: String)] = []
        var current: ObjectID? = head
        while let id = current {
            if let known, id == known.head {
                return try extend(known, with: messages.reversed().map(\.commit), head: head)
            }
            let commit = try repository.commit(id)
            messages.append((commit, commit.message))
            if RecordMessage.carriesCheckpoint(commit.message) { break }
            guard commit.parents.count <= 1 else { throw fault("commit \(id) of the ledger has several parents") }
            current = commit.parents.first
        }
        let commits = messages.reversed().map(\.commit)
        guard let first = commits.first else { throw fault("the ledger is empty") }
        let record = try chained(first)
        guard let mark = record.checkpoint else {
            throw fault("record \(record.seq) begins a segment without a checkpoint", hint: Self.verifyHint)
        }
        guard mark.digest == first.tree.hex else {
            throw fault(
                "the checkpoint of record \(record.seq) is \(first.tree), but the record names \(mark.digest)", hint: Self.verifyHint)
        }
        guard mark.schema == CheckpointMark.currentSchema else {
            throw fault(
                "the checkpoint of record \(record.seq) has schema \(mark.schema), which this version of gradus does not know",
                hint: "upgrade gradus")
        }
        let global = try CheckpointReader(repository: repository, tree: first.tree).json(CheckpointFiles.global)
        guard let place = SegmentMark(global?["segment"]) else {
            throw fault("the checkpoint of record \(record.seq) does not name its segment", hint: Self.verifyHint)
        }
        let start = SegmentEnd(
            segment: segment, head: first.id, checkpointTree: first.tree, checkpointSeq: mark.seq, tail: [record],
            mark: place)
        return try extend(start, with: Array(commits.dropFirst()), head: head)
    }

    /// The records from number `seq` up to an end, oldest first, also those of the segments before.
    func records(from seq: Int, to end: SegmentEnd) throws -> [LedgerRecord] {
        var newestFirst: [LedgerRecord] = []
        var current: ObjectID? = end.head
        while let id = current {
            let commit = try repository.commit(id)
            let record = try chained(commit)
            guard record.seq >= seq else { break }
            newestFirst.append(record)
            current = commit.parents.first
            guard case .segmentOpened(let opened) = record.fact, let before = opened.previous, record.seq > seq else { continue }
            current = ObjectID(hex: before.commit)
            // A fresh machine has fetched the active segment alone.
            if let current { try authority.provide(LedgerNames.segment(opened.segment - 1), target: current) }
        }
        return newestFirst.reversed()
    }

    private func extend(_ end: SegmentEnd, with commits: [Commit], head: ObjectID) throws -> SegmentEnd {
        var tail = end.tail
        var tree = end.checkpointTree
        var checkpointSeq = end.checkpointSeq
        for commit in commits {
            let last = tail[tail.count - 1]
            let record = try record(commit, previousHash: last.hash)
            guard record.seq == last.seq + 1 else {
                throw fault("record \(record.seq) follows record \(last.seq)", hint: Self.verifyHint)
            }
            if let mark = record.checkpoint {
                guard mark.digest == commit.tree.hex, mark.seq == last.seq else {
                    throw fault("the checkpoint of record \(record.seq) is not the one that it names", hint: Self.verifyHint)
                }
                tree = commit.tree
                checkpointSeq = mark.seq
                tail = []
            } else if commit.tree != tree {
                throw fault("record \(record.seq) changes the checkpoint without saying so", hint: Self.verifyHint)
            }
            tail.append(record)
        }
        return SegmentEnd(
            segment: end.segment, head: head, checkpointTree: tree, checkpointSeq: checkpointSeq, tail: tail,
            mark: end.mark)
    }

    private func record(_ commit: Commit, previousHash: String) throws -> LedgerRecord {
        do {
            return try RecordMessage.record(in: commit.message, previousHash: previousHash)
        } catch {
            throw fault("the ledger's commit \(commit.id) \(error)", hint: Self.verifyHint)
        }
    }

    /// A commit's record, chained to its parent, or to what it names itself when it opens a segment.
    private func chained(_ commit: Commit) throws -> LedgerRecord {
        guard let parent = commit.parents.first else {
            do {
                return try RecordMessage.openingRecord(in: commit.message)
            } catch {
                throw fault("the ledger's commit \(commit.id) \(error)", hint: Self.verifyHint)
            }
        }
        guard let hash = RecordMessage.claimedHash(in: try repository.commit(parent).message) else {
            throw fault("the ledger's commit \(parent) is no record", hint: Self.verifyHint)
        }
        return try record(commit, previousHash: hash)
    }

    static let verifyHint = "`gradus audit verify` names the first bad record"

    private func fault(_ message: String, hint: String? = nil) -> PromotionError {
        PromotionError(.error, message, hint: hint)
    }

    private func unlinked(_ reference: String, _ why: String) -> PromotionError {
        fault(
            LedgerFault.unlinked(reference, why),
            hint: "nothing is decided until it is mended: restore it from a backup, or if it is no part of the ledger delete it: "
                + (authority is MirrorAuthority ? "`git push \(authority.name) :\(reference)`" : "`git -C \(authority.name) update-ref -d \(reference)`"))
    }
}
