/// One line of a file of allowed signers (ssh-keygen(1), "ALLOWED SIGNERS").
struct AllowedSigner {
    let text: String
    let principals: [String]
    /// Restrictions that must be asked about; nil: none that concerns git.
    let options: String?
    let isAuthority: Bool
    /// The public key in SSH's wire format.
    let key: [UInt8]

    /// Nil for a line that is none.
    init?(_ text: String) {
        let words = Self.words(text)
        guard let names = words.first, words.count >= 3 else { return nil }
        let hasOptions = !Self.isKeyType(words[1])
        let position = hasOptions ? 2 : 1
        guard words.count > position + 1, Self.isKeyType(words[position]), let key = Base64.decoded(words[position + 1]) else {
            return nil
        }
        var wire = SSHWire(key)
        guard wire.text() == words[position] else { return nil }
        self.text = text
        self.key = key
        principals = names.filter { $0 != "\"" }.split(separator: ",").map(String.init)
        let given = hasOptions ? words[1] : nil
        options = given == "namespaces=\"git\"" ? nil : given
        isAuthority = given?.lowercased().split(separator: ",").contains("cert-authority") ?? false
    }

    private static func isKeyType(_ word: String) -> Bool {
        ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"].contains { word.hasPrefix($0) } && !word.contains("=")
    }

    /// The words of a line; quotes hold spaces together and stay.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if !isQuoted, character == " " || character == "\t" {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else if character != "\r" {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}
