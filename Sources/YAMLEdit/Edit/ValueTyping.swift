/// What type a written value shall have.
public enum ValueTyping: Sendable, Hashable {
    /// Always a string, quoted if any common parser would read it otherwise: image tags and versions.
    case string
    /// The old value's type if the new text reads as that type unquoted, else a quoted string.
    case keepType
}
