import Glibc

/// How much is run: a little with every test run, much with `scripts/soak.sh`.
enum Soak {
    static let isOn = getenv("GRADUS_SOAK") != nil

    static func count(_ few: Int, soak many: Int) -> Int { isOn ? many : few }
}
