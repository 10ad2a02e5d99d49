import PromotionEngine
import TestSupport
import Testing

/// Many processes at once, and processes that die.
@Suite(.serialized) struct ConcurrencyTests {
    private static let services = (1...10).map { "service-\($0)" }

    @Test(arguments: [Place.cloneOfBare, .cloneOfDaemon, .workTree])
    func parallelPromotionsOfDifferentServicesAllLand(_ place: Place) throws {
        let site = try Site(place, .open(services: Self.services))
        try expectAll(site, Self.services.map { ["release", "create", $0, "1.4.2"] })
        try expectAll(site, Self.services.map { ["promote", $0, "--to", "dev", "-o", "json"] })
        for service in Self.services { #expect(try site.tag(service, "dev") == "1.4.2") }
        #expect(try site.deployments().count == Self.services.count)
        try expectLinear(site)
        if place == .workTree { #expect(try site.git.git("status", "--porcelain", in: site.repo).isEmpty) }
    }

    @Test(arguments: [Place.cloneOfBare, .cloneOfDaemon])
    func parallelEditsOfOneFileLoseNone(_ place: Place) throws {
        var values = ""
        for service in Self.services { values += "\(service):\n  image: {tag: \"1.0.0\"} # \(service)\n" }
        let workflow = """
            apiVersion: gradus/v1
            workflow: storefront
            services: [\(Self.services.joined(separator: ", "))]
            updates:
              - helm_values: environments/{stage}/values.yaml
                set: {"{service}.image.tag": "{version}"}
            stages:
              - name: dev

            """
        let more = ["workflows/storefront.yaml": workflow, "environments/dev/values.yaml": values]
        let site = try Site(place, Storefront(services: [], more: more))
        try expectAll(site, Self.services.map { ["release", "create", $0, "1.4.2"] })
        try expectAll(site, Self.services.map { ["promote", $0, "--to", "dev"] })
        #expect(try site.file("environments/dev/values.yaml") == values.replacing("1.0.0", with: "1.4.2"))
        #expect(try site.deployments().count == Self.services.count)
        try expectLinear(site)
    }

    @Test func parallelPromotionsOfOneServiceAreOne() throws {
        let site = try Site(.cloneOfBare, .open())
        try site("release create checkout 1.4.2")
        try expectAll(site, (1...6).map { _ in ["promote", "checkout", "--to", "dev"] })
        #expect(try site.deployments().count == 1)
        #expect(try site.types().filter { $0 == "delivered" }.count == 1)
        try expectLinear(site)
    }

    @Test func twoReconcilesAreOne() throws {
        let site = try Site(.cloneOfDaemon, .open(automatic: ["dev", "qa", "staging"]))
        try site("release create checkout 1.4.2")
        try expectAll(site, [["reconcile"], ["reconcile"], ["reconcile"]])
        #expect(try site.deployments().count == 3)
        try expectLinear(site)
    }

    /// Starts all, then waits for all; each must end well.
    private func expectAll(_ site: Site, _ lines: [[String]], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let running = try lines.map { try site.start($0) }
        for (line, process) in zip(lines, running) {
            let result = try process.result()
            #expect(result.code == 0, "\(line): \(result)", sourceLocation: sourceLocation)
        }
    }

    private func expectLinear(_ site: Site, sourceLocation: SourceLocation = #_sourceLocation) throws {
        for reference in ["refs/heads/main", "refs/heads/gradus/ledger/000001"] {
            let parents = try site.git.git("log", "--format=%P", reference, in: site.authority)
            #expect(parents.split(separator: "\n").allSatisfy { $0.utf8.count == 40 }, sourceLocation: sourceLocation)
        }
        try site.expectSoundLedger(sourceLocation: sourceLocation)
    }
}
