/// Names what a commit holds, folder by folder, for finding services; the bytes of files are not asked for.
public protocol PathLister {
    /// The entries of a folder, the top for `""`, in any order; nil when there is no such folder.
    func entries(of folder: String) throws -> [PathEntry]?
    /// Whether a path is a folder; nil when it does not exist.
    func isFolder(_ path: String) throws -> Bool?
}

/// One name in a folder.
public struct PathEntry: Sendable, Hashable {
    public var name: String
    public var isFolder: Bool

    public init(name: String, isFolder: Bool) {
        self.name = name
        self.isFolder = isFolder
    }
}

extension PathLister {
    /// True for a file, and for a folder only with `orFolder`.
    public func holds(_ path: String, orFolder: Bool = false) throws -> Bool {
        try isFolder(path).map { orFolder || !$0 } ?? false
    }

    /// What a path that does not exist was probably meant to be: the path with its first wrong part mended.
    ///
    /// Nil when nothing in the folder comes near.
    public func nearest(to path: String) throws -> String? {
        var known = ""
        let parts = path.split(separator: "/").map(String.init)
        for (position, part) in parts.enumerated() {
            guard let entries = try entries(of: known) else { return nil }
            if entries.contains(where: { $0.name == part }) {
                known = known.isEmpty ? part : known + "/" + part
                continue
            }
            guard let near = NearestName.of(part, among: entries.map(\.name).sorted()) else { return nil }
            let mended = (known.isEmpty ? [] : [known]) + [near] + parts[(position + 1)...]
            return mended.joined(separator: "/")
        }
        return nil
    }
}

/// A list of files in memory, for tests and for repositories that were listed once.
public struct ListedPaths: PathLister, Sendable {
    private var folders: [String: Set<PathEntry>] = ["": []]

    public init(_ files: some Sequence<String>) {
        for file in files {
            var rest = file[...]
            var isFolder = false
            while true {
                let (folder, name) = RepositoryPath.split(String(rest))
                folders[folder, default: []].insert(PathEntry(name: name, isFolder: isFolder))
                if folder.isEmpty { break }
                rest = folder[...]
                isFolder = true
            }
        }
    }

    public func entries(of folder: String) -> [PathEntry]? { folders[folder].map(Array.init) }

    public func isFolder(_ path: String) -> Bool? {
        if folders[path] != nil { return true }
        let (folder, name) = RepositoryPath.split(path)
        return folders[folder]?.contains(PathEntry(name: name, isFolder: false)) == true ? false : nil
    }
}
