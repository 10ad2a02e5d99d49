/// One change to a file, named by a path.
public enum PointEdit: Sendable, Hashable {
    /// Gives a scalar a new text; its style, anchor, tag and comments stay.
    case set(YAMLPath, to: String, typing: ValueTyping)
    /// Adds an entry at the end of a mapping that has no such key.
    case insert(key: String, value: YAMLContent, into: YAMLPath)
    /// Adds an item at the end of a list.
    case append(YAMLContent, to: YAMLPath)
    /// Removes an entry of a mapping or an item of a list, with the comment on its line.
    case delete(YAMLPath)
}

/// What an edit inserts. Scalars are always strings.
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
    case mapping([Field])
    case sequence([YAMLContent])
}
