/// One change to make to a tree.
public enum TreeChange: Hashable, Sendable {
    /// Puts an object at a path, making the folders it needs.
    case set(path: String, id: ObjectID, mode: FileMode)
    /// Takes a file, or a folder with all it holds, away; folders left empty go too.
    case remove(path: String)

    /// Parts joined by `/`, relative to the tree's top.
    public var path: String {
        switch self {
        case .set(let path, _, _), .remove(let path): path
        }
    }
}
