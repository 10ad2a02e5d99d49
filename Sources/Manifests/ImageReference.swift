/// An image as manifests write it: `registry.example:5000/shop/web:1.0@sha256:…`.
public struct ImageReference: Sendable, Hashable, CustomStringConvertible {
    public var name: String
    public var tag: String?
    public var digest: String?

    public init(name: String, tag: String? = nil, digest: String? = nil) {
        self.name = name
        self.tag = tag
        self.digest = digest
    }

    /// Splits a reference as kustomize does; nil if the name is empty.
    ///
    /// A `:` in front of the first `/` belongs to the registry's port. The first `@` begins the digest, the first `:` before it
    /// the tag. So `localhost:5000` alone is the name `localhost` with the tag `5000`. Tag and digest are not validated.
    public init?(_ text: String) {
        let slash = text.firstIndex(of: "/")
        let searchStart = slash ?? text.startIndex
        let at = text[searchStart...].firstIndex(of: "@")
        let colon = text[searchStart..<(at ?? text.endIndex)].firstIndex(of: ":")
        name = String(text[..<(colon ?? at ?? text.endIndex)])
        guard !name.isEmpty else { return nil }
        if let colon {
            let tag = text[text.index(after: colon)..<(at ?? text.endIndex)]
            self.tag = tag.isEmpty ? nil : String(tag)
        }
        if let at {
            let digest = text[text.index(after: at)...]
            self.digest = digest.isEmpty ? nil : String(digest)
        }
    }

    public var description: String {
        name + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }
}
