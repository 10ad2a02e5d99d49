internal import YAMLEdit

/// The declared name that was probably meant, for errors about names that do not exist.
public enum NearestName {
    /// Nil when none is near.
    public static func of(_ name: String, among known: [String]) -> String? {
        Suggestion.nearest(name, among: known)
    }
}
