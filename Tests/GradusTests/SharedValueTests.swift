import TestSupport
import Testing

/// Values that several services take from one anchor.
@Suite struct SharedValueTests {
    private static let workflow = """
        apiVersion: gradus/v1
        workflow: shop
        services: [web, worker]
        updates:
          - helm_values: "environments/{stage}/values.yaml"
            set: {"{service}.tag": "{version}"}
        stages:
          - {name: dev}

        """

    private func site(_ values: String) throws -> Site {
        var storefront = Storefront.open()
        storefront.more = ["workflows/storefront.yaml": Self.workflow, "environments/dev/values.yaml": values]
        return try Site(.bare, storefront)
    }

    @Test func onePromotionNeverDeploysAnotherServiceByAnAlias() throws {
        let site = try site("web:\n  tag: &v \"1.0.0\"\nworker:\n  tag: *v\n")
        try site("release create web 2.0.0")
        let result = try site("promote web --to dev", exits: 2)
        #expect(result.errors.contains("environments/dev/values.yaml:4: `worker.tag` of worker takes its value from web by an alias"), "\(result.errors)")
        #expect(try site.file("environments/dev/values.yaml").contains("1.0.0"))
        let faults = try site("validate", exits: 2).errors
        #expect(faults.contains("`worker.tag` is the alias `*v`"), "\(faults)")
    }

    @Test func anAliasOfTheServicesOwnFollows() throws {
        let site = try site("web:\n  tag: &v \"1.0.0\"\n  sidecar: *v\nworker:\n  tag: \"1.0.0\"\n")
        try site("validate")
        try site("release create web 2.0.0")
        try site("promote web --to dev")
        #expect(try site.file("environments/dev/values.yaml") == "web:\n  tag: &v \"2.0.0\"\n  sidecar: *v\nworker:\n  tag: \"1.0.0\"\n")
    }
}
