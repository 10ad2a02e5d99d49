import Glibc

/// Local references for the objects of one push: libgit2 1.5 takes nothing but a reference as a push's source.
///
/// Named `refs/gradus-push/<second>-<process>-<nanosecond>-<number>`. A process that is killed leaves them behind,
/// where they only keep objects from being collected; the next push removes those older than a day.
final class PushSources {
    private static let prefix = "refs/gradus-push/"
    private static let leftAfterSeconds = 24 * 60 * 60

    private let repository: Repository
    private let targets: [ObjectID?]
    /// In the order of the updates; nil for one that deletes.
    private(set) var names: [String?] = []

    init(_ repository: Repository, _ updates: [PushUpdate]) throws(GitError) {
        self.repository = repository
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let unique = "\(now.tv_sec)-\(getpid())-\(now.tv_nsec)"
        targets = updates.map(\.new)
        try removeLeftovers(before: now.tv_sec - Self.leftAfterSeconds)
        for (number, target) in targets.enumerated() {
            guard let target else {
                names.append(nil)
                continue
            }
            let name = "\(Self.prefix)\(unique)-\(number)"
            guard try repository.moveReference(name, from: nil, to: target, logMessage: "push") == .moved else {
                remove()
                throw .refused("push from", name, "the temporary reference exists", code: .exists)
            }
            names.append(name)
        }
    }

    /// Removes the references.
    func remove() {
        for case (let name?, let target?) in zip(names, targets) {
            do throws(GitError) {
                _ = try repository.deleteReference(name, expecting: target)
            } catch {
                // What the server answered counts; a reference that stays is removed by a later push.
                continue
            }
        }
        names = []
    }

    private func removeLeftovers(before second: Int) throws(GitError) {
        for (name, target) in try repository.references(withPrefix: Self.prefix) {
            guard let begun = name.dropFirst(Self.prefix.count).split(separator: "-").first.flatMap({ Int($0) }),
                begun < second
            else { continue }
            _ = try repository.deleteReference(name, expecting: target)
        }
    }
}
