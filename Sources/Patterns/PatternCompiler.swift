/// One step of a compiled pattern.
enum Instruction: Sendable, Hashable {
    /// Takes one character.
    case take(CharacterSet)
    /// Goes on at both places; the first is preferred.
    case split(Int, Int)
    case jump(Int)
    /// Notes the position: 0 and 1 of the match, 2 and 3 of the first group.
    case note(Int)
    case assert(Assertion)
    case match
}

/// Turns a parsed pattern into instructions.
struct PatternCompiler {
    private var program: [Instruction] = []

    mutating func compile(_ node: PatternNode) throws(PatternError) -> [Instruction] {
        try emit(.note(0))
        try add(node)
        try emit(.note(1))
        try emit(.match)
        return program
    }

    @discardableResult
    private mutating func emit(_ instruction: Instruction) throws(PatternError) -> Int {
        guard program.count < PatternLimits.instructions else {
            throw PatternError("the pattern is too large when its counts are written out", at: 1)
        }
        program.append(instruction)
        return program.count - 1
    }

    private mutating func add(_ node: PatternNode) throws(PatternError) {
        switch node {
        case .empty: break
        case .character(let set): try emit(.take(set))
        case .assertion(let assertion): try emit(.assert(assertion))
        case .sequence(let parts): for part in parts { try add(part) }
        case .group(1, let inner):
            try emit(.note(2))
            try add(inner)
            try emit(.note(3))
        case .group(_, let inner): try add(inner)
        case .alternatives(let all): try add(alternatives: all)
        case .repeated(let inner, let least, let most, let isLazy):
            try add(inner, least: least, most: most, isLazy: isLazy)
        }
    }

    private mutating func add(alternatives all: [PatternNode]) throws(PatternError) {
        var ends: [Int] = []
        for (index, node) in all.enumerated() {
            guard index < all.count - 1 else {
                try add(node)
                break
            }
            let split = try emit(.split(0, 0))
            try add(node)
            ends.append(try emit(.jump(0)))
            program[split] = .split(split + 1, program.count)
        }
        for end in ends { program[end] = .jump(program.count) }
    }

    private mutating func add(_ inner: PatternNode, least: Int, most: Int?, isLazy: Bool) throws(PatternError) {
        for _ in 0..<least { try add(inner) }
        func choice(_ more: Int, _ enough: Int) -> Instruction { isLazy ? .split(enough, more) : .split(more, enough) }
        guard let most else {
            let split = try emit(.split(0, 0))
            try add(inner)
            try emit(.jump(split))
            program[split] = choice(split + 1, program.count)
            return
        }
        var splits: [Int] = []
        for _ in least..<max(least, most) {
            splits.append(try emit(.split(0, 0)))
            try add(inner)
        }
        for split in splits { program[split] = choice(split + 1, program.count) }
    }
}
