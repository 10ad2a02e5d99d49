import PromotionEngine
import TestSupport
import Testing

/// `approvals: {authenticated: true}`: only what is signed by a listed key counts.
struct AuthenticatedApprovalTests {
    /// A yard whose prod asks for a signed approval; `keys` are listed for olga.
    private func yard(keys: (Yard) throws -> [String]) throws -> Yard {
        let yard = try Yard()
        let listed = try keys(yard).map { "'\($0)'" }.joined(separator: ", ")
        try yard.git.commit(
            [
                "workflows/yard.yaml": Yard.workflow(["web"], lines: ["approvals: {from: [team], authenticated: true}"]),
                "workflows/groups.yaml": "groups: {team: [olga]}\npeople:\n  olga: {name: Olga, ssh_keys: [\(listed)]}\n",
            ], "rules", to: yard.authority)
        try yard("release create web 1.1.0")
        try yard("promote web --to dev")
        try yard("promote web --to prod", exits: 8)
        return yard
    }

    private func approval(_ yard: Yard) throws -> JSONValue {
        let gates = try yard("explain web --to prod -o json").json?["gates"]
        guard case .array(let all)? = gates, let gate = all.first(where: { $0["id"] == "approval" }) else { throw TestSupportError("no gate") }
        return gate
    }

    @Test func aSignedApprovalCounts() throws {
        var key = ""
        let yard = try yard { yard in
            key = try yard.sshKey("olga")
            return [try yard.publicKey(key)]
        }
        let refused = try yard("approve web@prod", exits: 4, adding: ["GRADUS_ACTOR": "olga"])
        #expect(refused.errors.contains("must be signed") && refused.errors.contains("GRADUS_SIGNING_KEY"))
        #expect(try approval(yard)["verdict"] == "waiting")
        try yard("approve web@prod", adding: ["GRADUS_ACTOR": "olga", "GRADUS_SIGNING_KEY": key])
        #expect(try approval(yard)["verdict"] == "passed")
        try yard("promote web --to prod")
        try yard.expectSound()
    }

    @Test func aSignatureOfAnotherKeyDoesNotCountUntilItIsGivenAnew() throws {
        var (own, other) = ("", "")
        let yard = try yard { yard in
            own = try yard.sshKey("olga")
            other = try yard.sshKey("other")
            return [try yard.publicKey(own)]
        }
        try yard("approve web@prod", adding: ["GRADUS_ACTOR": "olga", "GRADUS_SIGNING_KEY": other])
        let gate = try approval(yard)
        #expect(gate["verdict"] == "waiting" && gate["reason"]?.stringValue?.contains("not signed by a key of olga") == true)
        try yard("promote web --to prod", exits: 8)
        let again = try yard("approve web@prod -o json", adding: ["GRADUS_ACTOR": "olga", "GRADUS_SIGNING_KEY": own])
        #expect(again.json?["result"] == "recorded")
        let same = try yard("approve web@prod -o json", adding: ["GRADUS_ACTOR": "olga", "GRADUS_SIGNING_KEY": own])
        #expect(same.json?["result"] == "unchanged")
        try yard("promote web --to prod")
    }

    @Test func aKeyThatIsListedNoMoreSignsNothing() throws {
        var key = ""
        let yard = try yard { yard in
            key = try yard.sshKey("olga")
            return [try yard.publicKey(key)]
        }
        try yard("approve web@prod", adding: ["GRADUS_ACTOR": "olga", "GRADUS_SIGNING_KEY": key])
        try yard.git.commit(["workflows/groups.yaml": "groups: {team: [olga]}\n"], "olga lost her key", to: yard.authority)
        #expect(try approval(yard)["verdict"] == "waiting", "keys are read at admission")
        try yard("promote web --to prod", exits: 8)
    }
}
