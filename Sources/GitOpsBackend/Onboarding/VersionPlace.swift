/// One place in a file that holds a version of something.
struct VersionPlace: Hashable {
    /// What an update has to say to write it.
    enum Kind: Hashable {
        case kustomization(image: String)
        case parameter(name: String, source: String?)
        case revision(source: String?)
        case helmValue(path: String)
        case yaml(path: String)
    }

    /// Nil: the target branch.
    var branch: String?
    var file: String
    var kind: Kind
    var value: String
    /// What the file calls itself: `metadata.name`.
    var name: String?
}
