import PromotionEngine
import TestSupport
import Testing

/// What a user gets wrong is refused with its place and a way on, and nothing is written.
@Suite struct BadInputTests {
    /// On one repository, which stays as it was: that is the point.
    @Test func aVersionThatIsNoneIsRefused() throws {
        let site = try Site()
        let versions = [
            "", " ", "1.4.2 beta", "1.4.2\tbeta", "..", "../1.4.2", "1/../2", "a/b", "1.4.2\n", "1\n2", "-1", ".",
            ".hidden", "1.4.2\u{1B}[31m", "1.4.2;ls", "{version}", String(repeating: "9", count: 300),
        ]
        for version in versions {
            for command in [["release", "create", "checkout"], ["promote", "checkout", "--to", "dev", "--version"]] {
                let result = try site.run(command + [version, "-o", "json"])
                #expect(result.code == 2, "\(command) \(version): \(result)")
                #expect(result.json?.text("kind") == "Error", "\(command) \(version): \(result)")
                #expect(!(result.output + result.errors).contains("\u{1B}"), "a terminal would obey \(version)")
            }
        }
        #expect(try site.git.references("refs/heads/gradus", in: site.authority).isEmpty)
    }

    @Test(arguments: ["1.4.2", "2026-10-15.1", "v1.4.2-rc.1+build.7", "4f2a91c", "release_7"])
    func aVersionOfTheUsualFormsIsTaken(_ version: String) throws {
        let site = try Site(.bare, .open())
        try site("release create checkout \(version)")
        try site("promote checkout --to dev")
        let tag = try site.tag("checkout", "dev")
        #expect(tag == version || tag == "\"\(version)\"", "an image tag is a string: \(tag)")
        try site.expectSoundLedger()
    }

    @Test(arguments: [
        ("promote chekout --to dev", "checkout"), ("promote checkout --to pord", "prod"),
        ("plan chekout --to dev", "checkout"), ("explain checkout --to stagin", "staging"),
        ("release create chekout 1.4.2", "checkout"), ("release list chekout", "checkout"),
        ("report checkout 1.4.2 --stage stagin smoke_tests=pass", "staging"), ("reconcile --service chekout", "checkout"),
        ("reconcile --stage stagin", "staging"), ("reconcile --workflow storefrnt", "storefront"),
        ("status chekout", "checkout"), ("approve checkout@pord", "prod"),
    ])
    func anUnknownNameIsToldWithTheNearest(_ line: String, _ nearest: String) throws {
        let site = try Site()
        let result = try site(line, exits: 2)
        #expect(result.errors.contains("did you mean '\(nearest)'?"), "\(result.errors)")
        #expect(result.output.isEmpty)
        #expect(try site.git.references("refs/heads/gradus", in: site.authority).isEmpty)
    }

    @Test(arguments: [
        "report checkout 9.9.9 test_pass_rate=100", "promote checkout --to dev --version 9.9.9",
        "approve checkout@prod --version 9.9.9", "release show checkout 9.9.9",
        "report checkout 9.9.9 --stage dev --health Healthy --revision 0123456789012345678901234567890123456789",
    ])
    func aVersionThatIsNotRegisteredIsAUsageError(_ line: String) throws {
        let site = try Site()
        try site("release create checkout 1.4.2")
        let result = try site(line, exits: 2, as: "olga")
        #expect(result.errors.contains("gradus release create checkout 9.9.9") && result.errors.contains("1.4.2"), "\(result.errors)")
    }

    @Test func anUnknownKeyOfAWorkflowIsToldWithItsPlace() throws {
        let rules = ["dev": ["approvel_required: true"]]
        let site = try Site(.cloneOfBare, Storefront(automatic: [], rules: rules))
        for line in ["validate", "promote checkout --to dev", "matrix", "release create checkout 1.4.2", "reconcile"] {
            let result = try site(line, exits: 2)
            #expect(result.errors.contains("workflows/storefront.yaml:13:5: error: "), "\(result.errors)")
            #expect(result.errors.contains("approval_required") && result.errors.contains("^"), "\(result.errors)")
        }
        let document = try site.json("validate", exits: 2)
        #expect(document["apiVersion"] != nil)
    }

    @Test func allFaultsOfAllFilesAreToldAtOnce() throws {
        let rules = ["dev": ["approvel_required: true"], "qa": ["exit_criteria: [{soak_duration: soon}]"]]
        let site = try Site(.cloneOfBare, Storefront(rules: rules, more: ["workflows/groups.yaml": "groups: {a: [x]}\npeple: {}\n"]))
        let errors = try site("validate", exits: 2).errors
        for part in ["storefront.yaml:13:5", "soak_duration", "groups.yaml:2:1"] { #expect(errors.contains(part), "\(errors)") }
    }

    @Test func anUpdateWithoutItsFileNamesTheNearest() throws {
        var storefront = Storefront.open()
        storefront.more = ["environments/dev/paymnt/kustomization.yaml": Storefront.kustomization("payment")]
        storefront.more["workflows/storefront.yaml"] = storefront.workflow.replacing("[checkout, web]", with: "[checkout, web, payment]")
        let site = try Site(.cloneOfBare, storefront)
        try site("release create payment 1.0.1")
        let result = try site("promote payment --to dev", exits: 2)
        #expect(result.errors.contains("environments/dev/payment/kustomization.yaml"), "\(result.errors)")
        #expect(result.errors.contains("did you mean 'paymnt'?"), "\(result.errors)")
        #expect(try site("validate", exits: 2).errors.contains("environments/dev/payment/kustomization.yaml"))
        #expect(try site.types() == ["segment.opened", "release.registered"] && site.deployments().isEmpty)
    }

    @Test func anUpdateWithoutItsFieldNamesTheNearest() throws {
        var storefront = Storefront.open()
        let path = Storefront.kustomizationPath("checkout", "dev")
        storefront.more = [path: Storefront.kustomization("checkout").replacing("name: registry.example/checkout ", with: "name: registry.example/chekout ")]
        let site = try Site(.bare, storefront)
        try site("release create checkout 1.4.2")
        let result = try site("promote checkout --to dev", exits: 2)
        #expect(result.errors.contains("\(path):") && result.errors.contains("registry.example/chekout"), "\(result.errors)")
        #expect(try site.deployments().isEmpty && site.types() == ["segment.opened", "release.registered"])
    }

    @Test func registeringOtherContentIsAConflict() throws {
        let site = try Site()
        try site("release create checkout 1.4.2 --image registry.example/checkout:1.4.2")
        try site("release create checkout 1.4.2 --image registry.example/checkout:1.4.2", as: "olga")
        let error = try site.json("release create checkout 1.4.2 --image registry.example/checkout:1.4.2-hot", exits: 9)
        #expect(error["exit_code"] == 9 && error.text("kind") == "Error")
        #expect(try site.types() == ["segment.opened", "release.registered"])
    }

    /// On one repository, in whose ledger nothing is added.
    @Test func usageErrorsAreOneDocument() throws {
        let site = try Site()
        try site("release create checkout 1.4.2")
        let lines = [
            ["report", "checkout", "1.4.2", "test_pass_rate=many"], ["report", "checkout", "1.4.2", "test_pass_rate"],
            ["report", "checkout", "1.4.2", "=100"], ["report", "checkout", "1.4.2", "a=1", "a=2"],
            ["report", "checkout", "1.4.2", "note=two\nlines"], ["report", "checkout", "1.4.2"],
            ["report", "checkout", "1.4.2", "--stage", "dev", "--health", "Fine", "--revision", "0"],
            ["report", "checkout", "1.4.2", "--stage", "dev", "--health", "Healthy", "--revision", "HEAD"],
            ["release", "create", "checkout", "1.4.3", "--image", "registry.example/checkout"],
            ["promote", "checkout"], ["promote"], ["promote", "checkout", "--to"], ["promote", "checkout", "--to", "dev", "--force"],
            ["promote", "checkout", "--to", "dev", "--timeout", "soon"], ["history", "--since", "yesterday"], ["frobnicate"], [],
            ["promote", "checkout", "--to", "dev", "--actor", "two\nlines"],
        ]
        for line in lines {
            // What is missing or wrong may be an option of the whole command, so the form of the output comes first.
            let result = try site.run(["-o", "json"] + line)
            #expect(result.code == 2, "\(line): \(result)")
            let document = try #require(result.json, "\(line): \(result.output)")
            #expect(document.text("kind") == "Error" && document["exit_code"] == 2, "\(line): \(document)")
            #expect(document.text("apiVersion") == "gradus/v1" && document.text("message")?.isEmpty == false)
            #expect(result.errors.contains("Error: "))
        }
        #expect(try site.types() == ["segment.opened", "release.registered"])
    }
}
