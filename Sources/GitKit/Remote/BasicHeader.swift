/// `Authorization: Basic` (RFC 7617).
public enum BasicHeader {
    /// User and password of a whole header line; nil for any other header.
    public static func parse(_ line: String) -> (user: String, password: String)? {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3, words[0].lowercased() == "authorization:", words[1].lowercased() == "basic",
            let bytes = Base64.decoded(words[2])
        else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else { return nil }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
}
