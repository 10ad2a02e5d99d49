import Testing
import WorkflowModel

@Suite struct PlaceholderTemplateTests {
    private static let values = [
        "service": "web", "version": "1.4.2", "stage": "qa", "environment": "environments/qa", "chart": "shop",
        "image[registry.example/web].tag": "1.4.2",
    ]

    @Test(arguments: [
        ("", ""),
        ("plain", "plain"),
        ("v{version}", "v1.4.2"),
        ("{environment}/applications/{service}.yaml", "environments/qa/applications/web.yaml"),
        ("{chart}-{version}-{chart}", "shop-1.4.2-shop"),
        ("{image[registry.example/web].tag}", "1.4.2"),
        ("é{service}é", "éwebé"),
        ("open {service", "open {service"),
        ("closed} {service}", "closed} web"),
    ])
    func expandsEveryPlaceholder(template: String, expected: String) throws {
        #expect(try PlaceholderTemplate(template).expanded { Self.values[$0] } == expected)
    }

    @Test(arguments: [("{}", ""), ("{servce}", "servce"), ("{service} { version}", " version"), ("{{ .Values.tag }}", "{ .Values.tag ")])
    func throwsTheUnknownPlaceholder(template: String, name: String) {
        #expect(throws: UnknownPlaceholder(name: name)) {
            try PlaceholderTemplate(template).expanded { Self.values[$0] }
        }
    }

    @Test func doesNotExpandValuesAgain() throws {
        #expect(try PlaceholderTemplate("{a}").expanded { _ in "{a}" } == "{a}")
    }

    @Test func listsPlaceholdersInOrder() {
        #expect(PlaceholderTemplate("{a}/{b}/{a}").placeholders == ["a", "b", "a"])
        #expect(PlaceholderTemplate("a").placeholders.isEmpty)
    }

    @Test(arguments: [("{a}", true), ("a}", true), ("{a", false), ("{a}{", false)])
    func tellsAnUnclosedBrace(template: String, isClosed: Bool) {
        #expect(PlaceholderTemplate(template).isClosed == isClosed)
    }

    @Test(arguments: [
        ("{version}", "1.4.2", "1.4.2"),
        ("v{version}", "v1.4.2", "1.4.2"),
        ("v{version}", "1.4.2", nil),
        ("v{version}", "v", nil),
        ("{version}-{stage}", "1.4.2-qa", "1.4.2"),
        ("{version}-{stage}", "1.4.2-prod", nil),
        ("{version}+{tag}", "1.4.2+1.4.2", "1.4.2"),
        ("{version}+{tag}", "1.4.2+1.4.3", nil),
        ("{version}{version}", "aa", "a"),
        ("{version}{version}", "aaa", nil),
        ("{service}-{version}", "web-7", "7"),
        ("{missing}-{version}", "web-7", nil),
        ("{service}", "web", nil),
        ("constant", "constant", nil),
        ("é{version}", "é1", "1"),
    ] as [(String, String, String?)])
    func solvesForTheVersion(template: String, text: String, expected: String?) {
        let solution = PlaceholderTemplate(template).solving(["version", "tag"], for: text) { Self.values[$0] }
        #expect(solution == expected)
    }

    @Test func neverSplitsACharacterWhenSolving() {
        // Four bytes shared by two placeholders of one byte plus a two-byte letter would cut the letter.
        #expect(PlaceholderTemplate("{version}{tag}").solving(["version", "tag"], for: "é") { _ in nil } == nil)
    }

    @Test(arguments: [
        ("service", true), ("image", true), ("image[web].tag", true), ("image[r.example:5/web].digest", true),
        ("image[web]", false), ("image[].tag", false), ("image[web].name", false), ("chart", false), ("", false),
    ])
    func knowsTheBuiltInPlaceholders(name: String, isBuiltIn: Bool) {
        #expect(Placeholder.isBuiltIn(name) == isBuiltIn)
    }

    @Test func readsTheImageOfAPlaceholder() throws {
        let image = try #require(Placeholder.image(in: "image[registry.example/web].digest"))
        #expect(image.name == "registry.example/web")
        #expect(image.part == "digest")
    }
}
