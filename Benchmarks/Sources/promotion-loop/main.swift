// Promotes in one process, and says how long each promotion took or what it left in memory.
//
//   promotion-loop register REPO FIRST COUNT VERSION     records that the versions exist
//   promotion-loop grow REPO RECORDS SERVICES            makes the ledger that long
//   promotion-loop promote REPO FIRST COUNT VERSION      prints microseconds and those of the processor, one promotion a line
//   promotion-loop memory REPO FIRST COUNT VERSION [N]   promotes N services in turn, to 0.VERSION, 1.VERSION…, and prints
//                                                        resident memory and libgit2 objects twenty times
//   promotion-loop through REPO FIRST COUNT VERSION      promotes through all four stages
//   promotion-loop idle REPO PASSES 0                    prints microseconds of each reconcile that finds nothing to do
//   promotion-loop read REPO 0 0                         reads and checks the whole ledger

import BenchmarkScene
import GitKit
import Glibc

func microseconds(_ clock: clockid_t = CLOCK_MONOTONIC) -> Int {
    var moment = timespec()
    clock_gettime(clock, &moment)
    return moment.tv_sec * 1_000_000 + moment.tv_nsec / 1_000
}

/// Prints how long something took, and how long this process had a processor meanwhile.
func timed(_ body: () throws -> Void) rethrows {
    let (start, work) = (microseconds(), microseconds(CLOCK_PROCESS_CPUTIME_ID))
    try body()
    print(microseconds() - start, microseconds(CLOCK_PROCESS_CPUTIME_ID) - work)
}

/// In KiB.
func residentMemory() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, 256, file) != nil else { return 0 }
    let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self).split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) / 1_024 : 0
}

func run(_ words: [String]) throws {
    guard words.count >= 4, let first = Int(words[2]), let count = Int(words[3]) else {
        complain("promotion-loop register|promote|memory|through REPO FIRST COUNT VERSION | grow REPO RECORDS SERVICES | idle REPO PASSES 0")
        exit(2)
    }
    let fleet = try Fleet(words[1])
    let version = words.count > 4 ? words[4] : "1.0.1"
    switch words[0] {
    case "register": try fleet.register(first..<first + count, version)
    case "grow": try fleet.grow(to: first, services: count)
    case "promote":
        for service in first..<first + count { try timed { try fleet.promote(service, version) } }
    case "memory":
        // Over and over through the same services: what grows then is not the repository.
        let services = words.count > 5 ? max(1, Int(words[5]) ?? 1) : 500
        for number in 0..<count {
            try fleet.promote(first + number % services, "\(number / services).\(version)")
            if (number + 1) % max(1, count / 20) == 0 {
                print("\(number + 1) promotions: \(residentMemory()) KiB, \(LibraryObjects.alive) libgit2 objects")
            }
        }
    case "through":
        for stage in ["dev", "qa", "staging", "prod"] {
            for service in first..<first + count { try fleet.promote(service, version, to: stage) }
        }
    case "idle":
        for _ in 0..<first { try timed { try fleet.reconcileIdle() } }
    case "read":
        let start = microseconds()
        let records = try fleet.readAll()
        print("\(records) records in \((microseconds() - start) / 1_000) ms, \(residentMemory()) KiB")
    default: exit(2)
    }
}

do {
    try run(Array(CommandLine.arguments.dropFirst()))
} catch {
    complain("promotion-loop: \(error)")
    exit(1)
}
