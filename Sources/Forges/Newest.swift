internal import PromotionEngine

/// Keeps what a list holds newest of each name.
enum Newest {
    /// In order of names; required ones that are missing are pending.
    ///
    /// - Parameter checks: newest last.
    static func checks(_ checks: [ForgeCheck], required: [String]) -> [ForgeCheck] {
        var found: [String: ForgeCheck] = [:]
        for check in checks { found[check.name] = check }
        for name in required where found[name] == nil { found[name] = ForgeCheck(name: name, state: .pending) }
        return found.values.sorted { $0.name < $1.name }
    }

    /// In order of names.
    ///
    /// - Parameter reviews: newest last.
    static func reviews(_ reviews: [ForgeReview]) -> [ForgeReview] {
        var found: [String: ForgeReview] = [:]
        for review in reviews { found[review.reviewer] = review }
        return found.values.sorted { $0.reviewer < $1.reviewer }
    }

    /// The open one of a branch's pull requests; else the one that ended last.
    ///
    /// - Parameter ended: a time that sorts as text.
    static func pull<Item>(_ items: [Item], isOpen: (Item) -> Bool, ended: (Item) -> String) -> Item? {
        items.first(where: isOpen) ?? items.max { ended($0) < ended($1) }
    }
}
