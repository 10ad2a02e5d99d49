import YAMLEdit

/// An update with the nodes that its validation points at.
struct DeclaredUpdate {
    var update: Update
    var node: YAMLNode
    var file: LocatedText
    /// Every text that may hold placeholders, the file's path first.
    var templates: [LocatedText]
    /// The fields that it writes: a name for each, unexpanded and unique within a file, and the place that declares it.
    var fields: [LocatedText]
    var stages: [LocatedText]
    var services: [LocatedText]
}
