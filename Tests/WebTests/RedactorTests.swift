import Testing
import Web

@Suite struct RedactorTests {
    /// A canary: it must not come out anywhere.
    private static let canary = "c4n4ry/+ \"x\\"

    @Test(arguments: [
        "token c4n4ry/+ \"x\\ end", "Basic YzRuNHJ5LysgIng", "https://h/?t=c4n4ry%2F%2B%20%22x%5C", #"{"t":"c4n4ry/+ \"x\\"}"#,
    ])
    func hidesASecretInEveryFormInWhichItTravels(text: String) {
        let redactor = Redactor()
        redactor.register(Self.canary)
        let hidden = redactor.redact(text)
        #expect(!hidden.contains("c4n4ry"))
        // The start of its Base64 form alone is no secret of ours; the whole of it is.
        #expect(redactor.redact("x YzRuNHJ5LysgInhc y") == "x ***** y")
    }

    @Test func hidesUserInformationInAddresses() {
        #expect(Redactor().redact("see https://u:p@h/a and http://k@h2, ssh://git@h3/x@y") == "see https://*****@h/a and http://*****@h2, ssh://*****@h3/x@y")
    }

    @Test(arguments: ["", "plain", "a://b", "mail a@b.c", "http://h/a@b", "äöü ://"])
    func leavesOtherTextsAlone(text: String) {
        let redactor = Redactor()
        redactor.register("abc")
        redactor.register("")
        #expect(redactor.redact(text) == text)
    }

    @Test func aSecretPrintsAsStars() {
        let secret = Secret("tellnobody", redactor: Redactor())
        #expect("\(secret) \(String(reflecting: secret))" == "***** *****")
        var dumped = ""
        dump(["key": secret], to: &dumped)
        #expect(!dumped.contains("tellnobody"))
    }

    @Test func aMissingSecretNamesItsPlaceAndNothingElse() {
        let error = #expect(throws: WebError.self) { try Secret.environment("ARGOCD_TOKEN", in: ["ARGOCD_TOKEN": " "]) }
        #expect(error?.description == "cannot read the secret ARGOCD_TOKEN: the environment variable ARGOCD_TOKEN is not set")
        #expect(throws: WebError.self) { try Secret.file("/nonexistent/token") }
    }
}
