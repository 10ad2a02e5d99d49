/// Runs a compiled pattern over one text: all ways at once, character by character (Thompson's and Pike's construction,
/// https://swtch.com/~rsc/regexp/regexp2.html), so that no way is tried twice.
struct PatternSearch {
    /// What was found, as positions of scalars.
    struct Found {
        var whole: Range<Int>
        var group: Range<Int>?
    }

    /// One way through the pattern: where it stands, and what it noted.
    private struct Way {
        var instruction: Int
        var notes: Notes
    }

    private struct Notes {
        var start = -1
        var end = -1
        var groupStart = -1
        var groupEnd = -1

        mutating func set(_ slot: Int, _ position: Int) {
            switch slot {
            case 0: start = position
            case 1: end = position
            case 2:
                groupStart = position
                groupEnd = -1
            default: groupEnd = position
            }
        }
    }

    let scalars: [UInt32]
    private let indices: [String.Index]
    private let program: [Instruction]
    /// The step in which an instruction was last reached.
    private var reached: [Int]
    private var generation = 0
    private var steps = 0

    init(_ program: [Instruction], in text: String) {
        self.program = program
        scalars = text.unicodeScalars.map(\.value)
        indices = Array(text.unicodeScalars.indices) + [text.endIndex]
        reached = Array(repeating: 0, count: program.count)
    }

    func range(_ positions: Range<Int>) -> Range<String.Index> { indices[positions.lowerBound]..<indices[positions.upperBound] }

    /// The leftmost match that begins at `start` or later.
    mutating func run(from start: Int) throws(PatternError) -> Found? {
        var ways: [Way] = []
        var found: Notes?
        for position in start...scalars.count {
            generation += 1
            var now: [Way] = []
            for way in ways { try follow(way, at: position, into: &now) }
            // Only while nothing is found may a match begin later, and any way that began earlier comes first.
            if found == nil { try follow(Way(instruction: 0, notes: Notes()), at: position, into: &now) }
            ways = []
            for way in now {
                if case .match = program[way.instruction] {
                    found = way.notes
                    // What stands behind it is less preferred.
                    break
                }
                guard position < scalars.count, case .take(let set) = program[way.instruction], set.contains(scalars[position])
                else { continue }
                ways.append(Way(instruction: way.instruction + 1, notes: way.notes))
            }
            if ways.isEmpty, found != nil { break }
        }
        return found.map { notes in
            Found(whole: notes.start..<notes.end, group: notes.groupEnd < 0 ? nil : notes.groupStart..<notes.groupEnd)
        }
    }

    /// Adds every place that a way leads to without taking a character, the preferred first.
    private mutating func follow(_ way: Way, at position: Int, into ways: inout [Way]) throws(PatternError) {
        var open = [way]
        while var next = open.popLast() {
            guard reached[next.instruction] != generation else { continue }
            reached[next.instruction] = generation
            steps += 1
            guard steps <= PatternLimits.steps else {
                throw PatternError("the search takes more than \(PatternLimits.steps) steps", at: 0)
            }
            switch program[next.instruction] {
            case .take, .match: ways.append(next)
            case .jump(let target): open.append(Way(instruction: target, notes: next.notes))
            case .split(let first, let second):
                open.append(Way(instruction: second, notes: next.notes))
                open.append(Way(instruction: first, notes: next.notes))
            case .note(let slot):
                next.notes.set(slot, position)
                open.append(Way(instruction: next.instruction + 1, notes: next.notes))
            case .assert(let assertion):
                if holds(assertion, at: position) { open.append(Way(instruction: next.instruction + 1, notes: next.notes)) }
            }
        }
    }

    private func holds(_ assertion: Assertion, at position: Int) -> Bool {
        switch assertion {
        case .textStart: return position == 0
        case .textEnd: return position == scalars.count
        case .lineStart: return position == 0 || scalars[position - 1] == 0x0A
        case .lineEnd: return position == scalars.count || scalars[position] == 0x0A
        case .wordBoundary, .noWordBoundary:
            let before = position > 0 && CharacterSet.isWord(scalars[position - 1])
            let after = position < scalars.count && CharacterSet.isWord(scalars[position])
            return (before != after) == (assertion == .wordBoundary)
        }
    }
}
