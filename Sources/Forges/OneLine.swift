/// Texts fit for one line.
enum OneLine {
    /// At most so many characters: forges cut longer descriptions off or refuse them.
    static func cut(_ text: String, to length: Int = 140) -> String {
        let line = String(text.map { $0.isNewline ? " " : $0 })
        return line.count <= length ? line : line.prefix(length - 1) + "…"
    }
}
