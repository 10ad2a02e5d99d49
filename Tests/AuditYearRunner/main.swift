import AuditYear
import Glibc

// audit-year PATH [CHANGES [SEED]]   writes a generated year of production changes into a new bare repository

let arguments = CommandLine.arguments.dropFirst()
guard let path = arguments.first, arguments.count <= 3 else {
    print("usage: audit-year PATH [CHANGES [SEED]]")
    exit(2)
}
let numbers = arguments.dropFirst().compactMap { Int($0) }
do {
    let writer = try YearWriter(at: path)
    try writer.write(YearPlan(changes: numbers.first ?? 2_000, seed: UInt64(numbers.dropFirst().first ?? 1)))
    print("\(writer.records) records and \(writer.commits) commits in \(path)")
} catch {
    print("audit-year: \(error)")
    exit(1)
}
