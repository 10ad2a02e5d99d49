import Manifests
import Testing

/// Which references registries and clusters take.
@Suite struct ImageReferenceFaultTests {
    private static let sha256 = String(repeating: "0123456789abcdef", count: 4)

    @Test(arguments: [
        "web:1", "shop/web:1.4.2", "registry.example/shop/web:1.4.2", "localhost:5000/web:1", "localhost/web:1", "localhost:5000",
        "registry.example:5000/a/b__c/d-e---f.g:_x", "[2001:db8::1]:5000/web:1", "IMAGE:1", "Registry.Example/web:1",
        "web@sha256:\(sha256)", "web:1@sha256:\(sha256)", "web@sha512:\(sha256)\(sha256)", "web@multihash+base58:\(sha256.uppercased())",
        "web:\(String(repeating: "x", count: 128))",
    ])
    func aGoodReferenceHasNoFault(_ text: String) {
        #expect(ImageReference(text).map { $0.fault == nil } == true, "\(ImageReference(text)?.fault ?? "")")
    }

    @Test(arguments: [
        ("web:bad tag", "no tag"), ("web:.1", "no tag"), ("web:-1", "no tag"), ("web:1+2", "no tag"), ("web:é", "no tag"),
        ("web:\(String(repeating: "x", count: 129))", "more than 128"), ("web:1:2", "no tag"),
        ("web@sha256:abc", "64"), ("web@sha256:\(sha256.uppercased())", "64"), ("web@sha512:\(sha256)", "128"),
        ("web@sha256", "no digest"), ("web@other:abc", "at least 32"), ("web@:\(sha256)", "no digest"), ("web@a b:\(sha256)", "no digest"),
        ("shop/Web:1", "lower case"), ("registry.example/-web:1", "no part"), ("a..b/web:1", "no name of a registry"),
        ("https://registry.example/web:1", "no name of a registry"), ("registry.example:port/web:1", "no name of a registry"),
        ("shop//web:1", "no part"), ("a___b:1", "no name"), ("we b:1", "no name"), ("/web:1", "no part"),
        ("\(String(repeating: "a", count: 256)):1", "255"),
    ])
    func aFaultIsNamed(_ text: String, _ fault: String) {
        #expect(ImageReference(text)?.fault?.contains(fault) == true, "\(ImageReference(text)?.fault ?? "none")")
    }
}
