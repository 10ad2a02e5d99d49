import TestSupport
import Testing

/// Environments in another repository.
@Suite(.serialized) struct ElsewhereTests {
    @Test func aStageInAnotherRepositoryIsPromotedPlannedShownAndVerified() throws {
        let (yard, other) = try yards { "file://" + $0 }
        try expectPromotions(yard, other)
    }

    @Test(.enabled(if: SSHServer.isThere, "openssh-server is not installed"))
    func overSSHToo() throws {
        let (yard, other) = try yards { "file://" + $0 }
        let server = try SSHServer(yard)
        try yard.git.commit(["workflows/yard.yaml": Self.workflow(server.url("other.git"))], "ssh", to: yard.authority)
        yard.repo = server.url()
        yard.variables.merge(server.variables) { $1 }
        try expectPromotions(yard, other)
    }

    @Test func aRemoteRepositoryMayNotNameAPath() throws {
        guard SSHServer.isThere else { return }
        let (yard, _) = try yards { "file://" + $0 }
        let server = try SSHServer(yard)
        yard.repo = server.url()
        yard.variables.merge(server.variables) { $1 }
        try yard("release create web 1.1.0")
        try yard("promote web --to dev")
        let refused = try yard("promote web --to prod", exits: 1)
        #expect(refused.errors.contains("may not name paths on this machine"), "\(refused.errors)")
    }

    @Test func aDeathBetweenThePushAndItsRecordIsRecovered() throws {
        let (yard, other) = try yards { "file://" + $0 }
        try yard("release create web 1.1.0")
        try yard("promote web --to dev")
        // The second move of a reference in this run is that of the other repository's branch.
        _ = try yard.start("promote web --to prod", adding: ["GRADUS_FAILPOINT": "move.after@2"]).result()
        try yard("reconcile")
        try yard("reconcile")
        #expect(try yard.git.commits(in: other).count == 2)
        #expect(try yard.git.blob("prod/web.yaml", in: other).hasPrefix("tag: \"1.1.0\""))
        try yard.expectSound()
    }

    @Test(arguments: [
        ("https://user:word@example.com/x.git", "holds a password"), ("ftp://example.com/x", "is no https, ssh, git or file URL"),
        ("somewhere", "is no URL"), ("https://example.com/x#main", "holds a space, `#`"),
    ])
    func aWrongNameIsToldAtItsPlace(_ name: String, _ says: String) throws {
        let yard = try Yard(["workflows/yard.yaml": Self.workflow(name)])
        let refused = try yard("status", exits: 2)
        #expect(refused.errors.contains("workflows/yard.yaml:") && refused.errors.contains(says), "\(refused.errors)")
    }

    private func expectPromotions(_ yard: Yard, _ other: String) throws {
        try yard("validate")
        try yard("release create web 1.1.0")
        try yard("promote web --to dev")
        let plan = try yard("plan web --to prod")
        #expect(plan.output.contains("+tag: \"1.1.0\" # elsewhere"), "\(plan.output)")
        try yard("promote web --to prod")
        #expect(try yard.git.blob("prod/web.yaml", in: other) == "tag: \"1.1.0\" # elsewhere\n")
        #expect(try yard.git.message(of: "main", in: other).contains("Gradus-Promotion: web-prod-"))
        #expect(try yard.git.commits(in: other).count == 2)
        let matrix = try #require(try yard("matrix -o json").json)
        #expect("\(matrix)".contains("1.1.0"))
        // A change by hand there is seen.
        try yard.git.commit(["prod/web.yaml": "tag: \"0.9.0\" # elsewhere\n"], "by hand", to: other)
        try yard("reconcile")
        #expect(try yard("history").output.contains("0.9.0"))
        yard.repo = yard.authority
        let check = try yard.git.attempt("fsck", "--strict", "--no-dangling", in: other)
        #expect(check.status == 0 && check.output.isEmpty, "\(check)")
    }

    private func yards(_ name: (String) -> String) throws -> (Yard, String) {
        // The path is known only once there is a yard.
        let yard = try Yard()
        let work = try yard.git.makeWorkTree("other-work", ["prod/web.yaml": "tag: \"1.0.0\" # elsewhere\n"])
        let other = try yard.git.makeBareClone(of: work, "other.git")
        try yard.git.commit(["workflows/yard.yaml": Self.workflow(name(other))], "elsewhere", to: yard.authority)
        return (yard, other)
    }

    private static func workflow(_ repository: String) -> String {
        """
        apiVersion: gradus/v1
        workflow: yard
        services: [web]
        updates:
          - yaml: "{environment}/{service}.yaml"
            set: {tag: "{version}"}
        stages:
          - name: dev
            next_stage: prod
          - name: prod
            environment: {repository: "\(repository)", branch: main, path: prod}

        """
    }
}
