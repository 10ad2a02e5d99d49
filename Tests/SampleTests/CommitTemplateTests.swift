import Testing

/// What can be said of `templates/commit.mustache` without rendering it.
@Suite struct CommitTemplateTests {
    private static let path = "templates/commit.mustache"
    /// What a promotion hands to the template.
    private static let variables: Set<String> = [
        "service", "version", "stage", "from", "workflow", "promotion", "requester", "reason", "ticket", "approvers",
        "edits",
    ]
    private static let itemVariables: Set<String> = ["name", "file", "field", "old", "new"]

    /// The tags without braces: sigil and name.
    private static func tags(_ text: String) -> [(sigil: Character?, name: String)] {
        var tags: [(sigil: Character?, name: String)] = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            let content = rest[open.upperBound..<close.lowerBound]
            rest = rest[close.upperBound...]
            let sigil = content.first.flatMap { "#^/!&>".contains($0) ? $0 : nil }
            tags.append((sigil, String(sigil == nil ? content : content.dropFirst())))
        }
        return tags
    }

    @Test func usesOnlyVariablesThatAPromotionGives() throws {
        let used = Self.tags(try SampleFiles.text(Self.path)).filter { $0.sigil != "!" }
        #expect(used.count > 10)
        for tag in used {
            #expect(Self.variables.union(Self.itemVariables).contains(tag.name), "unknown variable \(tag.name)")
        }
    }

    @Test func closesEverySection() throws {
        var open: [String] = []
        for tag in Self.tags(try SampleFiles.text(Self.path)) {
            switch tag.sigil {
            case "#", "^": open.append(tag.name)
            case "/": #expect(open.popLast() == tag.name)
            default: break
            }
        }
        #expect(open == [])
    }

    @Test func beginsWithTheSubjectAndAnEmptyLine() throws {
        let text = try SampleFiles.text(Self.path)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { $0.hasPrefix("{{!") }
        #expect(lines.first == "Promote {{service}} {{version}} to {{stage}}")
        #expect(lines.dropFirst().first?.isEmpty == true)
    }

    /// Trailers belong to the engine, which finds promotions by them.
    @Test func holdsNoLineThatGitReadsAsATrailer() throws {
        for line in try SampleFiles.text(Self.path).split(separator: "\n") {
            let token = line.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            #expect(token.isEmpty || line[token.endIndex...].drop { $0 == " " }.first != ":", "\(line)")
        }
    }
}
