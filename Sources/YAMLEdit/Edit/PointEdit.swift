/// One change to a file, named by a path.
public enum PointEdit: Sendable, Hashable {
    /// Gives a scalar a new text; its style, anchor, tag and comments stay.
    case set(YAMLPath, to: String, typing: ValueTyping)
    /// Adds an entry at the end of a mapping that has no such key.
    case insert(key: String, value: YAMLContent, into: YAMLPath)
    /// Adds an item at the end of a list.
    case append(YAMLContent, to: YAMLPath)
    /// Removes an entry of a mapping or an item of a list, with the comment on its line.
    ///
    /// A collection that loses its last child stays as `{}` or `[]`.
    case delete(YAMLPath)
    /// As `set`, but what the path lacks is added: keys, and list items that a condition names.
    ///
    /// New values are strings, except `true` and `false` where the type may follow the text.
    case create(YAMLPath, to: String, typing: ValueTyping)
}

/// What an edit inserts.
public indirect enum YAMLContent: Sendable, Hashable {
    public struct Field: Sendable, Hashable {
        public var key: String
        public var value: YAMLContent

        public init(_ key: String, _ value: YAMLContent) {
            self.key = key
            self.value = value
        }
    }

    case string(String)
    /// A number, truth value or null, written as given.
    case plain(String)
    case mapping([Field])
    case sequence([YAMLContent])
}
