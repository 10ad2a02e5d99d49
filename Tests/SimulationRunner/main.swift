import Glibc
import Simulation

// simulate --seeds FIRST..LAST [--whole]   plays all of them, stops at the first that breaks a rule, cut down unless whole
// simulate --seed N [--keep A,B,C]         plays one, or the parts of it with these numbers, and prints it with its ledger

// Exit codes: 0 no rule is broken, 1 a rule is broken, 2 usage.

func end(_ text: String, code: Int32) -> Never {
    print(text)
    exit(code)
}

var options: [String: String] = [:]
var rest = CommandLine.arguments.dropFirst()
while let name = rest.popFirst() { options[name] = name == "--whole" ? "" : rest.popFirst() ?? "" }

if let text = options["--seed"] {
    guard let seed = UInt64(text) else { end("'\(text)' is no seed", code: 2) }
    var script = Script(seed: seed)
    if let keep = options["--keep"] { script = script.kept(Set(keep.split(separator: ",").compactMap { Int($0) })) }
    print(script.text)
    print("the ledger then:")
    for line in Simulation.ledger(of: script) { print("  \(line)") }
    if let violation = Simulation.violation(in: script) { end("BROKEN: \(violation)", code: 1) }
    print("no rule is broken")
} else {
    let bounds = (options["--seeds"] ?? "1..200").split(separator: ".").compactMap { UInt64($0) }
    guard bounds.count == 2, bounds[0] <= bounds[1] else { end("--seeds takes FIRST..LAST", code: 2) }
    var summary = Simulation.Summary()
    for seed in bounds[0]...bounds[1] {
        let (broken, one) = Simulation.run(seed: seed, shrink: options["--whole"] == nil)
        if let broken { end("\(broken)", code: 1) }
        summary.add(one)
    }
    print("\(bounds[1] - bounds[0] + 1) seeds, \(summary.records) records, \(summary.commits) commits; no rule is broken")
    for (type, count) in summary.types.sorted(by: { $0.key < $1.key }) { print("  \(type) \(count)") }
}
