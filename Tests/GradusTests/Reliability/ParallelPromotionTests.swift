import PromotionEngine
import TestSupport
import Testing

/// Thirty pipelines push to one repository at once (issue threads behind this: lost pushes, force-pushes, lost edits).
@Suite(.serialized) struct ParallelPromotionTests {
    private static let services = (1...30).map { "service-\($0)" }

    @Test(arguments: [Place.bare, .gitURL])
    func thirtyAtOnceAllLandAndLoseNoEdit(_ place: Place) throws {
        // Services 1 to 15 have files of their own, 16 to 30 share one.
        var shared = ""
        for service in Self.services.dropFirst(15) { shared += "\(service):\n  tag: \"1.0.0\" # \(service)\n" }
        let site = try Site(place, Self.storefront(shared))
        let rounds = Soak.count(2, soak: 20)
        for round in 1...rounds {
            let version = "1.4.\(round)"
            if round == 1 || Soak.isOn {
                try all(site) { ["release", "create", $0, version] }
            } else {
                for service in Self.services { try site("release create \(service) \(version)") }
            }
            try all(site) { ["promote", $0, "--to", "dev"] }
            for service in Self.services.prefix(15) { #expect(try site.tag(service, "dev") == version) }
            #expect(try site.file("environments/dev/values.yaml") == shared.replacing("1.0.0", with: version))
            #expect(try site.deployments().count == Self.services.count * round)
        }
        let parents = try site.git.git("log", "--format=%P", "main", "gradus/ledger/000001", in: site.authority)
        #expect(parents.split(separator: "\n").allSatisfy { $0.utf8.count == 40 }, "both histories are linear")
        try site.expectSoundLedger()
    }

    private static func storefront(_ shared: String) -> Storefront {
        let workflow = """
            apiVersion: gradus/v1
            workflow: storefront
            services:
            \(services.map { "  - {name: \($0), labels: {own: \"\(Int($0.dropFirst(8)) ?? 0 <= 15)\"}}" }.joined(separator: "\n"))
            updates:
              - kustomization: environments/{stage}/{service}/kustomization.yaml
                image: registry.example/{service}
                for: [own=true]
              - helm_values: environments/{stage}/values.yaml
                set: {"{service}.tag": "{version}"}
                for: [own=false]
            stages:
              - name: dev

            """
        var more = ["workflows/storefront.yaml": workflow, "environments/dev/values.yaml": shared]
        for service in services.prefix(15) { more[Storefront.kustomizationPath(service, "dev")] = Storefront.kustomization(service) }
        return Storefront(services: [], more: more)
    }

    private func all(_ site: Site, _ line: (String) -> [String]) throws {
        let running = try Self.services.map { (line($0), try site.start(line($0))) }
        for (line, process) in running {
            let result = try process.result()
            #expect(result.code == 0, "\(line): \(result)")
        }
    }
}
