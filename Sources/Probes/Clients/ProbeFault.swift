/// Why a source could not be asked or understood, in one clause.
struct ProbeFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
