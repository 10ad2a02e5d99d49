import PromotionEngine

/// Two stages side by side, for people.
struct StageDiffText {
    let comparisons: [StageComparison]
    let first: String
    let second: String
    let style: Style
    let showsFiles: Bool
    let time: RelativeTime

    var text: String { PromotionText.paragraphs(table, details) }

    private var table: String {
        guard !comparisons.isEmpty else { return "No workflow has a service in both stages." }
        var table = Table(["SERVICE", first.uppercased(), second.uppercased(), "BETWEEN THEM"].map(style.dim))
        for item in comparisons {
            table.add([
                style.bold(item.service), item.first.version ?? "-", item.second.version ?? "-",
                item.isSame ? style.green("✓ same") : style.yellow("≠ " + distance(item)),
            ])
        }
        return table.text
    }

    private func distance(_ item: StageComparison) -> String {
        let count = item.releases.count
        let ahead = item.isFirstNewer.map { "\($0 ? first : second) is \(Counted.of(count, "release")) ahead" }
        let range = item.range.map { "commits \($0.older.prefix(10))..\($0.newer.prefix(10))" }
        return [ahead ?? Self.unknown(item), range].compactMap(\.self).joined(separator: ", ")
    }

    private static func unknown(_ item: StageComparison) -> String {
        guard !item.unregistered.isEmpty else { return "differ" }
        return "differ; \(item.unregistered.joined(separator: ", ")) not registered"
    }

    private var details: String {
        comparisons.filter { !$0.isSame }.map { item in
            var table = Table()
            for release in item.releases.reversed() {
                table.add(["  " + release.version, style.dim(time.text(release.registeredAt)), release.registeredBy, release.commit.map { String($0.prefix(10)) } ?? ""])
            }
            let changes = item.changes.map { "  \(style.dim(String($0.commit.prefix(10)))) \($0.subject) \(style.dim("(\($0.author))"))" }
            let patch = showsFiles ? (item.patch.isEmpty ? "No file differs." : style.patch(item.patch)) : ""
            let body = PromotionText.paragraphs(table.text, changes.joined(separator: "\n"), patch)
            return body.isEmpty ? "" : style.bold(item.service) + "\n" + body
        }.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}
