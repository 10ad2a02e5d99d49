/// What can be put back of a promotion's values, byte for byte, and what cannot.
public struct Restoration: Sendable, Hashable {
    /// A field that keeps what it holds.
    public struct Obstacle: Sendable, Hashable {
        public enum Cause: Sendable, Hashable {
            /// The file or the field is not there any more.
            case gone
            /// It holds neither what the promotion wrote nor what stood before.
            case changed
            /// What stood before has other bytes than can be put in the value's place, or is a whole file or folder.
            case shape
        }

        /// From what it holds now to what it held before.
        public let field: FieldEdit
        /// What the promotion wrote; nil where that is not known.
        public let written: String?
        public let cause: Cause

        public init(_ field: FieldEdit, written: String?, cause: Cause) {
            self.field = field
            self.written = written
            self.cause = cause
        }
    }

    /// The edits that put back what can be put back, also of fields that hold it already.
    public let plan: EditPlan
    public let obstacles: [Obstacle]

    public init(plan: EditPlan, obstacles: [Obstacle] = []) {
        self.plan = plan
        self.obstacles = obstacles
    }

    /// The conflict that one obstacle is, with both sides; nil without any.
    func conflict(_ more: [String] = []) -> PromotionError? {
        guard let first = obstacles.first(where: { $0.cause == .changed }) ?? obstacles.first else { return nil }
        let place = first.field.isObject ? first.field.file : "\(first.field.file): \(first.field.field)"
        func told(_ value: String?) -> String { first.field.isObject ? "another state of it" : value ?? "nothing" }
        let message =
            switch first.cause {
            case .gone: "\(place) is not there any more"
            case .changed: "\(place) was changed by someone else since the promotion"
            case .shape: "\(place) cannot be put back byte for byte"
            }
        var causes = ["before the promotion it held \(told(first.field.new)), the promotion wrote \(told(first.written))"]
        if first.cause != .gone { causes.append("the tip of its branch now holds \(told(first.field.old))") }
        return PromotionError(
            .conflict, message, causes: causes + more, hint: "put it right by hand on its branch, or promote a registered version")
    }
}

extension FieldEdit {
    /// Which field of which file.
    var place: String { file + "#" + field }
}
